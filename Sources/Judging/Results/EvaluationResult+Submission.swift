import Dataset
import Evaluation
import Foundation

extension EvaluationResult {
  /// Writes `submission.json`, where every right answer is withheld, as in MMAU's test: the rows of `testSet` with what
  /// was answered, to the choices as they stand in the file. Returns its path, or nil where answers are known.
  public func writeSubmission(testSet path: String) throws -> String? {
    guard scored.isWithheld else { return nil }
    let isTagged = manifest.extraction == Answered.Extraction.answerTag.rawValue
    let outputs = lines.compactMap { line in
      line.answers?.first?.output.map { (line.id, isTagged ? AnswerTag.text(in: $0) : $0) }
    }
    let predictions = Dictionary(outputs, uniquingKeysWith: { first, _ in first })
    let text = try MMAUSubmission.text(path: path, predictions: predictions)
    let name = folder.file("submission.json")
    if FileManager.default.contents(atPath: name) != Data(text.utf8) { try folder.write(text, to: "submission.json") }
    return name
  }
}
