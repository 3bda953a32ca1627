/// The names at the left of a picture's rows, wrapped into the width they share.
struct RowLabels {
  struct Label {
    let name: String
    let lines: [String]
    /// Below the name, in small print.
    let note: [String]

    var height: Double { Double(lines.count + note.count) * Shapes.lineHeight }
  }

  let labels: [Label]
  /// Pixels, without the gap to the picture.
  let width: Double

  init(_ names: [(name: String, note: String?)], most: Double) {
    let widest = names.map { max(LabelText.width($0.name), LabelText.width($0.note ?? "", size: 11)) }.max() ?? 0
    let width = min(max(widest + 1, 40), most)
    self.width = width
    labels = names.map { row in
      let note = row.note.map { LabelText.lines($0, width: width, size: 11, most: 2) } ?? []
      return Label(name: row.name, lines: LabelText.lines(row.name, width: width), note: note)
    }
  }

  /// A label, in the middle of the height `y`, its text ending at `right`.
  func drawing(_ place: Int, right: Double, y: ClosedRange<Double>) -> [Markup] {
    let label = labels[place]
    let first = (y.lowerBound + y.upperBound - label.height) / 2 + 11
    let below = first + Double(label.lines.count) * Shapes.lineHeight
    return Shapes.lines(label.lines, right, first, "end", full: label.name)
      + label.note.enumerated().map { Shapes.text($1, right, below + Double($0) * Shapes.lineHeight, "small end") }
  }
}
