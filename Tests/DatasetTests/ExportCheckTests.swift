import Foundation
import Testing

@testable import Dataset

@Suite struct ExportCheckTests {
  private let files = FileManager.default

  private func questions(_ format: ExportFormat) -> [ExportedQuestion] { (0..<9).map(exportedQuestion) }

  /// What the check says of an export after `damage`.
  private func fault(
    _ format: ExportFormat, as encoding: SoundEncoding = .wav, _ damage: (URL) throws -> Void = { _ in }
  ) throws -> (rows: Int, fault: String?) {
    try withFolder { folder in
      try export(format.format, questions(format), as: encoding, to: folder)
      try damage(folder)
      let check = try ExportCheck.check(folder.path, format: format)
      return (check.total, check.fault?.description)
    }
  }

  private func replace(_ old: String, by new: String, in name: String) -> (URL) throws -> Void {
    { folder in
      let url = folder.appendingPathComponent(name)
      let text = try String(contentsOf: url, encoding: .utf8)
      try #require(text.contains(old))
      let range = try #require(text.range(of: old, options: .backwards))
      try text.replacingCharacters(in: range, with: new).write(to: url, atomically: true, encoding: .utf8)
    }
  }

  @Test(arguments: ExportFormat.allCases) func whatIsExportedPasses(format: ExportFormat) throws {
    let (rows, fault) = try fault(format)

    #expect(fault == nil)
    #expect(rows == 9 * format.format.files(of: "train").count)
  }

  @Test(arguments: ExportFormat.allCases) func whatIsExportedInFLACPasses(format: ExportFormat) throws {
    let (rows, fault) = try fault(format, as: .flac)

    #expect(fault == nil)
    #expect(rows == 9 * format.format.files(of: "train").count)
  }

  /// The last byte of a FLAC file, wherever the format has it, is that of the last block's sum.
  @Test(arguments: [
    (ExportFormat.jsonl, "the sound 'audio/c4.flac' is cut off, or damaged at its end"),
    (.lhotse, "the sound 'audio/c4.flac' is cut off, or damaged at its end"),
    (.labelStudio, "the sound 'audio/c4.flac' is cut off, or damaged at its end"),
    (.parquet, "the sound 'audio/c4.flac' of row 9 is cut off, or damaged at its end"),
    (.webDataset, "the member '9f2c8.flac' is cut off, or damaged at its end"),
  ])
  func aDamagedFLACFileIsFound(format: ExportFormat, said: String) throws {
    let sound = Data(try flacBytes())
    let fault = try fault(format, as: .flac) { folder in
      let inside: [ExportFormat: String] = [.parquet: "data/train-00000.parquet", .webDataset: "train-000000.tar"]
      let url = folder.appendingPathComponent(inside[format] ?? "audio/c4.flac")
      var bytes = try Data(contentsOf: url)
      let place = try #require(bytes.range(of: sound, options: .backwards))
      bytes[place.upperBound - 1] ^= 1
      try bytes.write(to: url)
    }.fault

    #expect(fault?.hasSuffix(said) == true, "\(fault ?? "no fault")")
  }

  @Test(arguments: ExportFormat.allCases) func aFolderWithoutRowsFails(format: ExportFormat) throws {
    let fault = try withFolder { try ExportCheck.check($0.path, format: format).fault }

    #expect(fault?.description.contains("holds no rows of the format \(format.rawValue)") == true)
  }

