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
      max(4, ([headings] + body).map { $0[place].count }.max() ?? 0)
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
    let unified = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    let characters = Array(unified)
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
