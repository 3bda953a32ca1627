import Foundation
import Testing

@testable import Training

@Suite struct ForkTests {
  private let place: RunPlace

  init() throws { place = try RunPlace() }

  @Test(arguments: [false, true]) func aRunThatGoesOnFromAnotherEndsAsOneThatDidAllItself(isAdapter: Bool) throws {
    let part = isAdapter ? TrainedPart.tinyAdapters : TrainedPart()
    let first = TrainingSettings.tiny(place, part: part, .sft(steps: 4))
    let both = TrainingSettings.tiny(place, part: part, .sft(steps: 4), try .grpo(steps: 2))
    _ = try place.run(both, in: "whole")
    _ = try place.run(first, in: "first")

    try place.folder("first").fork(to: place.folder("second"))
    _ = try place.run(both, in: "second", resuming: true)

    let (whole, second) = (try place.outcome("whole"), try place.outcome("second"))
    #expect(whole.keys.sorted() == second.keys.sorted())
    for (name, bytes) in whole { #expect(second[name] == bytes, "\(name)") }
  }

  @Test func aForkIsWholeOrNotThere() throws {
    let nothing = place.folder("nothing")

    #expect(throws: TrainerFileError.self) { try nothing.fork(to: place.folder("second")) }
    #expect(!FileManager.default.fileExists(atPath: place.folder("second").path))
  }

  @Test func twoRunsMayHaveTheFeaturesOfOneFolder() {
    let folder = TrainingFolder(path: "a", features: "shared")

    #expect(folder.features == "shared")
    #expect(TrainingFolder(path: "a").features == "a/features")
  }
}
