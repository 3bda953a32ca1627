import Foundation
import Testing

@testable import Dataset

/// A question as a run exports it; questions with another number have other words and another place of the answer.
func exportedQuestion(_ number: Int = 1) -> ExportedQuestion {
  var question = ExportedQuestion(
    id: "9f2c\(number)", clip: "c\(number / 2)", split: "train", audioPath: "audio/c\(number / 2).wav",
    question: "What follows the dog's \"bark\" number \(number)?",
    choices: ["A car horn", "A door closing", "Rain", "Geräusch"], answerIndex: number % 4, skill: "order",
    difficulty: "easy", labels: number % 3 == 0 ? [] : ["dog"], evidence: "Then a door closes.",
    captions: [ExportedQuestion.Caption(captioner: "acoustic", text: "A dog barks.\nThen a door closes.")],
    provenance: ExportedQuestion.Provenance(
      model: "stand-in", prompt: "avqa-gpt", promptHash: "ab12", captioners: ["acoustic"], checksVersion: 1,
      sources: ["dogs/\(number).wav"]))
  question.audioContribution = .strong
  return question
}

/// A WAV file of 16 kHz and 16 bits with this many samples, none of them 0.
func soundBytes(_ frames: Int) -> [UInt8] {
  let size = { (value: Int) in withUnsafeBytes(of: UInt32(value).littleEndian) { Array($0) } }
  return Array("RIFF".utf8) + size(36 + 2 * frames) + Array("WAVEfmt ".utf8) + size(16) + [1, 0, 1, 0] + size(16_000)
    + size(32_000) + [2, 0, 16, 0] + Array("data".utf8) + size(2 * frames)
    + (0..<2 * frames).map { UInt8($0 % 251 + 1) }
}

/// A FLAC file of 16 kHz and 16 bits with 8,000 samples, as libFLAC wrote it.
func flacBytes() throws -> [UInt8] {
  let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  return [UInt8](try Data(contentsOf: fixtures.appendingPathComponent("Fixtures/audio/tone.flac")))
}

/// Writes questions in a format as exports do, with their sounds where it has files of them.
func export(
  _ format: any SetFormat.Type, _ questions: [ExportedQuestion], as encoding: SoundEncoding = .wav, to folder: URL
) throws {
  let files = FileManager.default
  func path(_ name: String) throws -> URL {
    let url = folder.appendingPathComponent(name)
    try files.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    return url
  }
  let hidden = format.sounds[0] == .embedded ? ".sounds/" : ""
  for file in format.files(of: "train") {
    var encoder = file.makeEncoder()
    var bytes = encoder.begin()
    for (number, question) in questions.enumerated() {
      var question = question
      question.audioPath = format.soundPath(of: question, as: encoding)
      let sound = try path(hidden + format.folder(of: "train") + question.audioPath)
      try Data(encoding == .wav ? soundBytes(1_600 + number) : flacBytes()).write(to: sound)
      let row = SetRow(
        question: question, number: number, clipNumber: number / 2, asked: "\(question.question) Choose.",
        sound: SetSound(path: sound.path, encoding: encoding))
      bytes += try encoder.add(row)
    }
    try Data(bytes + encoder.end()).write(to: try path(file.path(0)))
  }
  for companion in format.companions(rows: ["train": questions.count]) {
    try Data(companion.text.utf8).write(to: try path(companion.path))
  }
}

@Suite struct ExportFormatTests {
  private func line(_ format: any SetFormat.Type, file: Int = 0, sound: String? = "/s.wav") throws -> String {
    var question = exportedQuestion()
    question.audioPath = format.soundPath(of: question, as: .wav)
    var encoder = format.files(of: "train")[file].makeEncoder()
    let row = SetRow(
      question: question, number: 0, clipNumber: 0, asked: "What? Choose.", sound: sound.map { SetSound(path: $0) })
    return String(decoding: try encoder.add(row), as: UTF8.self)
  }

