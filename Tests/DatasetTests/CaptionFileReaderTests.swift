import Foundation
import Testing

@testable import Dataset

struct CaptionFileReaderTests {
  private func entries(_ text: String, name: String = "captions.csv", captions: [String]? = nil, key: String? = nil)
    throws -> [CaptionFileEntry]
  {
    let folder = NSTemporaryDirectory() + "earshot-captions-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
    var reader = try CaptionFileReader(path: folder + "/" + name, captions: captions, key: key)
    var entries: [CaptionFileEntry] = []
    while let entry = try reader.next() { entries.append(entry) }
    return entries
  }

  private func row(_ names: [String], _ captions: [String], line: Int) -> CaptionFileEntry {
    .row(CaptionRow(names: names, captions: captions), line: line)
  }

  // Headers and rows as the data sets have them: Clotho 2.1, AudioCaps.
  @Test func clothoAndAudioCapsAreReadAsTheyCome() throws {
    let clotho = "file_name,caption_1,caption_2,caption_3,caption_4,caption_5\nRain, heavy.wav,a,b,c,d,e\n"
      .replacing("Rain, heavy.wav", with: "\"Rain, heavy.wav\"")
    let audioCaps = "audiocap_id,youtube_id,start_time,caption\n103549,7fmOlUlwoNg,30,Constant rattling\n"

    #expect(try entries(clotho) == [row(["Rain, heavy.wav"], ["a", "b", "c", "d", "e"], line: 2)])
    #expect(
      try entries(audioCaps) == [
        row(
          ["7fmOlUlwoNg_000030", "7fmOlUlwoNg_30", "7fmOlUlwoNg-30", "7fmOlUlwoNg"], ["Constant rattling"], line: 2)
      ])
  }

  @Test func linesOfJSONHoldOneCaptionOrAList() throws {
    let text = """
      {"clip": "00ff", "caption": "Rain."}

      {"path": "a/b.wav", "captions": ["A dog.", " A cat. ", ""]}
      {"id": 7, "caption": null}
      """

    #expect(
      try entries(text, name: "captions.jsonl") == [
        row(["00ff"], ["Rain."], line: 1), row(["a/b.wav"], ["A dog.", "A cat."], line: 3), row(["7"], [], line: 4),
      ])
  }

  @Test func linesThatCannotBeUsedAreRefusedAloneWithAReason() throws {
    let text = """
      {"clip": "a", "caption": "Rain."}
      nonsense
      [1]
      {"clip": "a", "caption": 3}
      {"clip": "a"}
      {"caption": "Rain."}
      """

    let reasons = try entries(text, name: "captions.jsonl").map { entry in
      if case .refused(let line, let reason) = entry { "\(line): \(reason)" } else { "" }
    }

    #expect(
      reasons == [
        "", "2: the line is not JSON", "3: the line is a list, not an object",
        "4: 'caption' is a number, not text or a list of texts", "5: no member 'caption' or 'captions'",
        "6: nothing names the clip",
      ])
    #expect(
      try entries("file,caption\na.wav\n,Rain.\n") == [
        .refused(line: 2, reason: "1 cells where the header has 2"),
        .refused(line: 3, reason: "nothing names the clip"),
      ])
  }

  @Test func columnsMayBeNamed() throws {
    let table = "Sound,text,note\nx.wav,Rain.,wet\n"

    #expect(try entries(table, captions: ["text"], key: "sound") == [row(["x.wav"], ["Rain."], line: 2)])
  }

  @Test(
    arguments: [
      ("a,caption\n", "no column names the clip among 'a', 'caption'. Call it 'clip' or 'file', or name it as 'key'"),
      ("file,text\n", "no column holds captions among 'file', 'text'. Call it 'caption', or name it under 'columns'"),
      ("[{\"clip\": 1}]", "a JSON list; write one object on each line"),
    ])
  func aFileOfAnotherShapeIsRefusedWithWhatToDo(text: String, reason: String) {
    let error = #expect(throws: DatasetError.self) { try entries(text) }

    #expect(error?.description.hasSuffix("captions.csv:1: \(reason).") == true, "\(String(describing: error))")
  }

  @Test func aColumnThatIsNotThereIsNamed() {
    let error = #expect(throws: DatasetError.self) { try entries("file,caption\n", captions: ["text"]) }

    #expect(error?.description.hasSuffix(":1: no column 'text' among 'file', 'caption'.") == true)
  }

  @Test(arguments: ["", "\n\n", "file,caption\n"]) func aFileWithoutRowsIsEmpty(text: String) {
    let error = #expect(throws: DatasetError.self) { try entries(text) }

    guard case .emptyManifest = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func anyBytesEndInRowsOrAnError() throws {
    var random = SeededGenerator(state: 1)
    let pieces = ["{", "}", "\"", ",", "\n", "clip", "caption", "file", ":", "[", "]", "\u{0}", "é", "\\u12", "1e999"]
    for _ in 0..<300 {
      let text = (0..<Int.random(in: 0..<40, using: &random)).map { _ in pieces.randomElement(using: &random)! }
        .joined()
      _ = try? entries(text)
    }
  }
}
