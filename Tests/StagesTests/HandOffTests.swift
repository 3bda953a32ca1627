import Dataset
import Foundation
import Testing

@testable import Stages

@Suite struct HandOffTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "hand-off-\(UUID().uuidString)").path

  private func write(_ format: ExportFormat) throws -> HandOff {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let handOff = try #require(HandOff.of(format))
    try handOff.write(to: folder, questions: 312)
    return handOff
  }

  @Test(arguments: HandOff.formats)
  func theFolderHasTheRewardsTheLaunchAndAGuide(format: ExportFormat) throws {
    let handOff = try write(format)
    defer { try? FileManager.default.removeItem(atPath: folder) }

    #expect(
      Set(try FileManager.default.contentsOfDirectory(atPath: folder)) == Set(handOff.parts.map(\.path) + ["README.md"])
    )
    let readme = try String(contentsOfFile: folder + "/README.md", encoding: .utf8)
    #expect(readme.contains("312 questions in `data`"))
    for program in handOff.parts where program.isProgram {
      #expect(FileManager.default.isExecutableFile(atPath: "\(folder)/\(program.path)"))
      #expect(readme.contains("./\(program.path)"))
    }
    #expect(handOff.parts.contains { $0.isProgram } && handOff.parts.contains { $0.path == "rewards.py" })
  }

  @Test(arguments: HandOff.formats)
  func launchesAreWellFormedForTheShell(format: ExportFormat) throws {
    let handOff = try write(format)
    defer { try? FileManager.default.removeItem(atPath: folder) }

    for program in handOff.parts where program.isProgram {
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/bash")
      shell.arguments = ["-n", "\(folder)/\(program.path)"]
      try shell.run()
      shell.waitUntilExit()
      #expect(shell.terminationStatus == 0)
    }
  }

  @Test func anEarlierFolderIsReplacedAndFormatsOfNoTrainerHaveNone() throws {
    _ = try write(.trl)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "broken".write(toFile: folder + "/rewards.py", atomically: true, encoding: .utf8)
    _ = try write(.trl)

    #expect(try String(contentsOfFile: folder + "/rewards.py", encoding: .utf8).hasPrefix("\"\"\"Rewards for answers"))
    #expect(HandOff.of(.jsonl) == nil)
  }
}
