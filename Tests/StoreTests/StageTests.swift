import Testing

@testable import Store

@Suite struct StageTests {
  @Test func changedPartsOutdateTheStageAndThoseAfterItAndNothingBefore() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav"), run.listing("b.wav")])
    for stage in ["caption", "write", "check"] {
      try run.store.begin(TemporaryRun.place(stage), parts: ["version": "1"])
    }
    try run.write("clip-a.wav", questions: [])
    try run.write("clip-b.wav", questions: [])

    try run.store.begin(TemporaryRun.place("write"), parts: ["version": "1", "prompt avqa.md": "new"])

    #expect(try run.store.doneCount(stage: "caption") == 2)
    #expect(try run.store.doneCount(stage: "write") == 0)
    #expect(try run.store.doneCount(stage: "check") == 0)
    #expect(try run.store.pendingCount(TemporaryRun.place("write")) == 2)
  }

  @Test func equalPartsOutdateNothing() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav")])
    try run.store.begin(TemporaryRun.place("caption"), parts: ["a": "1", "b": "2"])
    try run.write("clip-a.wav", questions: [])

    try run.store.begin(TemporaryRun.place("caption"), parts: ["b": "2", "a": "1"])

    #expect(try run.store.doneCount(stage: "caption") == 1)
  }

  @Test func changedScanSettingsMakeEverySourceWaitAgain() throws {
    let run = try TemporaryRun()
    try run.store.begin(TemporaryRun.place("scan"), parts: ["window": "none"])
    try run.scan([run.listing("a.wav")])

    try run.store.begin(TemporaryRun.place("scan"), parts: ["window": "30"])

    #expect(try run.store.pendingSourceCount() == 1)
  }

  @Test func pendingClipsComeInPagesInTheOrderOfTheirIds() throws {
    let run = try TemporaryRun()
    try run.scan((0..<5).map { run.listing("\($0).wav") })
    let place = TemporaryRun.place("caption")

    let first = try run.store.pendingClips(place, from: "", limit: 2)
    let rest = try run.store.pendingClips(place, from: first[1], limit: 10)

    #expect(first + rest == (0..<5).map { "clip-\($0).wav" })
  }

  @Test func anotherProcessReadsWhileOneWritesAndANewerSchemaIsRefused() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav")])

    let reader = try RunStore(reading: run.folder + "/run.sqlite")

    #expect(try reader.status().clips == 1)
    #expect(throws: StoreError.notFound(path: run.folder + "/none.sqlite")) {
      try RunStore(reading: run.folder + "/none.sqlite")
    }
  }
}
