/// The words of a card.
extension DatasetCard {
  private var questionCount: Int { splits.reduce(0) { $0 + $1.questions } }

  func frontMatter(_ files: [DataFile]) -> [String] {
    var lines = ["---", "pretty_name: \(yaml(name))"]
    if let license { lines.append("license: \(yaml(license))") }
    if !languages.isEmpty { lines += ["language:"] + languages.map { "- \(yaml($0))" } }
    lines += ["task_categories:", "- question-answering", "- audio-classification"]
    lines += ["tags:", "- audio", "- multiple-choice", "- synthetic"]
    lines += ["size_categories:", "- \(sizeCategory)"]
    if !files.isEmpty { lines.append("configs:") }
    for configuration in distinct(files.map(\.configuration)) {
      lines += ["- config_name: \(yaml(configuration))", "  data_files:"]
      for file in files where file.configuration == configuration {
        lines += ["  - split: \(yaml(file.split))", "    path: \(yaml(file.path))"]
      }
    }
    return lines + ["---", ""]
  }

  var body: [String] {
    var lines = ["# \(cell(name))", "", "Multiple-choice questions about audio clips: \(questionCount) questions.", ""]
    lines += ["## What is in it", ""]
    lines += table(
      ["split", "clips", "seconds of audio", "questions"],
      splits.map { [$0.split, String($0.clips), seconds($0.seconds), String($0.questions)] })
    if !positions.isEmpty {
      lines += ["How often each position holds the right answer:", ""]
      lines += table(["position", "questions"], positions.enumerated().map { [String($0 + 1), String($1)] })
    }
    if !kinds.isEmpty {
      lines += ["Questions by the skill they ask for:", ""]
      lines += table(["skill", "questions"], kinds.map { [$0.name, String($0.count)] })
    }
    lines += statistics.flatMap(block)
    lines += ["## How it was made", ""] + making.map { "- \(cell($0))" } + [""]
    lines += ["## What was left out", ""] + rejections
    lines += details.flatMap(section)
    lines += ["## Limits", ""] + (DatasetCard.usualLimits + licenceLimits + limits).map { "- \(cell($0))" }
    if !closing.isEmpty { lines += [""] + closing.flatMap(section) }
    return lines
  }

  private func section(_ section: Section) -> [String] {
    ["## \(cell(section.title))", ""] + section.blocks.flatMap(block)
  }

  private func block(_ block: Block) -> [String] {
    switch block {
    case .text(let text): [cell(text), ""]
    case .list(let items): items.map { "- \(cell($0))" } + [""]
    case .table(let header, let rows): table(header, rows)
    case .code(let text): ["```", text.replacing("```", with: "` ` `"), "```", ""]
    }
  }

  private var licenceLimits: [String] {
    guard !licences.isEmpty else { return ["The licences of the clips are those of their sources."] }
    return ["Licences of the clips: " + licences.map { "\($0.name) (\($0.count))" }.joined(separator: ", ") + "."]
  }

  private var rejections: [String] {
    if rejected.isEmpty { return ["Nothing.", ""] }
    return table(
      ["reason", "count", "meaning"],
      rejected.map { [$0.name, String($0.count), ReasonCode(rawValue: $0.name)?.summary ?? ""] })
  }

  private static let usualLimits = [
    "The questions were written by a model that read captions and never heard the clips. "
      + "What the captions get wrong, the questions may get wrong."
  ]

  /// The classes of the hub, by number of rows.
  private var sizeCategory: String {
    switch questionCount {
    case ..<1_000: "n<1K"
    case ..<10_000: "1K<n<10K"
    case ..<100_000: "10K<n<100K"
    case ..<1_000_000: "100K<n<1M"
    default: "1M<n<10M"
    }
  }

  private func table(_ header: [String], _ rows: [[String]]) -> [String] {
    let lines = [header, header.map { _ in "---" }] + rows
    return lines.map { "| " + $0.map(cell).joined(separator: " | ") + " |" } + [""]
  }

  /// With one decimal.
  private func seconds(_ seconds: Double) -> String {
    let tenths = Int((max(0, min(seconds, 1e15)) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// Text that cannot be read as Markdown, HTML or the end of a table's cell.
  private func cell(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "\\", "`", "*", "[", "]", "<", ">", "|", "#": escaped += "\\\(character)"
      default: escaped.append(character.isNewline ? " " : character)
      }
    }
    return escaped
  }

  /// A YAML scalar: plain where nothing in it could mean anything else, or else in double quotes, where JSON's escapes
  /// are YAML's.
  private func yaml(_ text: String) -> String {
    let words: Set<String> = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
    let isPlain =
      text.utf8.first.map { isASCIILetter($0) } ?? false
      && text.utf8.allSatisfy { isASCIILetter($0) || (0x30...0x39).contains($0) || "-_./".utf8.contains($0) }
    return isPlain && !words.contains(text.lowercased()) ? text : JSONText.string(text)
  }

  private func isASCIILetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
