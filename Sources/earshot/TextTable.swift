/// Rows in columns, each as wide as its widest cell; numbers to the right.
struct TextTable {
  private var rows: [[String]] = []
  private let header: [String]
  /// Columns aligned to the right.
  private let numeric: Set<Int>

  init(_ header: [String], numeric: Set<Int> = []) {
    self.header = header
    self.numeric = numeric
  }

  mutating func add(_ row: [String]) {
    rows.append(row)
  }

  var isEmpty: Bool { rows.isEmpty }

  var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += (column == 0 ? "" : "  ") + (numeric.contains(column) ? padding + cell : cell + padding)
      }
      return line.replacing(/\ +$/, with: "")
    }.joined(separator: "\n")
  }
}
