extension ReportTable {
  /// A table of GitHub's Markdown, its columns aligned for those who read the source; the best numbers are bold.
  public func markdown() -> String {
    let best = bestValues()
    let headings = columns.map { Self.escaped(heading($0)) }
    let body = rows.map { row in
      let cells = cells(row)
      return columns.indices.map { place in
        let text = Self.escaped(text(cells[place], in: columns[place]))
        let isBest = !row.isReference && best[place] != nil && number(cells[place])?.value == best[place]
        return isBest ? "**\(text)**" : text
      }
    }
    let widths = columns.indices.map { place in
      // One long answer must not pad all rows.
      max(4, ([headings] + body).map { $0[place].count }.filter { $0 <= 60 }.max() ?? 0)
    }
    let rule = columns.indices.map { place in
      columns[place].quantity == nil
        ? String(repeating: "-", count: widths[place]) : String(repeating: "-", count: widths[place] - 1) + ":"
    }
    let lines = ([headings, rule] + body).map { line($0, widths) }
    let parts = [title.isEmpty ? [] : ["**\(Self.escaped(title))**"], lines, notes.map { "- " + Self.escaped($0) }]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = columns.indices.map { place in
      let space = String(repeating: " ", count: max(0, widths[place] - cells[place].count))
      return columns[place].quantity == nil ? cells[place] + space : space + cells[place]
    }
    return "| " + padded.joined(separator: " | ") + " |"
  }

  /// Text that Markdown shows as it is, on one line.
  static func escaped(_ text: String) -> String {
    let scalars = PlainText.cleaned(text).unicodeScalars.filter { !PlainText.turnsDirection($0) }
    let characters = Array(String(String.UnicodeScalarView(scalars)).trimming { $0.isWhitespace })
    var result = ""
    for (place, character) in characters.enumerated() {
      switch character {
      case "\n": result += "<br>"
      case "\t": result += " "
      case "_":
        // Within a word it means nothing.
        let isInWord = [place - 1, place + 1].allSatisfy { characters.indices.contains($0) && characters[$0].isLetter }
        result += isInWord ? "_" : "\\_"
      case "\\", "`", "*", "[", "]", "<", ">", "|", "~", "#", "&", "$": result += "\\\(character)"
      case "-", "+":
        // A list begins so, a number does not.
        let beginsList = place == 0 && (characters.count == 1 || characters[1].isWhitespace)
        result += beginsList ? "\\\(character)" : "\(character)"
      default: result.append(character)
      }
    }
    return result
  }
}

extension String {
  /// Without the characters at its ends that `isLeftOut`.
  fileprivate func trimming(_ isLeftOut: (Character) -> Bool) -> Substring {
    guard let first = firstIndex(where: { !isLeftOut($0) }), let last = lastIndex(where: { !isLeftOut($0) }) else {
      return ""
    }
    return self[first...last]
  }
}
