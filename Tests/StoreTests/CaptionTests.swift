import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct CaptionTests {
  private let place = TemporaryRun.place("caption")

  private func record(_ captioner: String, _ key: String, _ ordinal: Int = 0, source: CaptionSource = CaptionSource())
    -> CaptionRecord
  {
    CaptionRecord(captioner: captioner, key: key, ordinal: ordinal, text: "\(key) \(ordinal)", source: source)
  }

  @Test func severalCaptionsOfACaptionerComeBackInTheirOrderWithAllThatIsKnownOfThem() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav")])
    try run.store.keep(prompts: [PromptRecord(hash: "p1", name: "plain", text: "Describe it.")])
    var full = record(
      "omni", "k", 1,
      source: CaptionSource(model: "m", revision: "r", prompt: "p1", sampling: "{}", origin: "Clotho"))
    full.meanLogProbability = -0.25
    full.request = "r1"
    full.detail = "cut off"
    let captions = [record("omni", "k"), full] + (2..<12).map { record("omni", "k", $0) }

    try run.store.commit(captions: [("clip-a.wav", ["k"], captions.reversed())], place)

    #expect(try run.store.captions(of: "clip-a.wav") == captions)
    #expect(try run.store.prompt(hash: "p1")?.text == "Describe it.")
    #expect(try run.store.prompt(hash: "p2") == nil)
  }

  @Test func aClipIsDoneWithTheLastOfItsCaptionersAndTheFirstOnesAreKeptMeanwhile() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav")])
    let clip = "clip-a.wav"

    let first = try run.store.commit(captions: [(clip, ["k1", "k2"], [record("one", "k1")])], place)
    #expect(first == 0)
    #expect(try run.store.pendingCount(place) == 1)
    #expect(try run.store.captions(of: clip).isEmpty)
    #expect(try run.store.captionKeys(of: clip, among: ["k1", "k2"]) == ["k1"])

    let second = try run.store.commit(captions: [(clip, ["k1", "k2"], [record("two", "k2")])], place)
    #expect(second == 1)
    #expect(try run.store.pendingCount(place) == 0)
    #expect(try run.store.captions(of: clip).map(\.captioner) == ["one", "two"])
  }

  @Test func captionsMadeAgainUnderAKeyReplaceAllThatWereThere() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav")])
    try run.store.commit(captions: [("clip-a.wav", ["k"], (0..<3).map { record("one", "k", $0) })], place)

    try run.store.commit(captions: [("clip-a.wav", ["k"], [record("one", "k")])], place)

    #expect(try run.store.captions(of: "clip-a.wav").map(\.ordinal) == [0])
  }

  @Test func equalSourcesAreKeptOnce() throws {
    let run = try TemporaryRun()
    try run.scan((0..<4).map { run.listing("\($0).wav") })
    for number in 0..<4 {
      let source = CaptionSource(model: "m", revision: number == 3 ? "new" : nil)
      try run.store.commit(
        captions: [("clip-\(number).wav", ["k"], [record("one", "k", source: source)])], place)
    }

    #expect(try run.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM caption_source") } == 2)
    #expect(try run.store.captions(of: "clip-3.wav").map(\.source.revision) == ["new"])
  }

  @Test func whatIsSaidOfAFileIsNotTrueOfItsWindows() throws {
    let run = try TemporaryRun()
    _ = try run.store.list(["a.wav", "b.wav", "c.wav"].map { run.listing($0) }, TemporaryRun.place("scan"))
    func clip(_ id: String, from start: Int = 0) -> ScannedClip {
      ScannedClip(id: id, sha256: id, seconds: 1, startFrame: start, frames: 10)
    }
    let (a, b, c) = try {
      let ids = try run.store.pendingSources(from: "", limit: 9).map(\.id)
      return (ids[0], ids[1], ids[2])
    }()
    try run.store.commit(
      [
        ScannedSource(id: a, clips: [clip("whole")]),
        ScannedSource(id: b, clips: [clip("first"), clip("second", from: 10)]),
        ScannedSource(
          id: c, clips: [clip("left")], rejectedWindows: [Rejection(startFrame: 10, code: "E_SILENT", detail: nil)]),
      ], TemporaryRun.place("scan"))

    var names: [ClipName] = []
    try run.store.eachClipName { names.append($0) }

    #expect(
      names == [
        ClipName(clip: "whole", path: "a.wav", isWholeFile: true),
        ClipName(clip: "first", path: "b.wav", isWholeFile: false),
        ClipName(clip: "second", path: "b.wav", isWholeFile: false),
        ClipName(clip: "left", path: "c.wav", isWholeFile: false),
      ])
  }

  @Test func captionsOfAnEarlierSchemaStayAsTheyWere() throws {
    let folder = NSTemporaryDirectory() + "earshot-migration-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/run.sqlite"
    do {
      let queue = try DatabaseQueue(path: path)
      try Schema.migrator.migrate(queue, upTo: "2 time of a stage's last commit")
      try queue.write { db in
        try db.execute(
          sql: """
            INSERT INTO caption VALUES ('c', 'acoustic', 'new', 1, 'It lasts 2 seconds.', '{}', NULL, NULL),
              ('c', 'acoustic', 'old', 0, 'It lasts.', NULL, NULL, NULL),
              ('d', 'manifest', 'k', 1, NULL, NULL, 'E_NO_CAPTION', 'none')
            """)
      }
      try queue.close()
    }

    let store = try RunStore(path: path)

    #expect(
      try store.captions(of: "c") == [
        CaptionRecord(captioner: "acoustic", key: "new", text: "It lasts 2 seconds.", facts: "{}")
      ])
    #expect(try store.captionKeys(of: "c", among: ["old", "new", "k"]) == ["old", "new"])
    #expect(try store.captions(of: "d").first?.code == "E_NO_CAPTION")
  }
}
