/// A list of texts as Python prints it: `['a car', "a dog's bark"]`.
public func pythonList(_ texts: [String]) -> String {
  "[" + texts.map(pythonText).joined(separator: ", ") + "]"
}

/// A text as Python's `repr` writes it.
///
/// In single quotes, or in double ones where it holds single ones and no double one; what cannot be printed is escaped
/// (unicode_repr in CPython's Objects/unicodeobject.c).
public func pythonText(_ text: String) -> String {
  let quote: Unicode.Scalar = text.unicodeScalars.contains("'") && !text.unicodeScalars.contains("\"") ? "\"" : "'"
  var quoted = String.UnicodeScalarView([quote])
  for scalar in text.unicodeScalars {
    switch scalar {
    case quote, "\\": quoted.append(contentsOf: ["\\", scalar])
    case "\n": quoted.append(contentsOf: "\\n".unicodeScalars)
    case "\r": quoted.append(contentsOf: "\\r".unicodeScalars)
    case "\t": quoted.append(contentsOf: "\\t".unicodeScalars)
    default:
      if isPrintable(scalar) { quoted.append(scalar) } else { quoted.append(contentsOf: escape(scalar).unicodeScalars) }
    }
  }
  quoted.append(quote)
  return String(quoted)
}

private func escape(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16)
  let (sign, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
  return "\\" + sign + String(repeating: "0", count: width - digits.count) + digits
}

/// As `str.isprintable`: neither of the categories "Other" and "Separator", but for the space.
private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
  case .spaceSeparator: scalar == " "
  default: true
  }
}
