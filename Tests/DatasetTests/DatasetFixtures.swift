import Foundation

@testable import Dataset

/// A file of `Tests/Fixtures`.
func fixture(_ name: String, testFile: String = #filePath) throws -> [UInt8] {
  let tests = URL(fileURLWithPath: testFile).deletingLastPathComponent().deletingLastPathComponent()
  return [UInt8](try Data(contentsOf: tests.appendingPathComponent("Fixtures/\(name)")))
}

/// The folder of real data, where there is one.
let realData = ProcessInfo.processInfo.environment["EARSHOT_TEST_DATA"]

/// A folder for one test, gone afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("earshot-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// The generator of Steele, Lea and Flood (OOPSLA 2014), for random inputs that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

func question(
  _ stem: String = "Which sound is heard first?", _ choices: [String] = ["dog", "cat", "bird", "cow"],
  evidence: String = ""
) -> WrittenQuestion {
  WrittenQuestion(stem: stem, correct: choices[0], distractors: Array(choices.dropFirst()), evidence: evidence)
}

/// A file of the real data.
func bytes(ofData name: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: realData!).appendingPathComponent(name)))
}
