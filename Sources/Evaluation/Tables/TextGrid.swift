/// Rows of text in columns, for people: as plain text, Markdown or CSV. Equal grids give equal bytes.
///
///     var grid = TextGrid(["task", "items"], numeric: [1])
///     grid.add(["music", "334"])
///     print(grid.text(width: 80))
public struct TextGrid: Sendable, Equatable {
  public let header: [String]
  /// Columns of numbers, aligned to the right.
  public let numeric: Set<Int>
  public private(set) var rows: [[String]] = []

  public init(_ header: [String], numeric: Set<Int> = []) {
    self.header = header
    self.numeric = numeric
  }

  /// Adds a row; cells that it lacks are empty.
  public mutating func add(_ row: [String]) {
    precondition(row.count <= header.count, "a row has no more cells than there are columns")
    rows.append(row + Array(repeating: "", count: header.count - row.count))
  }

  public var isEmpty: Bool { rows.isEmpty }

  /// Each column as wide as its widest cell, without a line break at the end.
  public var text: String { block(Array(header.indices), lines, widths) }

  /// As ``text``; where a line would be longer than `width` characters, the columns that fit come first and the others
  /// below, each time behind the first column, which is cut where it would take more than half of the line.
  public func text(width: Int) -> String {
    let half = max(12, width / 2)
    let lines = lines.map { row in row.enumerated().map { $0 == 0 ? Self.cut($1, to: half) : $1 } }
    let widths = Self.widths(lines, header.indices)
    var blocks: [[Int]] = []
    var (columns, taken) = ([0], widths.first ?? 0)
    for column in header.indices.dropFirst() {
      if taken + 2 + widths[column] > width, columns.count > 1 {
        blocks.append(columns)
        (columns, taken) = ([0], widths.first ?? 0)
      }
      columns.append(column)
      taken += 2 + widths[column]
    }
    blocks.append(header.isEmpty ? [] : columns)
    return blocks.map { block($0, lines, widths) }.joined(separator: "\n\n")
  }

  /// A table of Markdown with a line break at the end. What Markdown or HTML would read in a cell is escaped.
  public var markdown: String {
    let rule = header.indices.map { numeric.contains($0) ? "---:" : "---" }
    let lines = [header.map(Self.escapedForMarkdown), rule] + rows.map { $0.map(Self.escapedForMarkdown) }
    return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  /// Comma-separated values as of RFC 4180, but for lines that end in `\n`. A text that spreadsheets would take for a
  /// formula has an apostrophe in front.
  public var csv: String {
    let lines = [header] + rows
    return lines.map { row in
      row.enumerated().map { csvCell($1, isNumber: numeric.contains($0)) }.joined(separator: ",") + "\n"
    }.joined()
  }

  private var lines: [[String]] { ([header] + rows).map { $0.map(Self.onOneLine) } }

  private var widths: [Int] { Self.widths(lines, header.indices) }

  private static func widths(_ lines: [[String]], _ columns: Range<Int>) -> [Int] {
    columns.map { column in lines.map { width(of: $0[column]) }.max() ?? 0 }
  }

  private func block(_ columns: [Int], _ lines: [[String]], _ widths: [Int]) -> String {
    lines.map { row in
      var line = ""
      for (place, column) in columns.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - Self.width(of: row[column]))
        line += (place == 0 ? "" : "  ") + (numeric.contains(column) ? padding + row[column] : row[column] + padding)
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}

extension TextGrid {
  /// With a space for each run of line breaks and other control characters.
  static func onOneLine(_ cell: String) -> String {
    guard cell.unicodeScalars.contains(where: isControl) else { return cell }
    return cell.unicodeScalars.split(whereSeparator: isControl).map { String($0) }.joined(separator: " ")
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// Places on a terminal, where Chinese, Japanese and Korean characters take two.
  private static func width(of cell: String) -> Int { cell.reduce(0) { $0 + (isWide($1) ? 2 : 1) } }

  private static func cut(_ cell: String, to width: Int) -> String {
    guard self.width(of: cell) > width else { return cell }
    var (short, taken) = ("", 1)
    for character in cell {
      taken += isWide(character) ? 2 : 1
      if taken > width { break }
      short.append(character)
    }
    return short + "…"
  }

  private static func isWide(_ character: Character) -> Bool {
    switch character.unicodeScalars.first?.value ?? 0 {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  /// A text on one line, with what Markdown or HTML would read in it escaped.
  public static func escapedForMarkdown(_ cell: String) -> String {
    var escaped = ""
    for character in onOneLine(cell) {
      switch character {
      case "<": escaped += "&lt;"
      case "&": escaped += "&amp;"
      case "|", "\\", "*", "_", "`", "[", "]": escaped += "\\\(character)"
      default: escaped.append(character)
      }
    }
    return escaped
  }

  private func csvCell(_ cell: String, isNumber: Bool) -> String {
    var cell = cell
    if !isNumber, let first = cell.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { cell = "'" + cell }
    guard cell.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
