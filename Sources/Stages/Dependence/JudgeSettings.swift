import Chat
import Dataset
import Judging
import Models
import Pipelines

/// One judge of the `dependence` section: who answers, how, and what is heard in the sound's place.
struct JudgeSettings: Sendable {
  enum Kind: Sendable {
    /// What the set itself teaches; see `TextOnlyClassifier`.
    case classifier
    case endpoint(JudgeEndpoint)
    case model(JudgeModel)
  }

  let name: String
  let kind: Kind
  /// In the order of ``Hearing``'s cases.
  let hears: [Hearing]
  /// How often each order of the choices is answered.
  let samples: Int
  let prompts: AskPrompts

  static let heard: [Hearing] = [.audio, .silence, .noise, .swap, .none]

  init(_ name: String, in stage: Section) throws {
    self.name = name
    let section = stage.section(name)
    let kinds = ["classifier", "endpoint", "model"]
    let kind = try section.choice(
      "judge", of: kinds, default: section.has("endpoint") ? "endpoint" : section.has("model") ? "model" : "classifier")
    guard kind != "classifier" else {
      (self.kind, hears, samples, prompts) = (.classifier, [.none], 1, AskPrompts())
      return
    }
    let words = try section.choices("hears", of: Self.heard.map(\.rawValue), default: [Hearing.none.rawValue])
    hears = Self.heard.filter { words.contains($0.rawValue) }
    guard !hears.isEmpty else { throw section.badValue("hears", wanted: "a list with something in it") }
    samples = try section.int("samples", in: 1...64, default: 1)
    prompts = AskPrompts(try section.optionalPath("prompt").map { try QuestionPrompt(path: $0) })
    if kind == "endpoint" {
      self.kind = .endpoint(try JudgeEndpoint(section, samples: samples, hears: hears))
    } else {
      self.kind = .model(try JudgeModel(section, samples: samples, prompts: prompts, hears: hears))
    }
  }

  /// Everything about the judge that could change an answer, beside the question.
  var identity: [String: String] {
    switch kind {
    case .classifier: ["judge": "classifier", "version": "\(DependenceClassifier.version)"]
    case .endpoint(let endpoint): endpoint.identity.merging(prompts.identity(of: [.choice])) { own, _ in own }
    case .model(let model): model.identity
    }
  }

  /// What of it shows in the stage's results.
  var parts: [String: String] {
    var parts = identity
    parts["hears"] = hears.map(\.rawValue).joined(separator: ", ")
    if samples > 1 { parts["samples"] = "\(samples)" }
    return parts
  }
}
