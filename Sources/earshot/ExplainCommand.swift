import ArgumentParser
import Pipelines
import Stages
import Store

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show where a question comes from: file, samples, captions, request, raw answer, verdicts, duplicates.")

  @Argument(help: "The run's folder, such as runs/quickstart.", completion: .directory)
  var runDir: String

  @Argument(help: "The question's id, as in an export.")
  var questionID: String

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let store = try RunStore(reading: RunFolder(path: runDir).database)
    let explanation = try Explanation(of: questionID, in: store)
    printResult(json ? jsonLine(explanation, pretty: true) : Self.text(explanation))
  }

  private static func text(_ explanation: Explanation) -> String {
    let shown = explanation.choices ?? [explanation.correct] + explanation.distractors
    let choices = zip("ABCDEFGH", shown).map { letter, choice in
      "  \(choice == explanation.correct ? "*" : " ") \(letter). \(choice)"
    }
    var parts = [
      "question  \(explanation.id)\n\(explanation.question)\n" + choices.joined(separator: "\n"),
      "verdict   \(explanation.verdict)" + (explanation.detail.map { "\n\($0)" } ?? "")
        + (explanation.duplicateOf.map { duplicate(of: $0, explanation.similarity) } ?? ""),
      "evidence  \(explanation.evidence)",
      "clip      \(explanation.clip), \(Quantity.duration(explanation.seconds)), split \(explanation.split ?? "none")\n"
        + "samples   SHA-256 \(explanation.samplesSHA256)\n"
        + "labels    \(explanation.labels.joined(separator: "; "))\n"
        + (explanation.trust.map { "trust     \(Quantity.fixed($0, 2))\n" } ?? "")
        + explanation.contradictions.map { "against   \($0)\n" }.joined()
        + explanation.sources.map { "file      \($0)" }.joined(separator: "\n"),
    ]
    if let place = explanation.importedFrom { parts.append("imported  \(place)") }
    parts += explanation.captions.map { caption in
      "caption by \(caption.captioner)\n\(caption.text)" + caption.background.map { "\n\($0)" }.joined()
    }
    if let key = explanation.requestKey {
      parts.append("request   \(key)\n\(explanation.request ?? "not stored")")
    }
    if let response = explanation.response {
      parts.append("response  status \(explanation.responseStatus ?? 0)\n\(response)")
    }
    if !explanation.siblings.isEmpty {
      parts.append("others of the same answer\n" + explanation.siblings.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n")
  }

  private static func duplicate(of survivor: String, _ similarity: Double?) -> String {
    "\nrepeats \(survivor)" + (similarity.map { ", similarity \(Quantity.percent($0))" } ?? "")
  }
}

extension Explanation.Caption {
  /// What is known of where the caption comes from, a line each.
  fileprivate var background: [String] {
    [
      facts,
      model.map { "model     \($0)" + (revision.map { ", revision \($0)" } ?? "") },
      promptSHA256.map { "prompt    \(prompt ?? "unknown"), SHA-256 \($0)" },
      sampling.map { "sampling  \($0)" },
      meanLogProbability.map { "log-prob  \($0) a token" },
      origin.map { "origin    \($0)" },
      requestKey.map { "request   \($0)" },
      remark.map { "remark    \($0)" },
    ].compactMap(\.self)
  }
}
