/// The start of a body, fit for a message: 300 characters, on one line, without control characters and without the key.
func excerpt(of body: [UInt8], hiding key: Secret? = nil) -> String {
  var text = String(decoding: body.prefix(1 << 16), as: UTF8.self)
  if let key { text = text.split(separator: key.value, omittingEmptySubsequences: false).joined(separator: "[hidden]") }
  let visible = text.unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 }.filter { scalar in
    ![.control, .format, .surrogate, .privateUse, .unassigned].contains(scalar.properties.generalCategory)
  }
  let words = String(String.UnicodeScalarView(visible)).split(separator: " ").joined(separator: " ")
  return words.count > 300 ? words.prefix(299) + "…" : words
}
