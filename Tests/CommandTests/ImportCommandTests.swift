import Foundation
import Testing

@Suite struct ImportCommandTests {
  private func text(_ place: Workplace, _ name: String) throws -> String {
    try String(contentsOfFile: "\(place.path)/\(name)", encoding: .utf8)
  }

  @Test func anExportComesBackAndMergesWithItsRun() async throws {
    let place = try Workplace()
    let made = try await Program.run(
      ["run", Workplace.quickstart, "--limit", "12", "--into", "own"], in: place.path)

    let imported = try await Program.run(["import", "own/export/r1-aqa", "--into", "theirs"], in: place.path)
    let out = try await Program.run(["export", "theirs", "--format", "r1-aqa", "--to", "out"], in: place.path)
    let merged = try await Program.run(
      ["merge", "own", "own/export/jsonl", "--into", "both", "--json"], in: place.path)
    let again = try await Program.run(["import", "--into", "theirs"], in: place.path)

    #expect([made, imported, out, merged, again].map(\.status) == [0, 0, 0, 0, 0])
    #expect(imported.err.contains("import    ") && imported.out.contains("  from      r1-aqa: "))
    for split in ["train", "dev", "test"] {
      #expect(try text(place, "out/\(split).jsonl") == text(place, "own/export/r1-aqa/\(split).jsonl"))
      #expect(try text(place, "both/export/jsonl/\(split).jsonl") == text(place, "own/export/jsonl/\(split).jsonl"))
    }
    let report = try #require(try JSONSerialization.jsonObject(with: Data(merged.out.utf8)) as? [String: Any])
    let sets = try #require(report["sets"] as? [[String: Any]])
    #expect(sets.map { $0["set"] as? String } == ["own", "jsonl"])
    #expect(sets[1]["repeats"] as? Int == sets[0]["accepted"] as? Int && sets[1]["accepted"] as? Int == 0)
    let status = try await Program.run(["status", "theirs"], in: place.path)
    #expect(status.out.contains("import ") && status.status == 0)
  }

  @Test(
    arguments: [
      (["import", "nowhere", "--into", "r"], Int32(66), "there is no such file or folder"),
      (["import", ".", "--into", "r"], 65, "no file in it that could hold questions"),
      (["import", "--into", "r"], 66, "no import was begun there"),
      (["import", "notes.jsonl", "--into", "r"], 65, "notes.jsonl:1: neither a question"),
      (["merge", "notes.jsonl", "--into", "r"], 64, "Give two sets or more"),
      (["import", "x", "--format", "tfrecord", "--into", "r"], 64, "--format is 'tfrecord'"),
    ]) func whatCannotBeImportedSaysWhy(arguments: [String], status: Int32, words: String) async throws
  {
    let place = try Workplace()
    if arguments.contains("notes.jsonl") {
      try #"{"note": 1}"#.write(toFile: place.path + "/notes.jsonl", atomically: true, encoding: .utf8)
    }

    let result = try await Program.run(arguments, in: place.path)

    #expect(result.status == status && result.err.contains(words), "\(result.err)")
  }
}
