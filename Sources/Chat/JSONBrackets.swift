/// Visits every bracket of JSON text that is not inside a string, with how many are open after it and the place behind it.
/// Ends where `visit` returns false.
func forEachBracket(of bytes: [UInt8], _ visit: (_ open: Int, _ end: Int) -> Bool) {
  var (depth, inString, escaped) = (0, false, false)
  for (place, byte) in bytes.enumerated() {
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
    case UInt8(ascii: "\""):
      inString = true
      continue
    case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
    default: continue
    }
    if !visit(depth, place + 1) { return }
  }
}
