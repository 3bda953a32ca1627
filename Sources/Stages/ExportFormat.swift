import Dataset

/// The formats that a set can be exported in.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// A line a question with all that is known of it.
  case jsonl
  /// The lines that R1-AQA trains on.
  case r1AQA = "r1-aqa"

  /// The line of one question. `row` counts the lines of its file from 0, `clipNumber` its clips.
  func line(_ question: ExportedQuestion, row: Int, clipNumber: Int) -> String {
    switch self {
    case .jsonl: JSONLFormat.line(question)
    case .r1AQA:
      R1AQAFormat.line(question, row: row, clipNumber: clipNumber, audioPath: question.audioPath)
    }
  }
}
