import Captioning
import Dataset
import Foundation
import Pipelines
import Synchronization
import Testing

@testable import Stages
@testable import Store

@Suite struct CaptionFileTests {
  private func clips(_ names: [String]) throws -> TestRun {
    let run = try TestRun()
    for (number, name) in names.enumerated() { try run.write(name, run.tone(200 + 30 * Float(number), seconds: 0.3)) }
    return run
  }

  /// Writes a caption file outside the audio folder; returns the settings that name it.
  private func settings(_ run: TestRun, _ text: String, name: String = "captions.csv", _ more: [String] = []) throws
    -> [String]
  {
    try text.write(toFile: run.folder + "/" + name, atomically: true, encoding: .utf8)
    return ["caption.with=file", "caption.file.path=\(run.folder)/\(name)"] + more.map { "caption.file.\($0)" }
  }

  private func captions(_ run: TestRun) throws -> [String: [CaptionRecord]] {
    var captions: [String: [CaptionRecord]] = [:]
    try run.store.eachClipName { captions[$0.path] = [] }
    var clips: [(String, String)] = []
    try run.store.eachClipName { clips.append(($0.path, $0.clip)) }
    for (path, clip) in clips { captions[path] = try run.store.captions(of: clip) }
    return captions
  }

  @Test func severalCaptionsOfAClipKeepTheirOrderAndOriginAndReachTheWriter() async throws {
    let run = try clips(["Rain, heavy.wav", "dog.wav"])
    let bodies = Mutex<[String]>([])
    let endpoint = try await ScriptedEndpoint { _, body in
      bodies.withLock { $0.append(body) }
      return (200, ScriptedEndpoint.completion)
    }
    let clotho = "file_name,caption_1,caption_2\n\"Rain, heavy.wav\",Rain falls.,It pours.\ndog.wav,A dog.,Barking.\n"

    try await run.run(
      try settings(run, clotho, ["origin=Clotho"]) + ["write.endpoint=\(endpoint.baseURL)"], until: "write")

    let rain = try #require(try captions(run)["Rain, heavy.wav"])
    #expect(rain.map(\.text) == ["Rain falls.", "It pours."])
    #expect(rain.map(\.ordinal) == [0, 1])
    #expect(rain.allSatisfy { $0.source == CaptionSource(origin: "Clotho") && $0.captioner == "file" })
    #expect(
      bodies.withLock { $0 }.contains {
        $0.contains(#"Caption by file:\nRain falls.\n\nCaption by file:\nIt pours."#)
      })
    #expect(run.notes.notes.isEmpty)
  }

