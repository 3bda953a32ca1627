/// The kinds of sets that can be imported, under the names that commands and pipeline files use: those of
/// ``ExportFormat``, and what others publish. `docs/import.md` describes them.
public enum ImportFormat: String, Sendable, CaseIterable {
  case jsonl
  case r1AQA = "r1-aqa"
  case mmau
  case mmar
  case audioMCQ = "audiomcq"
  case hf
  case hfAudioFolder = "hf-audiofolder"
  case parquet
  case trl
  case msSwift = "ms-swift"
  case verl
  case llamaFactory = "llama-factory"
  case webDataset = "webdataset"
  case lhotse
  case labelStudio = "label-studio"
  /// Questions with choices under the usual names.
  case rows

  /// The format whose members a row has; `rows` for any other.
  init(recognizing row: JSONValue) {
    let has = { (names: String...) in names.allSatisfy { row.member($0) != nil } }
    self =
      if has("provenance", "answer_index") {
        .jsonl
      } else if has("caption_sources", "prompt_sha256") {
        .hf
      } else if has("question_text") || has("multi_choice") {
        .r1AQA
      } else if has("recording", "supervisions") {
        .lhotse
      } else if row.member("data")?.member("choices") != nil {
        .labelStudio
      } else if has("reward_model", "prompt") {
        .verl
      } else if has("messages") {
        .msSwift
      } else if has("conversations") {
        .llamaFactory
      } else if row.member("prompt")?.elements != nil {
        .trl
      } else if has("source_dataset", "choices") {
        .audioMCQ
      } else if has("audio_id", "choices") {
        .mmau
      } else if has("modality", "choices") {
        .mmar
      } else {
        .rows
      }
  }

  /// The question of a row; without an id where the row has none. A split that the row does not name stays empty.
  func row(_ value: JSONValue, _ places: AudioPlaces) throws(RowProblem) -> ImportRow {
    guard case .object = value else { throw RowProblem(reason: "the row is \(value.kind), not an object") }
    let members = RowMembers(value)
    switch self {
    case .jsonl, .webDataset: return try ImportRow(exported: value, members, places)
    case .hf, .hfAudioFolder, .parquet:
      // Tables of others have the usual names.
      let isOurs = value.member("caption_sources") != nil && value.member("prompt_sha256") != nil
      return isOurs ? try ImportRow(hub: value, members, places) : try ImportRow(flat: value, members, places)
    case .r1AQA: return try ImportRow(r1AQA: value, members, places)
    case .mmau, .mmar, .audioMCQ, .rows: return try ImportRow(flat: value, members, places)
    case .trl, .msSwift, .verl, .llamaFactory: return try ImportRow(chat: value, members, places)
    case .lhotse: return try ImportRow(lhotse: value, places)
    case .labelStudio: return try ImportRow(labelStudio: value, places)
    }
  }
}

extension Split {
  /// The split that a set calls by one of the usual names; nil for any other.
  public init?(named name: String) {
    switch name.lowercased() {
    case "train", "training": self = .train
    case "dev", "val", "valid", "validation": self = .dev
    case "test", "test-mini", "testmini", "eval", "evaluation": self = .test
    default: return nil
    }
  }

  /// What the path of a file in a set says: `train/data.jsonl`, `data/dev-00000.parquet`, `cuts-test.jsonl`. The last
  /// word counts; nil where there is none.
  public init?(ofFile path: String) {
    let words = path.split { !$0.isLetter }.map(String.init)
    guard let split = words.reversed().lazy.compactMap({ Split(named: $0) }).first else { return nil }
    self = split
  }
}
