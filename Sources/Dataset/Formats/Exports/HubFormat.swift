/// Flat JSON lines in `data/`, with a card: what `datasets.load_dataset` and the Hugging Face hub take as they are.
public enum HubFormat: SetFormat {
  public static func check(_ row: CheckedRow) throws(RowProblem) {
    try row.checkQuestion("question", choices: "choices")
    try row.checkAnswerIndex("answer_index", among: "choices", answer: "answer")
    try row.checkSound(try row.text("audio_path"))
  }

  public static func files(of split: String) -> [SetFile] {
    [
      SetFile("data/\(split).jsonl", configuration: "default") {
        LineEncoder { HubColumn.line($0.question, first: ("audio_path", $0.question.audioPath)) }
      }
    ]
  }
}

/// A folder for each split, with `metadata.jsonl` and the sounds that it names: `datasets`' audiofolder.
///
/// Each question has a file of its own, though several be of one clip: datasets 2.14 to 2.21 keep only the last row of a
/// file.
public enum AudioFolderFormat: SetFormat {
  public static let sounds: [SoundHandling] = [.copied, .linked]

  /// The loader refuses absolute paths, and older ones keep only the last row of a file.
  public static func check(_ row: CheckedRow) throws(RowProblem) {
    let file = try row.text("file_name")
    guard !file.hasPrefix("/"), !file.split(separator: "/").contains("..") else {
      throw RowProblem(reason: "'file_name' is '\(shortened(file))', which is not below the folder of its rows")
    }
    try row.checkSound(file)
    try row.checkQuestion("question", choices: "choices")
    try row.checkAnswerIndex("answer_index", among: "choices", answer: "answer")
  }

  public static func files(of split: String) -> [SetFile] {
    [
      SetFile("\(split)/metadata.jsonl") {
        LineEncoder { HubColumn.line($0.question, first: ("file_name", $0.question.audioPath)) }
      }
    ]
  }

  /// An id that somebody else gave may be no name of a file.
  public static func soundPath(of question: ExportedQuestion, as encoding: SoundEncoding) -> String {
    let id = question.id
    let name = isSafeName(id) ? id : ContentID.make(domain: "earshot sound of an id 1", [id])
    return "audio/\(name).\(encoding.rawValue)"
  }

  public static func folder(of split: String) -> String { "\(split)/" }
}
