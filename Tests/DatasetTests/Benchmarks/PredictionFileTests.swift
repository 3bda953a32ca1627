import Foundation
import Testing

@testable import Dataset

@Suite struct PredictionFileTests {
  private func read(_ text: String) throws -> PredictionFile {
    try withFolder { folder in
      let path = folder.path + "/predictions.json"
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      return try PredictionFile.read(path: path)
    }
  }

  @Test(arguments: [
    "model_output", "model_prediction", "answer_prediction", "prediction", "output", "response", "answer",
  ])
  func everyKeyIsRead(key: String) throws {
    let row = #"{"id": "a", "KEY": "dog"}"#.replacing("KEY", with: key)

    #expect(try read(row).predictions == [PredictionFile.Prediction(id: "a", text: "dog", line: 1)])
    #expect(try read("[\n\(row)]").predictions == [PredictionFile.Prediction(id: "a", text: "dog", line: 2)])
  }

  // A test set given by mistake would else be right in everything.
  @Test func theRightAnswerIsNoPrediction() throws {
    let row = #"{"id": "a", "question": "Q", "choices": ["x", "y"], "answer": "x", "model_output": "y"}"#

    #expect(try read(row).predictions.map(\.text) == ["y"])
    #expect(throws: DatasetError.self) { try read(row.replacing(#", "model_output": "y""#, with: "")) }
  }

  @Test func predictionsAreMatchedByID() throws {
    let items = ["a", "b", "c"].map { BenchmarkItem(id: $0, kind: .choice) }

    let match = try read(
      """
      {"id": "c", "output": ""}
      {"uniq_id": 9, "response": "x"}
      {"id": "a", "output": 3}
      """
    ).match(items)

    #expect(match.texts == ["3", nil, ""])
    #expect(match.unknown == ["9"])
    #expect(match.missing == ["b"])
  }

  @Test func badRowsAreToldWithTheirLine() throws {
    let file = try read(
      """
      {"id": "a", "output": "x"}
      {"id": "a", "output": "y"}
      {"output": "x"}
      {"id": "b"}
      {"id": "c", "output": ["x"]}
      nothing
      """)

    #expect(file.predictions.map(\.text) == ["x"])
    #expect(
      file.refused.map { "\($0.line): \($0.reason)" } == [
        "2: the id 'a' stands in line 1 too", "3: 'id' is missing",
        "4: no prediction under 'model_output', 'model_prediction', 'answer_prediction', 'prediction', 'output' or "
          + "'response'",
        "5: 'output' is a list, not text", "6: the line is not JSON",
      ])
  }
}
