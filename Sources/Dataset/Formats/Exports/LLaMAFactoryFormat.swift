import Foundation

/// Rows for LLaMA-Factory in its "sharegpt" form, for SFT and for DPO, and the `dataset_info.json` that names them.
public enum LLaMAFactoryFormat: SetFormat {
  public static let rowExtensions = ["json", "jsonl"]

  public static func check(_ row: CheckedRow) throws(RowProblem) {
    guard row.value.member("chosen") != nil else {
      return try row.checkMessages("messages", sounds: "audios", endsWithUser: false)
    }
    try row.checkMessages("conversations", sounds: "audios", endsWithUser: true)
    let (chosen, rejected) = (try row.object("chosen"), try row.object("rejected"))
    guard try chosen.text("content") != rejected.text("content") else {
      throw RowProblem(reason: "'chosen' and 'rejected' say the same")
    }
  }

  /// The loader knows a file by its entry alone.
  public static func checkFolder(_ folder: String, files: [String]) throws(ExportCheck.Fault) {
    let name = "dataset_info.json"
    let fault = { (reason: String) in ExportCheck.Fault(path: name, row: 0, reason: reason) }
    guard let bytes = FileManager.default.contents(atPath: folder + name) else { throw fault("is not there") }
    guard let entries = try? JSONParser.parse([UInt8](bytes)), case .object(let sets) = entries else {
      throw fault("is no JSON object")
    }
    let named = sets.compactMap { $0.value.member("file_name")?.string }
    if let missing = files.first(where: { !named.contains($0) }) { throw fault("has no entry for \(missing)") }
    if let lost = named.first(where: { !files.contains($0) }) {
      throw fault("names \(shortened(lost)), which is not there")
    }
  }

  public static func files(of split: String) -> [SetFile] {
    [
      SetFile("sft_\(split).jsonl", configuration: "sft") { LineEncoder { supervised($0) } },
      SetFile("dpo_\(split).jsonl", configuration: "dpo") { LineEncoder { ranked($0) } },
    ]
  }

  static func supervised(_ row: SetRow) -> String {
    JSONText.object([
      "messages": JSONText.array([ChatMessages.user(row), ChatMessages.message("assistant", row.taggedAnswer)]),
      "audios": ChatMessages.sounds(row),
    ])
  }

  /// Rejected is the choice after the right one, the first after the last: as places are even, so are these.
  static func ranked(_ row: SetRow) -> String {
    let choices = row.question.choices
    let worse = choices.isEmpty ? "" : choices[(row.question.answerIndex + 1) % choices.count]
    return JSONText.object([
      "conversations": JSONText.array([ChatMessages.user(row)]),
      "chosen": ChatMessages.message("assistant", row.taggedAnswer),
      "rejected": ChatMessages.message("assistant", "<answer>\(worse)</answer>"),
      "audios": ChatMessages.sounds(row),
    ])
  }

  public static func companions(rows: [String: Int]) -> [TextFile] {
    let entries = rows.keys.sorted().flatMap { split in
      [
        entry("earshot_sft_\(split)", file: "sft_\(split).jsonl", messages: "messages", isRanked: false),
        entry("earshot_dpo_\(split)", file: "dpo_\(split).jsonl", messages: "conversations", isRanked: true),
      ]
    }
    return [TextFile(path: "dataset_info.json", text: "{\n" + entries.joined(separator: ",\n") + "\n}\n")]
  }

  /// Without `tags` the loader looks for `from` and `value`.
  private static func entry(_ name: String, file: String, messages: String, isRanked: Bool) -> String {
    let ranking = isRanked ? "\"ranking\":true," : ""
    let columns =
      "\"messages\":\"\(messages)\",\"audios\":\"audios\""
      + (isRanked ? ",\"chosen\":\"chosen\",\"rejected\":\"rejected\"" : "")
    return """
      "\(name)":{"file_name":"\(file)","formatting":"sharegpt",\(ranking)"columns":{\(columns)},\
      "tags":{"role_tag":"role","content_tag":"content","user_tag":"user","assistant_tag":"assistant"}}
      """
  }
}
