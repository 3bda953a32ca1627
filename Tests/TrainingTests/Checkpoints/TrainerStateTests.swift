import Foundation
import Testing

@testable import Training

@Suite struct TrainerStateTests {
  private let folder = TrainerFolder()

  private static var state: TrainerState {
    var state = TrainerState(
      digests: .init(model: "aa", data: "bb", settings: "cc"), step: 100, phase: "grpo", consumedExamples: 2_400,
      seed: .max, best: .init(score: 0.1 + 0.2, step: 80))
    state.counters = ["skipped": 3, "below": -1]
    state.values = [
      "tiny": .leastNonzeroMagnitude, "third": 1.0 / 3, "minus zero": -0.0, "none": .nan, "endless": -.infinity,
      "large": 1e300,
    ]
    state.words = ["random": [0, .max, 1 << 63], "none": []]
    return state
  }

  private func read(_ text: String) throws -> TrainerState {
    try folder.write(text, to: "state.json")
    return try TrainerState(file: folder("state.json"))
  }

  @Test func everythingIsReadBackToTheBit() throws {
    let state = Self.state

    let read = try read(state.text)

    #expect(read.values.mapValues(\.bitPattern) == state.values.mapValues(\.bitPattern))
    #expect(read.best == state.best && read.words == state.words && read.counters == state.counters)
    #expect(read.seed == .max && read.step == 100 && read.consumedExamples == 2_400 && read.phase == "grpo")
    #expect(read.digests == state.digests)
    #expect(read.text == state.text)
  }

  @Test func theTextIsStable() {
    let state = TrainerState(
      digests: .init(model: "aa", data: "bb", settings: "cc"), step: 7, phase: "sft", consumedExamples: 56, seed: 1)
    #expect(
      state.text == """
        {
          "version": 1,
          "step": 7,
          "phase": "sft",
          "consumed_examples": 56,
          "seed": "1",
          "best": null,
          "digests": {
            "data": "bb",
            "model": "aa",
            "settings": "cc"
          },
          "counters": {},
          "values": {},
          "words": {}
        }

        """)
  }

  @Test(arguments: TrainerFileError.RunPart.allCases)
  func aRunIsNotResumedWithOtherParts(_ part: TrainerFileError.RunPart) throws {
    var digests = Self.state.digests
    switch part {
    case .model: digests.model = "x"
    case .data: digests.data = "x"
    case .settings: digests.settings = "x"
    }
    #expect(throws: TrainerFileError.otherRun(file: "f", part)) { try Self.state.check(digests, file: "f") }
    try Self.state.check(Self.state.digests, file: "f")
    #expect(
      "\(TrainerFileError.otherRun(file: "f", .data))"
        == "f: the run had other data. Resume with the same, or start anew in another folder.")
  }

  @Test(arguments: [
    (#""version": 1"#, #""version": 2"#, "written by a later version of Earshot (format 2)."),
    (#""step": 100"#, #""step": -1"#, "step has to be a count."),
    (#""step": 100"#, #""step": 1e99"#, "step has to be a count."),
    (#""step": 100"#, #""step": 99999999999999999999"#, "step has to be a count."),
    (
      #""seed": "18446744073709551615""#, #""seed": "18446744073709551616""#, "seed has to be a whole number below 2^64"
    ),
    (#""seed": "18446744073709551615""#, #""seed": 5"#, "seed has to be a whole number below 2^64"),
    (#""tiny": 5e-324"#, #""tiny": 1e999"#, "values.tiny has to be a number"),
    (#""none": "0x7ff8000000000000""#, #""none": "0x""#, "values.none has to be a number"),
    (#""skipped": 3"#, #""skipped": 3.5"#, "counters.skipped has to be a whole number."),
    (#""phase": "grpo""#, #""phase": null"#, "phase has to be a text."),
    (#""words": {"#, #""words": [{"#, "JSON"),
    (#""words": {"#, #""words": {"a": ["x"],"#, "words.a has to be a list of whole numbers"),
    (#""digests": {"#, #""digests2": {"#, "digests has to be an object."),
  ])
  func anAlteredStateIsRefusedByName(_ old: String, _ new: String, _ expected: String) throws {
    let text = Self.state.text
    try #require(text.contains(old))

    let message = folder.message { _ = try read(text.replacingOccurrences(of: old, with: new)) }

    #expect(message.hasPrefix("DIR/state.json: ") && message.contains(expected), "\(message)")
  }

  @Test func aStateCutAnywhereIsRefused() throws {
    let bytes = Array(Self.state.text.utf8)
    for length in 0..<bytes.count - 2 {
      try folder.write(Array(bytes[..<length]), to: "state.json")
      #expect(throws: TrainerFileError.self) { try TrainerState(file: folder("state.json")) }
    }
  }

  @Test func alteredBytesNeverCrash() throws {
    var random = ScatteredNumbers(seed: 1)
    for _ in 0..<500 {
      var bytes = Array(Self.state.text.utf8)
      for _ in 0..<3 { bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random) }
      try folder.write(bytes, to: "state.json")
      _ = try? TrainerState(file: folder("state.json"))
    }
  }
}
