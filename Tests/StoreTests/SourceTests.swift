import Testing

@testable import Store

@Suite struct SourceTests {
  @Test func theSameSamplesUnderTwoNamesAreOneClipWithTheLabelsOfBoth() throws {
    let run = try TemporaryRun()

    try run.scan([run.listing("b.wav", labels: ["dog"]), run.listing("a.wav", labels: ["bark"])], clipOf: { _ in "c" })

    #expect(try run.store.clipCount() == 1)
    let clip = try #require(try run.store.clips(["c"]).first)
    #expect(clip.labels == ["bark", "dog"])
    #expect(clip.path == "a.wav")
    #expect(try run.store.sources(of: "c").map(\.path) == ["a.wav", "b.wav"])
  }

  @Test func aSecondListingOfTheSameFilesLeavesNothingToDo() throws {
    let run = try TemporaryRun()
    let files = [run.listing("a.wav"), run.listing("b.wav")]
    try run.scan(files)
    let revision = try run.store.revision()

    let change = try run.store.list(files, TemporaryRun.place("scan"))

    #expect(change == ListingChange(listed: 2, new: 0, changed: 0, gone: 0))
    #expect(try run.store.pendingSourceCount() == 0)
    #expect(try run.store.revision() == revision)
  }

  @Test func aChangedFileWaitsAgainAndAFileThatIsGoneTakesItsClipAndQuestionsAlong() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav"), run.listing("b.wav")])
    try run.write("clip-b.wav", questions: [run.question("q", clip: "clip-b.wav")])

    let change = try run.store.list([run.listing("a.wav", modified: 2)], TemporaryRun.place("scan"))

    #expect(change == ListingChange(listed: 1, new: 0, changed: 1, gone: 1))
    #expect(try run.store.pendingSources(from: "", limit: 10).map(\.path) == ["a.wav"])
    #expect(try run.store.clips(["clip-b.wav"]).isEmpty)
    #expect(try run.store.status().questions == 0)
  }

  @Test func aNewLabelOutdatesTheClipsCaptionAndWhatFollows() throws {
    let run = try TemporaryRun()
    try run.scan([run.listing("a.wav", labels: ["dog"])])
    try run.write("clip-a.wav", questions: [])
    #expect(try run.store.pendingCount(TemporaryRun.place("caption")) == 0)

    _ = try run.store.list([run.listing("a.wav", labels: ["wolf"])], TemporaryRun.place("scan"))

    #expect(try run.store.pendingSourceCount() == 0)
    #expect(try run.store.pendingCount(TemporaryRun.place("caption")) == 1)
    #expect(try run.store.pendingCount(TemporaryRun.place("write")) == 0)
    #expect(try run.store.clips(["clip-a.wav"]).first?.labels == ["wolf"])
  }

  @Test func rejectedFilesAndWindowsAreCountedByReason() throws {
    let run = try TemporaryRun()
    _ = try run.store.list([run.listing("a.wav"), run.listing("b.wav")], TemporaryRun.place("scan"))
    let pending = try run.store.pendingSources(from: "", limit: 10)

    try run.store.commit(
      [
        ScannedSource(id: pending[0].id, rejection: Rejection(code: "E_UNREADABLE", detail: "not audio")),
        ScannedSource(id: pending[1].id, rejectedWindows: [Rejection(startFrame: 5, code: "E_SILENT", detail: nil)]),
      ], TemporaryRun.place("scan"))

    let status = try run.store.status()
    #expect(status.sources == 2)
    #expect(status.clips == 0)
    #expect(
      status.rejections == [
        RejectionCount(stage: "scan", code: "E_UNREADABLE", count: 1),
        RejectionCount(stage: "scan", code: "E_SILENT", count: 1),
      ])
  }
}
