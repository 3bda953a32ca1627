extension SampleGroup {
  /// The group for a terminal of `width` columns: the prompt and the answer, then each completion with its reward and
  /// advantage, the best first, each text in at most `lines` lines.
  ///
  /// What models write is not to be trusted: nothing of it can move the cursor, change colours or turn text around.
  public func text(width: Int, lines: Int = 3) -> String {
    var result = Self.block("step \(step)", prompt, width: width, lines: lines)
    if !answer.isEmpty { result += Self.block("answer", answer, width: width, lines: lines) }
    for completion in completions.sorted(by: { ($0.reward ?? -.infinity) > ($1.reward ?? -.infinity) }) {
      var head = completion.reward.map { ProgressText.fixed($0, 2) } ?? "-"
      head += " " + ProgressText.signed(completion.advantage, 2)
      if completion.isTruncated { head += " cut" }
      result += Self.block(head, completion.text, width: width, lines: lines)
    }
    return result.joined(separator: "\n")
  }

  /// The group as Markdown, its texts as they are in blocks of code.
  public var markdown: String {
    var result = Self.code(prompt)
    if !answer.isEmpty { result += "\n\nanswer\n\n" + Self.code(answer) }
    for completion in completions {
      let rewards = completion.rewards.sorted { $0.key < $1.key }.map { name, value in
        "\(PlainText.cleaned(name)) \(value.map { ProgressText.fixed($0, 2) } ?? "-")"
      }
      result += "\n\nreward \(completion.reward.map { ProgressText.fixed($0, 2) } ?? "-")"
      result += " (\(rewards.joined(separator: ", "))), advantage \(ProgressText.signed(completion.advantage, 2))"
      result += ", \(completion.length) tokens\(completion.isTruncated ? ", cut off" : "")\n\n"
      result += Self.code(completion.text)
    }
    return result
  }

  private static let headWidth = 16

  private static func block(_ head: String, _ text: String, width: Int, lines: Int) -> [String] {
    let room = max(width - headWidth, 8)
    var rows = PlainText.wrapped(PlainText.cleaned(text), width: room)
    if rows.count > lines {
      rows = Array(rows.prefix(lines))
      rows[lines - 1] = PlainText.cut(rows[lines - 1] + "…", width: room)
    }
    if rows.isEmpty { rows = [""] }
    return rows.enumerated().map { index, row in
      let start = index == 0 ? head : ""
      let padded = start + String(repeating: " ", count: max(1, headWidth - start.count))
      return row.isEmpty ? start : padded + row
    }
  }

  private static func code(_ text: String) -> String {
    PlainText.cleaned(text, keepingLines: true).split(separator: "\n", omittingEmptySubsequences: false)
      .map { "    " + $0 }.joined(separator: "\n")
  }
}
