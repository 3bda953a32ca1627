import Audio
import Foundation
import Testing

@testable import Store

@Suite struct ScanStageTests {
  @Test func filesThatCannotBeUsedAreListedWithTheirReasonAndTheRestIsUsed() async throws {
    let run = try TestRun()
    try run.write("good.wav", run.tone(440))
    try run.write("silent.wav", [Float](repeating: 0, count: 16_000))
    try run.write("short.wav", run.tone(440, seconds: 0.05))
    try run.write("long.wav", run.tone(440, seconds: 3))
    try run.write("empty.wav", [])
    try run.write("broken.wav", text: "this is no audio")
    try run.write("notes.txt", text: "not looked at")

    try await run.run(["scan.longest=2s"], until: "scan")

    let status = try run.store.status()
    #expect(status.sources == 6)
    #expect(status.clips == 1)
    #expect(
      Set(status.rejections.map { "\($0.code) \($0.count)" }) == [
        "E_SILENT 1", "E_TOO_SHORT 1", "E_TOO_LONG 1", "E_EMPTY 1", "E_UNREADABLE 1",
      ])
  }

  @Test func theSameSoundUnderTwoNamesIsOneClipWithTheLabelsOfBothFolders() async throws {
    let run = try TestRun()
    try run.write("dog/a.wav", run.tone(300))
    try run.write("wolf/b.wav", run.tone(300))
    try run.write("dog/c.wav", run.tone(500))

    try await run.run(["scan.labels=folders"], until: "scan")

    let clips = try run.store.clips(run.store.pendingClips(captionPlace, from: "", limit: 10))
    #expect(clips.count == 2)
    let shared = try #require(clips.first { $0.path == "dog/a.wav" })
    #expect(shared.labels == ["dog", "wolf"])
    #expect(try run.store.sources(of: shared.id).map(\.path) == ["dog/a.wav", "wolf/b.wav"])
  }

  @Test func aManifestInTheFolderLabelsItsFilesAndNamesThoseThatAreMissing() async throws {
    let run = try TestRun()
    try run.write("a.wav", run.tone(300))
    try run.write("b.wav", run.tone(400))
    try run.write("labels.csv", text: "file,label,speaker\na.wav,bell,ann\ngone.wav,drum,bob\n")

    try await run.run(until: "scan")

    let clips = try run.store.clips(run.store.pendingClips(captionPlace, from: "", limit: 10))
    #expect(
      Set(clips.map { "\($0.path) \($0.labels) \($0.metadata)" }) == [
        "a.wav [\"bell\"] [\"speaker\": \"ann\"]", "b.wav [] [:]",
      ])
    #expect(try run.store.status().rejections == [RejectionCount(stage: "scan", code: "E_MISSING", count: 1)])
  }

  @Test func aManifestThatIsNamedSaysWhichFilesThereAreAndVGGSoundsNeedsNoHeader() async throws {
    let run = try TestRun()
    try run.write("---g-f_I2yQ_000001.wav", run.tone(300))
    try run.write("other.wav", run.tone(400))
    let manifest = run.folder + "/vggsound.csv"
    try "---g-f_I2yQ,1,\"bird chirping, tweeting\",test\n".write(toFile: manifest, atomically: true, encoding: .utf8)

    try await run.run(["scan.manifest=\(manifest)"], until: "scan")

    let clips = try run.store.clips(run.store.pendingClips(captionPlace, from: "", limit: 10))
    #expect(clips.map(\.labels) == [["bird chirping, tweeting"]])
    #expect(try run.store.recordings().map(\.recordings) == [["---g-f_I2yQ"]])
  }

  @Test func aLongRecordingIsCutIntoWindowsOfOneRecordingAndSilentOnesAreLeftOut() async throws {
    let run = try TestRun()
    let silence = [Float](repeating: 0, count: 16_000)
    try run.write("tape.wav", run.tone(300) + silence + run.tone(500) + run.tone(700, seconds: 0.5))

    try await run.run(["scan.window=1s"], until: "scan")

    let clips = try run.store.clips(run.store.pendingClips(captionPlace, from: "", limit: 10))
    #expect(clips.map(\.startFrame).sorted() == [0, 32_000, 48_000])
    #expect(clips.map(\.seconds).sorted() == [0.5, 1, 1])
    #expect(try run.store.status().rejections == [RejectionCount(stage: "scan", code: "E_SILENT", count: 1)])
    #expect(Set(try run.store.recordings().map(\.recordings)) == [["tape.wav"]])
  }

  @Test func aLimitTakesTheSameFilesEveryTimeAndTheRestLater() async throws {
    let run = try TestRun()
    for number in 0..<10 { try run.write("\(number).wav", run.tone(300 + Float(number) * 50)) }

    for _ in 0..<2 {
      try await run.run(until: "scan", limit: 3)
      #expect(try run.store.status().clips == 3)
      #expect(try run.store.pendingSourceCount() == 7)
    }
    try await run.run(until: "scan")

    #expect(try run.store.status().clips == 10)
  }

  @Test func anotherFolderWithTheSameNamesAndTimesIsLookedAtAnew() async throws {
    let run = try TestRun()
    try run.write("a.wav", run.tone(300))
    try await run.run(until: "scan")
    let other = run.folder + "/other"
    try FileManager.default.moveItem(atPath: run.audio, toPath: other)
    let date = try FileManager.default.attributesOfItem(atPath: other + "/a.wav")[.modificationDate] as? Date
    try run.write("a.wav", run.tone(400))
    let changed = run.audio + "/a.wav"
    try FileManager.default.setAttributes([.modificationDate: try #require(date)], ofItemAtPath: changed)
    let before = try run.store.clips(run.store.pendingClips(captionPlace, from: "", limit: 10))
    try FileManager.default.moveItem(atPath: run.audio, toPath: run.folder + "/third")

    try await run.run(["scan.audio=\(run.folder)/third"], until: "scan")

    let after = try run.store.clips(run.store.pendingClips(captionPlace, from: "", limit: 10))
    #expect(after.count == 1)
    #expect(after.map(\.id) != before.map(\.id))
  }

  @Test func changedWindowsLeaveNoClipOfTheOldOnesEvenWhereALimitHolds() async throws {
    let run = try TestRun()
    for number in 0..<4 { try run.write("\(number).wav", run.tone(300 + 50 * Float(number), seconds: 2)) }
    try await run.run(until: "scan")

    try await run.run(["scan.window=1s"], until: "scan", limit: 1)

    #expect(try run.store.status().clips == 2)
    #expect(try run.store.pendingSourceCount() == 3)
  }

  @Test func linksAreFollowedOnceAndFilesWithLikeNamesKeepTheirOwnLabels() async throws {
    let run = try TestRun()
    try run.write("real/a.wav", run.tone(300))
    try FileManager.default.createSymbolicLink(
      atPath: run.audio + "/link", withDestinationPath: run.audio + "/real")
    try FileManager.default.createSymbolicLink(atPath: run.audio + "/real/loop", withDestinationPath: run.audio)
    try run.write("labels.csv", text: "file,label\nreal/a.wav,dog\nreal/a.mp3,cat\n")

    try await run.run(until: "scan")

    let clips = try run.store.clips(run.store.pendingClips(captionPlace, from: "", limit: 10))
    #expect(clips.map(\.labels) == [["dog"]])
    #expect(try run.store.sources(of: clips[0].id).map(\.path) == ["link/a.wav", "real/a.wav"])
  }

  private var captionPlace: StagePlace {
    StagePlace(name: "caption", position: 1, upstream: nil, followers: [])
  }
}