  @Test func linesAreMatchedByIdPathOrNameAndTheRestIsCountedAndSaid() async throws {
    let run = try clips(["a/dog.wav", "b/dog.wav", "rain.flac.wav", "_ygmfeNH6wI_30.wav", "none.wav"])
    try await run.run(until: "scan")
    var ids: [String: String] = [:]
    try run.store.eachClipName { ids[$0.path] = $0.clip }
    let lines = [
      #"{"clip": "\#(ids["a/dog.wav"]!)", "captions": ["By id.", "By id."]}"#,
      #"{"path": "./b/dog.wav", "caption": "By path."}"#,
      #"{"file": "rain.flac", "caption": "By stem."}"#,
      #"{"youtube_id": "_ygmfeNH6wI", "start_time": 30, "caption": "By video."}"#,
      #"{"file": "dog.wav", "caption": "Which one?"}"#,
      #"{"file": "none.take2", "caption": "Of another clip: this is no extension."}"#,
      #"{"file": "elsewhere.wav", "captions": ["One.", "Two."]}"#,
      #"{"file": "none.wav", "caption": " "}"#,
      #"{"file": 3"#,
    ]

    try await run.run(try settings(run, lines.joined(separator: "\n"), name: "c.jsonl"), until: "caption")

    let texts = try captions(run).mapValues { $0.compactMap(\.text) }
    #expect(
      texts == [
        "a/dog.wav": ["By id."], "b/dog.wav": ["By path."], "rain.flac.wav": ["By stem."],
        "_ygmfeNH6wI_30.wav": ["By video."], "none.wav": [],
      ])
    let path = run.folder + "/c.jsonl: "
    #expect(
      run.notes.notes.filter { $0.hasPrefix(path) }.map { $0.dropFirst(path.count) } == [
        "1 line not used, the first: line 9: the line is not JSON",
        "1 line without a caption",
        "1 caption there already for the same clip, used once",
        "3 captions of clips that are not in the set",
        "1 caption not used, because several clips have the file's name; give paths",
      ])
    #expect(try run.store.status().rejections == [RejectionCount(stage: "caption", code: "E_NO_CAPTION", count: 1)])
  }

  @Test func captionsOfAFileAreNotThoseOfItsWindows() async throws {
    let run = try TestRun()
    try run.write("long.wav", run.tone(200, seconds: 1) + run.tone(400, seconds: 1))
    try run.write("short.wav", run.tone(300, seconds: 0.5))
    let text = "file,caption\nlong.wav,Two tones.\nshort.wav,A tone.\n"

    try await run.run(try settings(run, text) + ["scan.window=1s"], until: "caption")

    #expect(try captions(run)["short.wav"]?.map(\.text) == ["A tone."])
    #expect(try captions(run)["long.wav"]?.map(\.code) == ["E_NO_CAPTION"])
    #expect(run.notes.notes.contains { $0.hasSuffix("1 caption not used, because their files were cut into windows") })
  }

  @Test func aChangedFileAsksAgainForTheClipsWhoseCaptionsChangedAlone() async throws {
    let run = try clips(["a.wav", "b.wav"])
    let endpoint = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.completion) }
    let more = ["write.endpoint=\(endpoint.baseURL)"]
    try await run.run(try settings(run, "file,caption\na.wav,A.\nb.wav,B.\n") + more, until: "write")

    let overrides = try settings(run, "file,caption\na.wav,A.\nb.wav,Another.\n") + more
    let changes = try await run.rehearse(overrides).first { $0.stage == "caption" }?.changes.map(\.name)
    try await run.run(overrides, until: "write")

    #expect(changes == ["captioner file"])
    #expect(endpoint.asked == 3)
    #expect(try captions(run)["b.wav"]?.map(\.text) == ["Another."])
  }

  @Test func columnsOfTheManifestAreCaptionsToo() async throws {
    let run = try clips(["a.wav", "b.wav"])
    try run.write("labels.csv", text: "file,caption_2,caption_1,caption_10,text\na.wav,two,one,ten,x\nb.wav,,,,y\n")

    try await run.run(["caption.with=file", "caption.file.origin=Clotho"], until: "caption")
    #expect(try captions(run)["a.wav"]?.map(\.text) == ["one", "two", "ten"])
    #expect(try captions(run)["a.wav"]?.first?.source.origin == "Clotho")
    #expect(try captions(run)["b.wav"]?.map(\.code) == ["E_NO_CAPTION"])
    try await run.run(
      ["caption.with=[mine]", "caption.mine.captioner=file", "caption.mine.columns=[text, caption_1]"],
      until: "caption")

    #expect(try captions(run)["a.wav"]?.map(\.text) == ["x", "one"])
    #expect(try captions(run)["b.wav"]?.map(\.text) == ["y"])
    #expect(try captions(run)["b.wav"]?.map(\.captioner) == ["mine"])
  }

  @Test func aFileThatIsNotThereOrHasNoSuchColumnStopsTheRunBeforeItsFirstItem() async throws {
    let run = try clips(["a.wav"])
    let missing = "\(run.folder)/none.csv"

    let none = #expect(throws: CaptioningError.self) {
      try run.pipeline(["caption.with=file", "caption.file.path=\(missing)"])
    }
    let column = #expect(throws: DatasetError.self) {
      try run.pipeline(try settings(run, "file,caption\na.wav,A.\n", ["columns=text"]))
    }

    #expect(none?.description == "\(missing): there is no such file. Check the 'path' of the captioner.")
    #expect(column?.description.hasSuffix("captions.csv:1: no column 'text' among 'file', 'caption'.") == true)
  }
}