  /// The rows of docs and loaders that the formats follow.
  @Test func rowsAreThoseOfTheFormatsOwners() throws {
    #expect(
      try line(MSSwiftFormat.self, file: 1) == #"""
        {"messages":[{"role":"user","content":"<audio>What? Choose."}],"audios":["audio/c0.wav"],\#
        "solution":"<answer>A door closing</answer>","choices":["A car horn","A door closing","Rain","Geräusch"],\#
        "question_id":"9f2c1"}

        """#)
    #expect(
      try line(VERLFormat.self) == #"""
        {"data_source":"earshot","prompt":[{"role":"user","content":"<audio>What? Choose."}],\#
        "audios":["audio/c0.wav"],"ability":"audio_qa","reward_model":{"style":"rule","ground_truth":"A door closing"},\#
        "extra_info":{"split":"train","index":0,"id":"9f2c1","choices":["A car horn","A door closing","Rain","Geräusch"]}}

        """#)
    #expect(
      try line(LLaMAFactoryFormat.self, file: 1) == #"""
        {"conversations":[{"role":"user","content":"<audio>What? Choose."}],\#
        "chosen":{"role":"assistant","content":"<answer>A door closing</answer>"},\#
        "rejected":{"role":"assistant","content":"<answer>Rain</answer>"},"audios":["audio/c0.wav"]}

        """#)
    #expect(
      try line(AudioMCQFormat.self) == #"""
        {"source_dataset":"earshot","id":"9f2c1","audio_path":"audio/c0.wav",\#
        "question":"What follows the dog's \"bark\" number 1?","choices":["A car horn","A door closing","Rain","Geräusch"],\#
        "answer":"A door closing","question_type":"order","audio-contribution":"strong"}

        """#)
  }

  @Test func aRowWithoutSoundHasNoPlaceForOne() throws {
    #expect(try line(MSSwiftFormat.self, sound: nil).contains(#""content":"What? Choose."}"#))
    #expect(try line(MSSwiftFormat.self, sound: nil).contains(#""audios":[]"#))
    #expect(throws: DatasetError.noSound(id: "9f2c1")) { try line(LhotseFormat.self, sound: nil) }
  }

  @Test func theTextOfTRLHasTheCaptionsInTheSoundsPlace() throws {
    let text = try line(TRLFormat.self, file: 1)

    #expect(text.contains(#""content":"A sound is described so:\nA dog barks.\nThen a door closes.\n\nWhat? Choose.""#))
    #expect(!text.contains("audio/c0.wav"))
  }

  @Test func whatMMAUsScorerHasNoTableForIsCountedAsTheUsual() throws {
    let text = try line(MMAUFormat.self)

    #expect(text.contains(#""task":"sound""#) && text.contains(#""difficulty":"easy""#))
    #expect(text.contains(#""sub-category":"order""#) && text.contains(#""audio_id":"./audio/c0.wav""#))
  }

  @Test(arguments: ExportFormat.allCases) func aSetGivesTheSameBytesAgain(format: ExportFormat) throws {
    func files() throws -> [String: Data] {
      try withFolder { folder in
        try export(format.format, (0..<7).map(exportedQuestion), to: folder)
        var files: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
          files[name] = try? Data(contentsOf: folder.appendingPathComponent(name))
        }
        return files
      }
    }

    let first = try files()

    #expect(first.values.allSatisfy { !$0.isEmpty })
    #expect(try files() == first)
  }

  @Test func everyRowOfAFileHasTheSameMembersInTheSameOrder() throws {
    for format in ExportFormat.allCases where format.format.files(of: "train")[0].path(0).hasSuffix(".jsonl") {
      for file in format.format.files(of: "train") {
        var encoder = file.makeEncoder()
        let names = try (0..<4).map { number in
          var question = exportedQuestion(number)
          if number == 3 { (question.skill, question.evidence, question.captions) = ("", "", []) }
          guard format != .lhotse else { return ["lhotse needs a sound"] }
          let row = SetRow(question: question, number: number, clipNumber: 0, asked: "What?", sound: nil)
          let bytes = try encoder.add(row).dropLast()
          guard case .object(let members) = try JSONParser.parse(Array(bytes)) else { return [] }
          return members.map(\.name)
        }
        #expect(Set(names).count == 1 && names[0] != [], "\(format) \(file.path(0))")
      }
    }
  }

  /// Python's tarfile gives such an archive, for members of mode 644 and no owner.
  @Test func aShardIsATarArchive() throws {
    let bytes = try withFolder { folder in
      try export(WebDatasetFormat.self, [exportedQuestion(1), exportedQuestion(2)], to: folder)
      return [UInt8](try Data(contentsOf: folder.appendingPathComponent("train-000000.tar")))
    }
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range].prefix { $0 != 0 }, as: UTF8.self) }

    #expect(bytes.count % 10_240 == 0)
    #expect(text(0..<100) == "9f2c1.wav")
    #expect(text(100..<108) == "0000644" && text(124..<136) == "00000006254" && text(136..<148) == "00000000000")
    #expect(text(257..<265) == "ustar" && text(263..<265) == "00")
    let sum = bytes[0..<512].enumerated().reduce(0) { $0 + ((148..<156).contains($1.0) ? 0x20 : Int($1.1)) }
    #expect(Int(text(148..<155), radix: 8) == sum)
    #expect(Array(bytes[512..<512 + 44 + 3_200]) == soundBytes(1_600))
    #expect(text(512 + 3_584..<512 + 3_684) == "9f2c1.json")
  }

  /// Where any question of a set has a rate, all rows have it; where none has, none.
  @Test func ratesOfAnswersAreThereWhereTheyAreKnown() throws {
    var known = exportedQuestion(1)
    known.rates = [.heard: 0.5, .blind: 1]
    var unknown = exportedQuestion(2)
    unknown.sharedMembers = [.rate(.heard), .rate(.blind)]
    let plain = JSONLFormat.line(exportedQuestion(1))

    #expect(!plain.contains("pass_rate") && !plain.contains("accuracy"))
    #expect(
      JSONLFormat.line(known)
        == plain.replacing(#""strong","#, with: #""strong","pass_rate":0.5,"blind_accuracy":1.0,"#))
    #expect(JSONLFormat.line(unknown).contains(#""strong","pass_rate":null,"blind_accuracy":null,"labels":"#))
    for question in [known, unknown] {
      let hub = HubColumn.line(question, first: ("audio_path", ""))
      let rates = hub.split(separator: #""audio_contribution":"strong","#)[1].prefix(40)
      #expect(rates.hasPrefix(question == known ? #""pass_rate":0.5,"blind_accuracy":1.0,"# : #""pass_rate":null,"#))
    }
  }

  /// Read back by the reader of imports, whose numbers pyarrow's files are tested by.
  @Test func aParquetFileHasRatesAsNumbersOrNull() throws {
    var questions = (0..<3).map { exportedQuestion($0) }
    for place in questions.indices { questions[place].sharedMembers = [.rate(.heard)] }
    questions[0].rates[.heard] = 1.0 / 3
    questions[2].rates[.heard] = 0

    let found = try withFolder { folder in
      try export(ParquetFormat.self, questions, to: folder)
      #expect(try ExportCheck.check(folder.path, format: .parquet).fault == nil)
      let path = folder.appendingPathComponent("data/train-00000.parquet").path
      var reader = try ImportReader(path: path, root: folder.path + "/")
      var found: [Double?] = []
      while case .row(let row)? = try reader.next() { found.append(row.question.rates[.heard]) }
      return found
    }

    #expect(found == [1.0 / 3, nil, 0])
  }

  /// Names and lengths follow from what the files are.
  @Test func soundsInFLACAreCalledSoAndHaveTheirOwnLength() throws {
    try withFolder { folder in
      try export(LhotseFormat.self, [exportedQuestion(1)], as: .flac, to: folder)
      try export(WebDatasetFormat.self, [exportedQuestion(1)], as: .flac, to: folder)

      let cut = try String(contentsOf: folder.appendingPathComponent("cuts-train.jsonl"), encoding: .utf8)
      #expect(cut.contains(#""source":"audio/c0.flac""#))
      #expect(cut.contains(#""sampling_rate":16000,"num_samples":8000,"duration":0.5"#))
      let shard = [UInt8](try Data(contentsOf: folder.appendingPathComponent("train-000000.tar")))
      #expect(Array(shard.prefix(11)) == Array("9f2c1.flac\u{0}".utf8))
      #expect(Array(shard[512...].prefix(try flacBytes().count)) == (try flacBytes()))
      #expect(String(decoding: shard, as: UTF8.self).contains(#""audio_path":"9f2c1.flac""#))
    }
  }

  @Test(arguments: [("a1_-B", "a1_-B"), ("clip.v1", "q3-clip_v1"), ("a/../b", "q3-a____b"), ("", "q3-")])
  func theKeyOfASampleHasNoDotsAndNoSlashes(id: String, key: String) {
    var question = exportedQuestion()
    question.id = id

    #expect(WebDatasetFormat.key(SetRow(question: question, number: 3, clipNumber: 0, asked: "", sound: nil)) == key)
  }

  /// Bytes by hand from parquet.thrift and thrift-compact-protocol.md.
  @Test func thriftIsWrittenAsItsSpecificationSays() {
    var writer = ThriftWriter()
    writer.int32(1, -1)
    writer.int64(4, 300)
    writer.texts(5, ["ab"])
    writer.structure(6) { $0.int32(2, 1) }
    writer.integers(7, Array(repeating: 0, count: 15))
    writer.stop()

    #expect(
      writer.bytes == [
        0x15, 0x01, 0x36, 0xD8, 0x04, 0x19, 0x18, 0x02, 0x61, 0x62, 0x1C, 0x25, 0x02, 0x00, 0x19, 0xF5, 15,
      ]
        + [UInt8](repeating: 0, count: 15) + [0])
  }

  @Test func levelsOfAColumnAreRunsAndValuesPlain() {
    var column = ParquetColumn(path: ["choices", "list", "element"], kind: .bytes, isText: true, isList: true)
    column.add(["a", "bc"])
    column.add([String]())

    let page = column.takePage()

    let levels: [UInt8] = [6, 0, 0, 0, 2, 0, 2, 1, 2, 0] + [4, 0, 0, 0, 4, 3, 2, 1]
    #expect(page.suffix(levels.count + 11) == levels + [1, 0, 0, 0, 0x61, 2, 0, 0, 0, 0x62, 0x63])
    #expect(column.count == 0 && column.size == 0)
  }

  @Test func aParquetFileIsNotMixedOfRowsWithAndWithoutSound() throws {
    var encoder = try #require(ParquetFormat.files(of: "train").first).makeEncoder()
    _ = try encoder.add(SetRow(question: exportedQuestion(), number: 0, clipNumber: 0, asked: "", sound: nil))

    #expect(throws: DatasetError.noSound(id: "9f2c2")) {
      let sound = SetSound(path: "/nowhere.wav")
      return try encoder.add(SetRow(question: exportedQuestion(2), number: 1, clipNumber: 1, asked: "", sound: sound))
    }
  }
}
