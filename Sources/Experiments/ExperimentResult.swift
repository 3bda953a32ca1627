public import Dataset
public import Evaluation
import Foundation
public import Judging
import Training

/// What came of an experiment.
public struct ExperimentResult: Sendable {
  /// What an arm answered under one hearing, over all sets that were asked.
  public struct Answers: Sendable {
    public var hearing: Hearing
    public var answered: [Answered]
    public var table: ScoreTable
  }

  /// A training that an arm is made of.
  struct Stretch: Equatable {
    var name: String
    /// Of its own, in seconds.
    var seconds: Double
    /// Whether an arm before this one trained it.
    var isShared: Bool
  }

  public struct Arm: Sendable {
    public var name: String
    /// One for each hearing, in their order.
    public var answers: [Answers]
    /// In the order they were trained.
    var stretches: [Stretch]
    var curve: LearningCurve?
    /// Of answering, in seconds.
    var answeringSeconds: Double

    /// Of the trainings that an arm before this one did, in seconds.
    var sharedSeconds: Double { stretches.filter(\.isShared).reduce(0) { $0 + $1.seconds } }

    public func answers(_ hearing: Hearing) -> Answers? { answers.first { $0.hearing == hearing } }
  }

  /// An arm that was not run, and why.
  public struct Omission: Sendable, Equatable {
    public var arm: String
    public var reason: String
  }

  /// An expectation, and whether it came true.
  public struct Outcome: Sendable, Equatable {
    public var expectation: Expectation
    public var isMet: Bool
    /// As a sentence.
    public var text: String
  }

  public let experiment: Experiment
  /// All questions that were asked, each named by its set in the attribute `set` where there are several.
  public internal(set) var items: [BenchmarkItem] = []
  /// Those that were run, in the order of the file.
  public internal(set) var arms: [Arm] = []
  public internal(set) var omissions: [Omission] = []
  public internal(set) var sets: [SetSummary] = []
  /// Whether all of it was there before.
  public internal(set) var isUpToDate = true

  init(_ experiment: Experiment) { self.experiment = experiment }

  mutating func add(_ arm: String, _ answers: AnswerCollection, stretches: [Stretch], curve: LearningCurve?) {
    if items.isEmpty { items = answers.items }
    arms.append(
      Arm(name: arm, answers: answers.hearings, stretches: stretches, curve: curve, answeringSeconds: answers.seconds))
  }

  mutating func leaveOut(_ arm: String, because reason: String) {
    omissions.append(Omission(arm: arm, reason: reason))
  }

  /// The rule by which arms are compared.
  public static let rule = AnswerRule.mmau

  /// Two arms under one hearing, by ``rule``; nil where they share no item.
  public func comparison(_ first: Arm, _ second: Arm, _ hearing: Hearing) -> RunComparison? {
    guard let one = first.answers(hearing), let other = second.answers(hearing) else { return nil }
    return RunComparison(one.answered, other.answered, by: Self.rule, recordings: recordings)
  }

  /// Two hearings of one arm.
  public func comparison(_ arm: Arm, _ first: Hearing, _ second: Hearing) -> RunComparison? {
    guard let one = arm.answers(first), let other = arm.answers(second) else { return nil }
    return RunComparison(one.answered, other.answered, by: Self.rule, recordings: recordings)
  }

  /// What items' sounds were cut from, by the items' ids; nil where no item tells.
  private var recordings: [String: String]? {
    let known = items.compactMap { item in item.recording.map { (item.id, $0) } }
    return known.isEmpty ? nil : Dictionary(known, uniquingKeysWith: { first, _ in first })
  }

  /// What was expected, in the order of the file. An arm that was not run meets nothing.
  public var outcomes: [Outcome] { experiment.expectations.map(outcome) }

  private func outcome(_ expectation: Expectation) -> Outcome {
    let name = "\(expectation.arm), \(expectation.hearing)"
    let arm = arms.first { $0.name == expectation.arm }
    let answers = Hearing(rawValue: expectation.hearing).flatMap { arm?.answers($0) }
    guard let total = answers?.table.total, let score = total.score(Self.rule) else {
      return Outcome(expectation: expectation, isMet: false, text: "\(name): was not measured.")
    }
    let (share, chance) = (score.share, total.baselines.random)
    switch expectation.bound {
    case .atLeast(let least):
      let isMet = share >= least
      return Outcome(
        expectation: expectation, isMet: isMet,
        text:
          "\(name): \(percent(share)), \(isMet ? "at least" : "less than the") \(percent(least))\(isMet ? "" : " expected")."
      )
    case .nearChance(let most):
      let isMet = abs(share - chance) <= most
      return Outcome(
        expectation: expectation, isMet: isMet,
        text:
          "\(name): \(percent(share)), \(isMet ? "within" : "more than") \(percent(most)) of chance, which is \(percent(chance))."
      )
    }
  }
}

func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
