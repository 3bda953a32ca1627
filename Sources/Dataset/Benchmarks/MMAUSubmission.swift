/// The file that MMAU takes predictions in: the rows of its test set as a JSON list, each with what was predicted under
/// both keys that are in use, `model_output` (read by evaluation.py) and `model_prediction` (asked for by its README).
public enum MMAUSubmission {
  /// The text of the file for the test set at `path`. `predictions` are by id; a row without one says nothing.
  ///
  /// Rows that are no objects are left out; the members of the others stay as they are, in their order.
  public static func text(path: String, predictions: [String: String]) throws(DatasetError) -> String {
    var rows = try JSONRows(path: path)
    var texts: [String] = []
    while let row = try rows.next() {
      guard case .value(.object(let members), _) = row else { continue }
      let id = members.first { $0.name == "id" }?.value.string ?? ""
      let prediction = JSONValue.string(predictions[id] ?? "")
      let kept = members.filter { $0.name != "model_output" && $0.name != "model_prediction" }
      let added = ["model_output", "model_prediction"].map { JSONMember(name: $0, value: prediction) }
      texts.append(JSONText.text(.object(kept + added)))
    }
    return "[\n" + texts.joined(separator: ",\n") + "\n]\n"
  }
}

extension JSONText {
  /// A value as it was read.
  static func text(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let digits): digits
    case .string(let text): string(text)
    case .array(let elements): array(elements.map(text))
    case .object(let members):
      "{" + members.map { string($0.name) + ":" + text($0.value) }.joined(separator: ",") + "}"
    }
  }
}
