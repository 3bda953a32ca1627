import Foundation
import Testing

@testable import Dataset

/// All entries of a manifest with this content.
private func entries(_ text: String, name: String = "labels.csv") throws -> (ManifestFormat, [ManifestEntry]) {
  try entries(Array(text.utf8), name: name)
}

private func entries(_ bytes: [UInt8], name: String) throws -> (ManifestFormat, [ManifestEntry]) {
  try withFolder { folder in
    let path = folder.appendingPathComponent(name).path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return try entries(path: path)
  }
}

private func entries(path: String) throws -> (ManifestFormat, [ManifestEntry]) {
  var reader = try ManifestReader(path: path)
  var entries: [ManifestEntry] = []
  while let entry = try reader.next() { entries.append(entry) }
  return (reader.format, entries)
}

/// What a manifest's reading ends with; the path up to its name is left out.
private func failure(_ text: String, name: String = "labels.csv") -> String {
  do {
    _ = try entries(text, name: name)
    return "nothing"
  } catch {
    let text = "\(error)"
    return text.range(of: name).map { String(text[$0.lowerBound...]) } ?? text
  }
}

@Suite struct ManifestReaderTests {
  @Test func aTableIsReadByItsHeader() throws {
    let text = """
      file,label,speaker
      0_george_0.wav,zero,george

      sub/b.wav,"one, or so",
      """

    let (format, rows) = try entries(text)

    #expect(format == .table)
    #expect(
      rows == [
        .row(ManifestRow(file: "0_george_0.wav", labels: ["zero"], metadata: ["speaker": "george"]), line: 2),
        .row(ManifestRow(file: "sub/b.wav", labels: ["one, or so"]), line: 4),
      ])
  }

  @Test func quotesLineEndsAndMarksAreThoseOfRFC4180() throws {
    let text =
      "\u{FEFF}Path , CLASS,caption\r\n\"a \"\"b\"\".wav\",dog|cat;dog; ,\"two\r\nlines\"\r\n"
      + "\r\n   \r\nc.wav,,5\" nail\r"

    let (_, rows) = try entries(text)

    #expect(
      rows == [
        .row(ManifestRow(file: "a \"b\".wav", labels: ["dog", "cat"], metadata: ["caption": "two\r\nlines"]), line: 2),
        .row(ManifestRow(file: "c.wav", metadata: ["caption": "5\" nail"]), line: 6),
      ])
  }

  @Test func tabsSeparateInATSV() throws {
    #expect(
      try entries("wav\tlabel\na,b.wav\tdog, cat\n", name: "x.tsv").1 == [
        .row(ManifestRow(file: "a,b.wav", labels: ["dog, cat"]), line: 2)
      ])
  }

  @Test func rowsThatCannotBeUsedAreRefusedOneByOne() throws {
    let text = """
      file,label
      ../secret.wav,a
      /etc/passwd,a
      C:\\x.wav,a
      a\\..\\..\\x.wav,a
      ,a
      a.wav
      a.wav,b,c
      "a.wav"x,b
      ./sub//./ok.wav,b
      """

    let (_, rows) = try entries(text)

    #expect(
      rows == [
        .refused(line: 2, reason: "'../secret.wav' leads out of the audio folder"),
        .refused(line: 3, reason: "'/etc/passwd' is an absolute path; give it relative to the audio folder"),
        .refused(line: 4, reason: "'C:\\x.wav' is an absolute path; give it relative to the audio folder"),
        .refused(line: 5, reason: "'a\\..\\..\\x.wav' leads out of the audio folder"),
        .refused(line: 6, reason: "the file is empty"),
        .refused(line: 7, reason: "1 cells where the header has 2"),
        .refused(line: 8, reason: "3 cells where the header has 2"),
        .refused(line: 9, reason: "there is text after a closing quote"),
        .row(ManifestRow(file: "sub/ok.wav", labels: ["b"]), line: 10),
      ])
    #expect(
      try entries(Array("file\n".utf8) + [0xFF, 0x0A], name: "x.csv").1 == [
        .refused(line: 2, reason: "a cell is not UTF-8")
      ])
    #expect(
      try entries("file\na\u{0}.wav\n").1 == [.refused(line: 2, reason: "'a\u{0}.wav' holds a control character")])
  }

  @Test func whatMakesTheRestUnreadableIsThrown() {
    #expect(failure("") == "labels.csv: holds no rows. Give a manifest with one row for each audio file.")
    #expect(failure("file,label\n") == "labels.csv: holds no rows. Give a manifest with one row for each audio file.")
    #expect(failure("\n \n") == "labels.csv: holds no rows. Give a manifest with one row for each audio file.")
    #expect(
      failure("file,label\na.wav,\"dog\nb.wav,cat\n") == "labels.csv:2: a quote that is opened here is never closed.")
    #expect(failure("file,label,File\na,b,c\n") == "labels.csv:1: the column 'File' stands there twice. Rename one.")
    #expect(
      failure("name,label\na.wav,dog\n") == """
        labels.csv:1: no column names the audio file among 'name', 'label'. Name it one of file, path, audio, audio_path, \
        filename, file_name, wav.
        """)
    #expect(failure("[{\"file\":\"a\"},\n{\"file\" 1}]", name: "x.json") == "x.json:2: this is not JSON.")
    #expect(failure("[{\"file\":\"a\"},\n", name: "x.json") == "x.json:2: the list is cut off.")
    #expect(failure("[{\"file\":\"a\"}]\nx", name: "x.json") == "x.json:2: there is text after the list.")
    #expect(throws: DatasetError.unreadableFile(path: "/nowhere/x.csv", reason: "no such file or directory")) {
      _ = try ManifestReader(path: "/nowhere/x.csv")
    }
    #expect(throws: DatasetError.self) { _ = try ManifestReader(path: "/") }
    #expect(failure("file,label\na.wav," + String(repeating: "x", count: 1 << 21)).contains("more than 1048576 bytes"))
  }

  @Test func aFileInUTF16IsSaidToBe() {
    #expect(throws: DatasetError.self) { _ = try entries([0xFF, 0xFE, 0x66, 0x00], name: "x.csv") }
  }

  @Test func objectsAreReadFromLinesAndLists() throws {
    let objects = [
      #"{"audio_path": "a.wav", "labels": ["dog", "cat", "dog"], "caption": "x", "seconds": 1.50, "a": {}, "b": null}"#,
      #"{"file": "b.wav", "Label": "dog;cat", "recording": "r1", "ok": true}"#,
      #"{"label": "dog"}"#, #"{"file": 7}"#, "[1]", #"{"file": "../c.wav"}"#, #"{"file": "d.wav", "labels": [["x"]]}"#,
    ]
    let expected: [(Int) -> ManifestEntry] = [
      {
        .row(
          ManifestRow(file: "a.wav", labels: ["dog", "cat"], metadata: ["caption": "x", "seconds": "1.50"]), line: $0)
      },
      {
        .row(ManifestRow(file: "b.wav", labels: ["dog", "cat"], recording: "r1", metadata: ["ok": "true"]), line: $0)
      },
      {
        .refused(
          line: $0,
          reason:
            "no member names the audio file; name it one of file, path, audio, audio_path, filename, file_name, wav")
      },
      { .refused(line: $0, reason: "'file' is a number, not text") },
      { .refused(line: $0, reason: "the row is a list, not an object") },
      { .refused(line: $0, reason: "'../c.wav' leads out of the audio folder") },
      { .refused(line: $0, reason: "'labels' holds something that is not text") },
    ]

    let lines = try entries(objects.joined(separator: "\n\n") + "\r\n{\"file\":", name: "x.jsonl")
    let list = try entries("[\n" + objects.joined(separator: ",\n") + "\n]\n", name: "x.json")

    #expect(lines.0 == .jsonLines && list.0 == .jsonList)
    let places = expected.enumerated()
    #expect(
      lines.1 == places.map { $0.element(2 * $0.offset + 1) } + [.refused(line: 14, reason: "the line is not JSON")])
    #expect(list.1 == places.map { $0.element($0.offset + 2) })
  }

  @Test func vggSoundIsReadWithoutAHeader() throws {
    let (format, rows) = try entries(
      "---g-f_I2yQ,1,people marching,test\n--0PQM4-hqg,30,\"bird chirping, tweeting\",train\nx,y,z,w\n")

    #expect(format == .vggSound)
    #expect(
      rows == [
        .row(
          ManifestRow(
            file: "---g-f_I2yQ_000001", labels: ["people marching"], recording: "---g-f_I2yQ",
            metadata: ["split": "test", "start": "1"]), line: 1),
        .row(
          ManifestRow(
            file: "--0PQM4-hqg_000030", labels: ["bird chirping, tweeting"], recording: "--0PQM4-hqg",
            metadata: ["split": "train", "start": "30"]), line: 2),
        .refused(line: 3, reason: "'x' and 'y' are no YouTube id and start in seconds"),
      ])
  }

  @Test func clipsOfAVQAAreUsedAndItsQuestionsAreNot() throws {
    let question =
      #"{"id":183,"video_name":"-HG3Omg_89c_000030","video_id":341,"multi_choice":["a",null],"answer":1}"#
    let row = ManifestRow(file: "-HG3Omg_89c_000030", recording: "-HG3Omg_89c", metadata: ["video_id": "341"])

    #expect(try entries("[\(question)]", name: "train_qa.json") == (.avqa, [.row(row, line: 1)]))
    #expect(
      try entries("\(question)\n\(question)\n", name: "x.data") == (.avqa, [.row(row, line: 1), .row(row, line: 2)]))
  }

  @Test func damagedManifestsNeverCrash() throws {
    var generator = SeededGenerator(state: 2)
    let starts = [
      "file,label\na.wav,\"do\"\"g\"\nb.wav,cat;x\n", "{\"file\":\"a.wav\",\"label\":[\"x\"]}\n{\"file\":\"b\"}\n",
      "[{\"file\":\"a.wav\"},{\"file\":\"b\"}]", "---g-f_I2yQ,1,people,test\n", "---g-f_I2yQ_000001.mp4,people\n",
    ]
    let pool = Array("\",\n\r{}[]:;|/.\\".utf8) + [0, 0xFF, 0xC3, 0xEF]
    try withFolder { folder in
      let file = folder.appendingPathComponent("x.csv")
      for round in 0..<1000 {
        var bytes = Array(starts[round % starts.count].utf8)
        for _ in 0..<Int.random(in: 1...5, using: &generator) {
          bytes[Int.random(in: 0..<bytes.count, using: &generator)] = pool.randomElement(using: &generator)!
        }
        try Data(bytes).write(to: file)
        do throws(DatasetError) {
          var reader = try ManifestReader(path: file.path)
          while let entry = try reader.next() {
            if let row = entry.row {
              #expect(!row.file.hasPrefix("/") && !row.file.split(separator: "/").contains(".."))
            }
          }
        } catch {
          #expect(!error.description.isEmpty)
        }
      }
    }
  }

  // 300,000 rows, 21 MB; in a process of its own, whose memory no other test changes.
  @Test func longTablesAreReadInFlatMemory() async {
    await #expect(processExitsWith: .success) {
      try withFolder { folder in
        let path = folder.appendingPathComponent("long.csv").path
        let row = Data("a folder with a long name/another one/clip number 1234567.wav,a label\n".utf8)
        try Data("file,label\n".utf8).write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seekToEnd()
        for _ in 0..<300 { try file.write(contentsOf: Data((0..<1000).flatMap { _ in row })) }
        try file.close()

        var count = 0
        let before = residentBytes()
        var grown = 0
        let time = try ContinuousClock().measure {
          var reader = try ManifestReader(path: path)
          while let entry = try reader.next() {
            count += entry.row == nil ? 0 : 1
            if count % 1000 == 0 { grown = max(grown, residentBytes() - before) }
          }
        }

        print("300,000 rows: \(time), \(grown >> 10) KiB more at most")
        precondition(count == 300_000)
        precondition(grown < 5 << 20, "\(grown) bytes")
      }
    }
  }

  @Test(.enabled(if: realData != nil, "EARSHOT_TEST_DATA is not set")) func realManifestsAreReadWhole() throws {
    let animals = try entries(path: realData! + "/animals/labels.csv")
    let digits = try entries(path: realData! + "/digits/labels.csv")
    let vggSound = try entries(path: realData! + "/benchmarks/vggsound-test.csv")

    #expect(animals.0 == .table && animals.1.compactMap(\.row).count == 550)
    #expect(Set(animals.1.compactMap(\.row).flatMap(\.labels)).count == 10)
    #expect(digits.1.compactMap(\.row).count == 1000)
    #expect(Set(digits.1.compactMap { $0.row?.metadata["speaker"] }).count == 4)
    #expect(vggSound.0 == .vggSoundFiles && vggSound.1.compactMap(\.row).count == 15_446)
    #expect(Set(vggSound.1.compactMap(\.row).flatMap(\.labels)).count == 309)
    #expect(throws: DatasetError.self) { _ = try ManifestReader(path: realData! + "/benchmarks/vggsound-stat.csv") }
  }
}

/// Memory of this process that is in use, from `/proc`.
private func residentBytes() -> Int {
  let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
  return (fields.flatMap { Int($0[1]) } ?? 0) * 4096
}
