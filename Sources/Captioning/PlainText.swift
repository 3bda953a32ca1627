/// `text` as one trimmed line: white space collapsed to single spaces, control and format characters dropped.
func plainText(_ text: String) -> String {
  var line = String.UnicodeScalarView()
  var spaceDue = false
  for scalar in text.unicodeScalars {
    if scalar.properties.isWhitespace {
      spaceDue = !line.isEmpty
    } else if !isInvisible(scalar) {
      if spaceDue { line.append(" ") }
      spaceDue = false
      line.append(scalar)
    }
  }
  return String(line)
}

private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .surrogate, .privateUse: true
  // Joiners belong to words in some scripts; the others only steer the direction of text or mark its start.
  case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
  default: false
  }
}
