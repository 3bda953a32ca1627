/// Whether a body begins a JSON object and ends before the object does. No HTTP header is at odds with such a body
/// where a server announces too few bytes, or says that all has come when the connection ends.
func endsWithinObject(_ body: [UInt8]) -> Bool {
  guard body.first(where: { $0 > UInt8(ascii: " ") }) == UInt8(ascii: "{") else { return false }
  var (depth, inString, escaped) = (0, false, false)
  for byte in body {
    if inString {
      if escaped {
        escaped = false
      } else if byte == UInt8(ascii: "\\") {
        escaped = true
      } else if byte == UInt8(ascii: "\"") {
        inString = false
      }
      continue
    }
    switch byte {
    case UInt8(ascii: "\""): inString = true
    case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      depth -= 1
      // Whatever follows the object is somebody else's trouble.
      if depth == 0 { return false }
    default: break
    }
  }
  return true
}
