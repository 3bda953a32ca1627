/// Messages as ms-swift, verl and LLaMA-Factory read them: where `<audio>` stands in a text, the sound goes.
enum ChatMessages {
  /// One `<audio>`, or none where the row has no sound, then what is asked.
  static func user(_ row: SetRow) -> String {
    message("user", (row.sound == nil ? "" : "<audio>") + row.asked)
  }

  static func message(_ role: String, _ content: String) -> String {
    JSONText.object(["role": JSONText.string(role), "content": JSONText.string(content)])
  }

  /// As many as there are `<audio>`.
  static func sounds(_ row: SetRow) -> String {
    JSONText.strings(row.sound == nil ? [] : [row.question.audioPath])
  }
}
