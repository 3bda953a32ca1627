public import ArgumentParser
import Dataset
import Evaluation
public import Judging

/// What `eval` asks, and how.
struct EvalOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The test set: JSON, or JSON lines.", valueName: "file"), completion: .file())
  var data: String

  @Option(
    help: ArgumentHelp(
      "The set's format: \(BenchmarkFormat.allCases.map(\.rawValue).joined(separator: ", ")). Left out: each row tells.",
      valueName: "format"))
  var format: BenchmarkFormat?

  @Option(
    help: ArgumentHelp(
      "Where the sounds are; give the option again for more folders. Left out: beside the file.", valueName: "dir"),
    completion: .directory)
  var audioRoot: [String] = []

  @Option(
    help: ArgumentHelp(
      "What is heard: \(Hearing.allCases.map(\.rawValue).joined(separator: ", ")); several with commas between.",
      valueName: "hearing"))
  var hearing = "audio"

  @Option(
    help: ArgumentHelp("For --hearing captions: captions by id or file. Left out: the rows' own.", valueName: "file"))
  var captions: String?

  @Option(
    help: """
      generate: the model writes its answer; likelihood: the most probable choice; mean: by the mean over its tokens; \
      calibrated: less its probability without the sound.
      """)
  var way = AnsweringWay.generate

  @Option(help: ArgumentHelp("A prompt file (prompts/ask-*.md). Left out: ask-omni-r1.", valueName: "file"))
  var prompt: String?

  @Option(help: ArgumentHelp("Show the choices in this many orders.", valueName: "n"))
  var orders = 1

  @Option(
    help: ArgumentHelp(
      "Ask the items of this task (or skill, category, type) only; give the option again for more.",
      valueName: "task"))
  var task: [String] = []

  @Option(help: ArgumentHelp("Ask this many items, spread evenly over the set.", valueName: "n"))
  var limit: Int?

  @Option(
    help: ArgumentHelp("The folder of the result (default: runs/eval-NAME of the test set).", valueName: "dir"),
    completion: .directory)
  var output: String?

  @Option(
    help: "Where the answer stands: whole output, or answer-tag. Left out: in <answer> if the prompt asks for that.")
  var extract: Answered.Extraction?

  @Option(help: "What becomes of items whose sound cannot be read: left-out of the scores, or wrong.")
  var missing = EvalMissing.leftOut

  @Option(help: "The rule whose scores come first. Left out: the test set's own.")
  var rule: AnswerRule?

  @Option(
    help: ArgumentHelp("Answers that are written together; changes nothing but speed and memory.", valueName: "n"))
  var batch = 8

  @Flag(help: "Set a result that is there aside, and begin anew.")
  var restart = false

  func validate() throws {
    if orders < 1 || orders > 1_000 { throw ValidationError("--orders must be between 1 and 1000.") }
    if batch < 1 || batch > 32 { throw ValidationError("--batch must be between 1 and 32.") }
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
    if let output, output.allSatisfy(\.isWhitespace) { throw ValidationError("--output names no folder.") }
    _ = try hearings()
  }

  /// Each once, in the order given.
  func hearings() throws -> [Hearing] {
    var hearings: [Hearing] = []
    for name in hearing.split(separator: ",").map({ $0.trimmingPrefix(/\ +/) }) {
      guard let known = Hearing(rawValue: String(name)) else {
        let all = Hearing.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--hearing: '\(name)' is none of \(all).")
      }
      if !hearings.contains(known) { hearings.append(known) }
    }
    guard !hearings.isEmpty else { throw ValidationError("--hearing names nothing.") }
    return hearings
  }
}

extension AnsweringWay: ExpressibleByArgument {}

enum EvalMissing: String, CaseIterable, ExpressibleByArgument {
  case leftOut = "left-out"
  case wrong
}
