extension HTTPHeaders {
  /// Refuses what would break out of its line: names that are no token (RFC 9110, 5.6.2), values with
  /// control characters.
  func validate() throws(TransferError) {
    for field in fields {
      let nameIsToken = !field.name.isEmpty && field.name.utf8.allSatisfy(Self.isTokenByte)
      let valueIsPlain = field.value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7f) || $0 == 0x09 }
      guard nameIsToken, valueIsPlain else { throw .badHeader(name: field.name.filter { $0 >= " " && $0 != "\u{7f}" }) }
    }
  }

  /// The fields as libcurl takes them, where "Name;" means an empty value and "Name:" means no such field.
  var curlLines: [String] {
    fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
  }

  /// Takes in one line of an answer's head. A status line starts anew: it follows a redirect or a 1xx answer.
  mutating func receive(line: String) {
    if line.hasPrefix("HTTP/") {
      self = [:]
    } else if line.hasPrefix(" ") || line.hasPrefix("\t") {
      extendLast(with: line.trimmed)
    } else if let colon = line.firstIndex(of: ":") {
      append(String(line[..<colon]).trimmed, String(line[line.index(after: colon)...]).trimmed)
    }
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    let start = drop { $0.isWhitespace }
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...end])
  }
}