  @Test(arguments: [
    (
      ExportFormat.jsonl, "train.jsonl", #""answer_index":0"#, #""answer_index":1"#,
      "'answer' is not the choice at 'answer_index'"
    ),
    (
      .jsonl, "train.jsonl", #""skill":"order""#, #""skill":["order"]"#,
      "'skill' is a list; in the rows before it is text"
    ),
    (
      .jsonl, "train.jsonl", #","evidence":"Then a door closes.""#, "", "'evidence' is missing; the rows before have it"
    ),
    (.jsonl, "train.jsonl", #""origin":"""#, #""origin":"","by":1"#, "'captions[].by' is in none of the rows before"),
    (.jsonl, "train.jsonl", #""Rain""#, #""rain ""#, "the choice 'rain ' begins or ends with white space"),
    (.jsonl, "train.jsonl", #""Rain""#, #""a DOOR closing""#, "the choice 'a DOOR closing' is there twice"),
    (
      .jsonl, "train.jsonl", "What follows", "<Audio>What follows",
      "'question' holds <audio>, which trainers read as their own"
    ),
    (.jsonl, "train.jsonl", "What follows", #"What\nfollows"#, "'question' holds a line break or a control character"),
    (.jsonl, "train.jsonl", "9f2c8", "9f2c7", "its id is that of an earlier row"),
    (.jsonl, "train.jsonl", "audio/c4.wav", "audio/c9.wav", "the sound 'audio/c9.wav' is not there"),
    (.r1AQA, "train.jsonl", #""dataset_name":"AVQA""#, #""dataset_name":"mine""#, "'dataset_name' is not AVQA"),
    (.r1AQA, "train.jsonl", #""answer":0"#, #""answer":4"#, "'answer' is 4 with 4 choices"),
    (
      .mmau, "train.json", #""task":"sound""#, #""task":"noise""#,
      "'task' is 'noise'; the scorer knows sound, music, speech"
    ),
    (
      .audioMCQ, "train/data.jsonl", #""audio-contribution":"strong""#, #""audio-contribution":"big""#,
      "'audio-contribution' is 'big', neither strong nor weak"
    ),
    (
      .hfAudioFolder, "train/metadata.jsonl", #""file_name":"audio"#, #""file_name":"../train/audio"#,
      "'file_name' is '../train/audio/9f2c8.wav', which is not below the folder of its rows"
    ),
    (
      .trl, "train.jsonl", "<answer>A car horn</answer>", "<answer>A dog</answer>",
      "'solution' has 'A dog', which is none of the choices"
    ),
    (.msSwift, "grpo-train.jsonl", "<audio>What", "What", "<audio> stands 0 times in 'messages', and 'audios' has 1"),
    (.msSwift, "grpo-train.jsonl", #""question_id""#, #""query""#, "'question_id' is missing; the rows before have it"),
    (
      .verl, "train.json", #""ground_truth":"A car horn""#, #""ground_truth":"A dog""#,
      "'ground_truth' is 'A dog', which is none of the choices"
    ),
    (
      .llamaFactory, "sft_train.jsonl", #""role":"assistant""#, #""role":"user""#,
      "'messages' does not alternate between user and assistant, the user first"
    ),
    (
      .lhotse, "cuts-train.jsonl", #""num_samples":1608"#, #""num_samples":1708"#,
      "the recording's 'duration' is not its samples over its rate, 0.10675"
    ),
    (.labelStudio, "train.json", #""answer":"A car horn""#, #""answer":"A dog""#, "'answer' is none of the choices"),
  ]) func theFirstRowThatReadersWouldTripOverIsNamed(
    format: ExportFormat, file: String, old: String, new: String, reason: String
  ) throws {
    let fault = try fault(format, replace(old, by: new, in: file)).fault

    let found = try #require(fault)
    #expect(found.hasSuffix(reason) && found.hasPrefix(file + ":"), "\(found)")
  }

  @Test func theFaultHasTheLineOfItsRow() throws {
    #expect(
      try fault(.jsonl, replace(#""id":"9f2c6""#, by: #""id":6"#, in: "train.jsonl")).fault
        == "train.jsonl:7: 'id' is a whole number; in the rows before it is text")
    #expect(
      try fault(.mmau, replace(#""id":"9f2c8""#, by: #""id":8"#, in: "train.json")).fault
        == "train.json:10: 'id' is a whole number; in the rows before it is text")
    #expect(
      try fault(.jsonl, replace("}\n", by: "\n", in: "train.jsonl")).fault == "train.jsonl:9: the line is not JSON")
  }

  @Test func aliasesThatMSSwiftMapsAreRefusedInEveryRow() throws {
    let fault = try withFolder { folder in
      let line =
        #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"audios":[],"label":"x"}"#
      try Data((line + "\n").utf8).write(to: folder.appendingPathComponent("x.jsonl"))
      return try ExportCheck.check(folder.path, format: .msSwift).fault?.description
    }

    #expect(fault == "x.jsonl:1: 'label' beside 'messages' is taken for another name of one of its own")
  }

  @Test func filesThatLLaMAFactoryDoesNotKnowAreNamed() throws {
    let name = "dataset_info.json"

    #expect(
      try fault(.llamaFactory) { try files.removeItem(at: $0.appendingPathComponent(name)) }.fault
        == "\(name): is not there")
    #expect(
      try fault(.llamaFactory, replace("sft_train.jsonl", by: "x.jsonl", in: name)).fault
        == "\(name): has no entry for sft_train.jsonl")
  }

  private func archive(_ members: [(String, String)]) throws -> String? {
    try withFolder { folder in
      var tar = TarEncoder()
      var bytes: [UInt8] = []
      for (name, text) in members { bytes += tar.member(name, Array(text.utf8)) }
      try Data(bytes + tar.end()).write(to: folder.appendingPathComponent("a.tar"))
      return try ExportCheck.check(folder.path, format: .webDataset).fault?.description
    }
  }

  @Test func samplesThatWebDatasetWouldMergeOrSplitAreNamed() throws {
    let row = JSONLFormat.line(exportedQuestion())

    #expect(try archive([("a.wav", "x"), ("a.json", row), ("b.wav", "x"), ("b.json", row)]) == nil)
    #expect(
      try archive([("a.wav", "x"), ("a.json", row), ("b.mp3", "x"), ("b.json", row)])
        == "a.tar:2: the sample has json, mp3; the samples before have json, wav")
    #expect(
      try archive([("a.wav", "x"), ("b.wav", "x"), ("a.json", row)])?.contains("'a' are not side by side") == true)
    #expect(
      try archive([("clip.v1.wav", "x"), ("clip.v1.wav", "y")])?.contains("two members with the extension v1.wav")
        == true)
    #expect(
      try archive([("a.wav", "x"), ("a.json", row.replacing("\"answer_index\":1", with: "\"answer_index\":9"))])
        == "a.tar:1: 'answer_index' is 9 with 4 choices")
    #expect(try archive([("wav", "x")])?.contains("no key and extension") == true)
  }

  @Test(arguments: [1, 100, 600, 5_000]) func aParquetFileThatWasCutOffIsFound(bytes: Int) throws {
    let fault = try fault(.parquet) { folder in
      let url = folder.appendingPathComponent("data/train-00000.parquet")
      try Data(contentsOf: url).dropLast(bytes).write(to: url)
    }.fault

    #expect(fault?.hasPrefix("data/train-00000.parquet: ") == true)
  }

  @Test func anArchiveThatEndsInsideAMemberIsFound() throws {
    let fault = try fault(.webDataset) { folder in
      let url = folder.appendingPathComponent("train-000000.tar")
      try Data(contentsOf: url).prefix(512 + 3_000).write(to: url)
    }.fault

    #expect(fault == "train-000000.tar: is cut off inside a member")
  }

  @Test func bytesOfAFooterThatAreOtherThanTheyWereNeverStopTheProgram() throws {
    let whole = try withFolder { folder in
      try export(ParquetFormat.self, questions(.parquet), to: folder)
      return try Data(contentsOf: folder.appendingPathComponent("data/train-00000.parquet"))
    }
    var generator = SeededGenerator(state: 8)
    var faults = 0
    for _ in 0..<300 {
      var broken = whole
      for _ in 0..<3 {
        let place = broken.count - 1 - Int.random(in: 0..<2_700, using: &generator)
        broken[place] = UInt8.random(in: 0...255, using: &generator)
      }
      try withFolder { folder in
        try broken.write(to: folder.appendingPathComponent("a.parquet"))
        if try ExportCheck.check(folder.path, format: .parquet).fault != nil { faults += 1 }
      }
    }
    #expect(faults > 60)
  }

  @Test func soundsOfAParquetFileMustBeCalledSounds() throws {
    let fault = try fault(.parquet) { folder in
      let url = folder.appendingPathComponent("data/train-00000.parquet")
      var bytes = try Data(contentsOf: url)
      let range = try #require(bytes.range(of: Data("huggingface".utf8)))
      bytes.replaceSubrange(range, with: Data("huggingfade".utf8))
      try bytes.write(to: url)
    }.fault

    #expect(fault?.hasSuffix("no features of 'huggingface' say that 'audio' is a sound") == true)
  }
}
