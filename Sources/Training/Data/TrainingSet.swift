public import Audio
public import Dataset
import Foundation
import Models

/// What a phase does with its examples.
public enum ExampleUse: String, Sendable {
  /// Supervised training, which needs targets.
  case teaching
  /// Sampling and scoring, which needs solutions.
  case rewarding
  /// Preference pairs, which needs two answers.
  case preferring
}

/// Rows that can be used in a phase, as examples on demand.
public struct TrainingSet: Sendable {
  /// Why rows of a set are left out, and how many.
  public struct LeftOut: Sendable, Equatable {
    public var reason: String
    public var count: Int
  }

  /// In the order of the files.
  public private(set) var questions: [ImportedQuestion]
  public let composer: ExampleComposer
  /// Sorted by reason.
  public let leftOut: [LeftOut]

  /// The rows that have what the use needs. Composes each once, so that a prompt that does not fit is found now.
  public init(_ questions: [ImportedQuestion], composer: ExampleComposer, use: ExampleUse) throws {
    var kept: [ImportedQuestion] = []
    var reasons: [String: Int] = [:]
    var described: Set<AudioReference> = []
    for question in questions {
      let example = try composer.example(question, epoch: 0)
      if let reason = Self.obstacle(question, example, composer, use) {
        reasons[reason, default: 0] += 1
      } else if composer.form.describes, let audio = example.audio, !described.insert(audio).inserted {
        reasons["its sound is described by another row", default: 0] += 1
      } else {
        kept.append(question)
      }
    }
    self.questions = kept
    self.composer = composer
    leftOut = reasons.sorted { $0.key < $1.key }.map { LeftOut(reason: $0.key, count: $0.value) }
  }

  public var count: Int { questions.count }

  /// Takes the rows out for which `isOut` holds.
  mutating func remove(where isOut: (ImportedQuestion) -> Bool) { questions.removeAll(where: isOut) }

  /// The example of a row in an epoch, both from 0.
  public func example(_ index: Int, epoch: Int) throws -> TrainingExample {
    try composer.example(questions[index], epoch: epoch)
  }

  /// All sounds of the set, each once for every row.
  public var sounds: [AudioReference] {
    guard composer.audio == .audio || composer.audio == .silence else { return [] }
    return questions.compactMap { question in
      question.audio.map { AudioReference(path: $0, start: question.start, duration: question.duration) }
    }
  }

  /// Changes with everything that changes an example.
  public var digest: String {
    let rows = questions.map(\.digest)
    let way = [
      composer.prompt.name, composer.prompt.digest, composer.audio.rawValue, composer.form.rawValue,
      "\(composer.shufflesChoices) \(composer.replacesVideo) \(composer.rejectsDistractor) \(composer.seed)",
    ]
    return ContentID.make(domain: "earshot training set 2", way + rows + soundSizes)
  }

  /// The size of each row's file, in bytes, where it is heard: a sound that was changed under its name shows.
  private var soundSizes: [String] {
    var known: [String: String] = [:]
    return sounds.map { sound in
      if let size = known[sound.path] { return size }
      let size =
        (try? FileManager.default.attributesOfItem(atPath: sound.path)[.size] as? Int).map { "\($0)" } ?? "none"
      known[sound.path] = size
      return size
    }
  }

  private static func obstacle(
    _ question: ImportedQuestion, _ example: TrainingExample, _ composer: ExampleComposer, _ use: ExampleUse
  ) -> String? {
    let form = composer.form
    if !form.describes && question.question.isEmpty && (composer.prompt.showsQuestion || example.target == nil) {
      return "it has no question"
    }
    switch use {
    case .teaching:
      if example.target != nil { return nil }
      return question.answer == nil && !form.describes ? "its answer is not known" : "it has no '\(form.rawValue)'"
    case .rewarding: return example.solution.isEmpty ? "its answer is not known" : nil
    case .preferring: return example.target == nil || example.rejected == nil ? "it has no pair of answers" : nil
    }
  }
}
