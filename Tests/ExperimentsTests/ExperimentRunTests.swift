import Dataset
import Evaluation
import Foundation
import Judging
import Testing
import Training

@testable import Experiments

@Suite(.serialized) struct ExperimentRunTests {
  private let place: ExperimentPlace

  init() throws { place = try ExperimentPlace() }

  @Test func armsAreTrainedOnceAndAskedTheSameQuestions() async throws {
    let (result, told) = try await place.run(place.experiment())

    #expect(told.filter { $0.hasPrefix("training") } == ["training sft", "training grpo"])
    #expect(result.arms.map(\.name) == ["base", "sft", "grpo"])
    #expect(result.items.count == 8)
    for arm in result.arms {
      #expect(arm.answers.map(\.hearing) == [.audio, .silence])
      #expect(arm.answers.allSatisfy { $0.answered.map(\.id) == result.items.map(\.id) })
    }
    #expect(result.arms[1].stretches.map(\.isShared) == [false])
    #expect(result.arms[2].stretches.map(\.isShared) == [true, false])
    #expect(!result.isUpToDate)
    #expect(result.orderings.count == 3)
    let page = try String(contentsOfFile: place.folder.report + "/report.html", encoding: .utf8)
    #expect(page.contains("grpo") && page.contains("at random"))
  }

  @Test func doneAgainItDoesNothingAndSaysSo() async throws {
    let experiment = try place.experiment()
    _ = try await place.run(experiment)
    let before = try place.files()

    let (result, told) = try await place.run(experiment)

    #expect(result.isUpToDate)
    #expect(told.filter { $0.hasPrefix("training") } == ["training sft done", "training grpo done"])
    let after = try place.files()
    #expect(after.keys.sorted() == before.keys.sorted())
    for (name, data) in before { #expect(after[name] == data, "\(name)") }
  }

  @Test func aChangeDoesAgainWhatDependsOnIt() async throws {
    _ = try await place.run(place.experiment())
    let base = try place.files().filter { $0.key.hasPrefix("evaluation/base") }

    let (result, told) = try await place.run(place.experiment(overrides: ["grpo.steps=3"]))

    #expect(told.contains("training sft done") && told.contains("training grpo"))
    #expect(told.contains { $0.contains("what it is trained with changed") })
    #expect(!result.isUpToDate)
    let after = try place.files()
    for (name, data) in base { #expect(after[name] == data, "\(name)") }
  }

  @Test func anArmThatTheSetHasNoRowsForIsListedAsNotRun() async throws {
    let experiment = try place.experiment(
      arms: "strong: {phases: [sft], rows: strong}\n  strong-grpo: {phases: [sft, grpo], rows: strong}")

    let (result, _) = try await place.run(experiment)

    #expect(result.arms.map(\.name) == ["base", "sft", "grpo"])
    #expect(result.omissions.map(\.arm).sorted() == ["strong", "strong-grpo"])
    #expect(result.omissions.allSatisfy { $0.reason.contains("no row says whether its sound is needed") })
  }

  @Test(arguments: [("train", 0..<1), ("dev", 8..<10)])
  func whatAnArmLearnsFromIsNotAskedOfIt(part: String, numbers: Range<Int>) async throws {
    try place.append(numbers, to: "test")

    let error = await #expect(throws: ExperimentError.self) { try await place.run(place.experiment()) }

    guard case .asksWhatWasLearned("sft", let shared) = error else { return #expect(Bool(false), "\(part): \(error!)") }
    #expect(shared.count == numbers.count)
    #expect(shared.first.hasSuffix("/\(numbers.lowerBound).wav"))
    #expect("\(error!)".contains("take them out"))
    #expect(try place.files().keys.allSatisfy { !$0.hasPrefix("training/") })
  }

  @Test func soundsThatAreNotThereAreCountedAndNamed() async throws {
    try FileManager.default.removeItem(atPath: place.path + "/13.wav")

    let (result, told) = try await place.run(place.experiment())

    #expect(told.contains { $0.contains("a: 1 of 8 sounds") && $0.hasSuffix("13.wav") })
    #expect(result.arms[0].answers(.audio)?.table.total?.items == 7)
  }

  @Test func whatWasExpectedIsHeldAgainstWhatCame() async throws {
    let rest = "expect:\n  sft:\n    audio: {at_least: 0, near_chance: 100}\n    silence: {at_least: 100}"
    let (result, _) = try await place.run(place.experiment(rest: rest))

    #expect(result.outcomes.map(\.isMet) == [true, true, false])
    #expect(result.outcomes[2].text.contains("less than the 100.0 % expected"))
  }

  @Test func armsThatAreTrainedWithoutSoundAreAskedWithIt() async throws {
    let (result, _) = try await place.run(place.experiment(arms: "text: {phases: [sft], hears: none}"))

    #expect(result.arms.last?.answers(.audio)?.table.total?.items == 8)
  }
}
