import Audio
import Foundation
import GRDB
import Testing

@testable import Store

/// What a split may not take apart.
@Suite struct SplitStageTests {
  @Test func copiesOfOneRecordingAreInOneSplit() async throws {
    let run = try TestRun()
    for number in 0..<10 {
      let sounds = Synthesizer(seed: UInt64(number)).clips(count: 6).flatMap { $0.waveform.samples.prefix(8000) }
      try run.write("\(number) one.wav", sounds)
      try run.write("\(number) copy.wav", sounds.map { $0 * 0.4 })
    }
    let shares = ["split.train=0.4", "split.dev=0.3", "split.test=0.3"]

    try await run.run(shares)
    let together = try splits(run)
    try await run.run(shares + ["dedup.audio=false"])
    let apart = try splits(run)
    try await run.run(shares)

    #expect(together.count == 10 && together.values.allSatisfy { $0.count == 1 })
    #expect(Set(together.values).count > 1)
    #expect(apart.values.contains { $0.count > 1 })
    #expect(try splits(run) == together)
  }

  /// The splits of each recording's copies, by its number.
  private func splits(_ run: TestRun) throws -> [String: Set<String>] {
    let rows = try run.store.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT path, split FROM clip JOIN clip_source ON clip = clip.id JOIN source ON source.id = clip_source.source
          """)
    }
    return Dictionary(
      rows.map { (String(($0["path"] as String).prefix(1)), [$0["split"] as String]) },
      uniquingKeysWith: { $0.union($1) })
  }
}
