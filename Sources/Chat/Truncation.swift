/// Whether a body begins a JSON object and ends before the object does. No HTTP header is at odds with such a body
/// where a server announces too few bytes, or says that all has come when the connection ends.
func endsWithinObject(_ body: [UInt8]) -> Bool {
  guard body.first(where: { $0 > UInt8(ascii: " ") }) == UInt8(ascii: "{") else { return false }
  // Whatever follows the object is somebody else's trouble.
  return endOfFirstValue(body) == nil
}

/// Where the first object or list of a body ends; nil where it does not.
private func endOfFirstValue(_ body: [UInt8]) -> Int? {
  var end: Int?
  forEachBracket(of: body) { open, place in
    if open == 0 { end = place }
    return open != 0
  }
  return end
}

extension JSONValue {
  /// The JSON of a body that arrived whole. One that comes twice, or with bytes that are no UTF-8, is an answer all the
  /// same, which was paid for: what follows its first value is left out, and such bytes are U+FFFD.
  init?(answer body: [UInt8]) {
    if let value = JSONValue(parsing: body) {
      self = value
    } else if let end = endOfFirstValue(body),
      let value = JSONValue(parsing: Array(String(decoding: body[..<end], as: UTF8.self).utf8))
    {
      self = value
    } else {
      return nil
    }
  }
}
