import Foundation
import Store
import Testing

/// What `status` says of runs in every condition.
@Suite struct StatusTests {
  @Test func everyRowAddsUpAndNothingWaitsAfterARun() async throws {
    let place = try Workplace()
    try await place.run()

    let rows = try await place.rows()

    #expect(
      rows.map(\.name) == ["scan", "caption", "write", "check", "dedup", "contamination", "split", "balance", "export"])
    for row in rows {
      #expect(row.into > 0)
      #expect(row.into == row.out + row.rejected + row.waiting, "\(row.name)")
      #expect(row.waiting == 0)
    }
  }

  @Test func afterAChangeWhatWasMadeBeforeItWaits() async throws {
    let place = try Workplace()
    try await place.run()
    try await place.run(["--set", "write.seed=7", "--until", "write"])

    let rows = try await place.rows()

    #expect(rows.map(\.waiting) == [0, 0, 0, 8, 0, 1, 1, 1, 1])
    #expect(
      rows.map(\.note) == [nil, nil, nil, "answers waiting", nil, "outdated", "outdated", "outdated", "outdated"])
    #expect(rows.allSatisfy { $0.into == $0.out + $0.rejected + $0.waiting })
  }

  @Test func aClipIsRejectedByTheCaptionersOnlyIfNoneHasWords() async throws {
    let place = try Workplace()
    _ = try await Program.run(["synth", "clips", "--clips", "6"], in: place.path)
    let table = try String(contentsOfFile: place.path + "/clips/labels.csv", encoding: .utf8)
    let lines = table.split(separator: "\n").enumerated().map {
      $1 + ($0 == 0 ? ",caption" : $0 < 3 ? ",A bell." : ",")
    }
    try lines.joined(separator: "\n").write(toFile: place.path + "/m.csv", atomically: true, encoding: .utf8)
    let manifest = ["--audio", "clips", "--set", "scan.manifest=m.csv"]

    try await place.run(manifest + ["--set", "caption.with=[acoustic, manifest]"])
    let both = try await place.rows()
    try await place.run(manifest + ["--set", "caption.with=manifest"])
    let one = try await place.rows()

    #expect(both[1].numbers == [6, 6, 0, 0])
    #expect(one[1].numbers == [6, 2, 4, 0])
    #expect(one[2].into == 2)
    #expect(one.allSatisfy { $0.into == $0.out + $0.rejected + $0.waiting })
  }

  @Test func timeLeftDoesNotGrowWhileNothingRuns() async throws {
    let place = try Workplace()
    let standIn = try RunningProgram(["stand-in", "--port", "0", "--latency", "0.3"], in: place.path)
    defer { standIn.kill() }
    #expect(await standIn.out.waits { $0.contains("\n") })
    let endpoint = standIn.out.text.trimmingCharacters(in: .newlines)
    let running = try RunningProgram(
      [
        "run", Workplace.quickstart, "--into", "run", "--json", "--set", "write.endpoint=\(endpoint)",
        "--set", "write.concurrency=1", "--set", "write.probe=false",
      ], in: place.path)
    #expect(await running.err.waits { $0.contains("\"event\":\"started\",\"stage\":\"write\"") })
    let store = try RunStore(reading: place.path + "/run/run.sqlite")
    // With one request at a time, 64 answers take twenty seconds: the kill comes long before the last.
    while try store.doneCount(stage: "write") == 0 { await Task.yield() }
    running.kill()
    _ = await running.ended()

    let first = try await place.rows()
    let second = try await place.rows()

    #expect(first[2].waiting > 0)
    #expect(first[2].secondsLeft != nil)
    #expect(first[2].secondsLeft == second[2].secondsLeft)
  }

  @Test func pricesAreThoseOfTheLastRunWhateverItHadToDo() async throws {
    let place = try Workplace()
    try await place.run()
    #expect(try await !place.status().contains("\ncost "))

    try await place.run(["--set", "write.price.input=1", "--set", "write.price.output=2"])
    #expect(try await place.status().contains("\ncost "))

    try await place.run()
    #expect(try await !place.status().contains("\ncost "))
  }

  @Test func aDatabaseThatAKillLeftEmptyIsNoRunYet() async throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(atPath: place.path + "/run", withIntermediateDirectories: true)
    try Data().write(to: URL(fileURLWithPath: place.path + "/run/run.sqlite"))

    let status = try await Program.run(["status", "run"], in: place.path)
    let rehearsal = try await Program.run(["run", Workplace.quickstart, "--into", "run", "--dry-run"], in: place.path)

    #expect(status.status == 66)
    #expect(status.err.contains("there is no run here"))
    #expect(rehearsal.status == 0)
    #expect(rehearsal.out.contains("first time: 64 files"))
    try await place.run()
  }

  @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
  func aRunInAFolderThatCannotBeWrittenIsRead() async throws {
    let place = try Workplace()
    try await place.run()
    for name in ["run.sqlite-wal", "run.sqlite-shm"] {
      try? FileManager.default.removeItem(atPath: place.path + "/run/" + name)
    }
    chmod(place.path + "/run", 0o555)
    defer { chmod(place.path + "/run", 0o755) }

    #expect(try await place.rows().count == 8)
  }

  @Test func theExportsAreNamedOnlyWhereThereAreSome() async throws {
    let place = try Workplace()
    try await place.run(["--until", "balance"])
    #expect(try await !place.status().contains("exports"))

    try await place.run()
    #expect(try await place.status().contains("  exports   run/export"))
  }
}

/// A row of the table that `status --json` gives.
private struct Row: Decodable {
  var name: String
  var into: Int
  var out: Int
  var rejected: Int
  var waiting: Int
  var note: String?
  var secondsLeft: Double?

  var numbers: [Int] { [into, out, rejected, waiting] }
}

extension Workplace {
  /// Runs the quickstart on eight clips into "run".
  fileprivate func run(_ more: [String] = []) async throws {
    let arguments = ["run", Self.quickstart, "--into", "run", "--set", "scan.demo_clips=8"] + more
    let result = try await Program.run(arguments, in: path)
    #expect(result.status == 0, "\(result.err)")
  }

  fileprivate func status() async throws -> String {
    let result = try await Program.run(["status", "run"], in: path)
    #expect(result.status == 0, "\(result.err)")
    return result.out
  }

  fileprivate func rows() async throws -> [Row] {
    struct Report: Decodable { var stages: [Row] }
    let result = try await Program.run(["status", "run", "--json"], in: path)
    #expect(result.status == 0, "\(result.err)")
    return try JSONDecoder().decode(Report.self, from: Data(result.out.utf8)).stages
  }
}
