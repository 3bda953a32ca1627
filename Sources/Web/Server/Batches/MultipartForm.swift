import Foundation

/// The fields of a `multipart/form-data` body (RFC 7578).
struct MultipartForm {
  struct Field {
    var fileName: String?
    /// A part of the body; not copied.
    var content: Data
  }

  private(set) var fields: [String: Field] = [:]

  /// Longest header of a field, bytes.
  private static let longestHeader = 8 << 10

  /// Nil where the body is no such form.
  init?(_ body: Data, contentType: String) {
    guard let boundary = Self.boundary(in: contentType) else { return nil }
    let mark = Data("--\(boundary)".utf8)
    guard body.starts(with: mark) else { return nil }
    var place = body.startIndex + mark.count
    while let start = Self.start(of: body, after: place) {
      guard let end = body[start...].range(of: Data("\r\n".utf8) + mark) else { return nil }
      guard let (name, field) = Self.field(body[start..<end.lowerBound]) else { return nil }
      fields[name] = field
      place = end.upperBound
    }
    guard body[place...].starts(with: Data("--".utf8)) else { return nil }
  }

  /// Where the next field begins; nil after the last.
  private static func start(of body: Data, after place: Int) -> Int? {
    body[place...].starts(with: Data("\r\n".utf8)) ? place + 2 : nil
  }

  private static func boundary(in contentType: String) -> String? {
    guard contentType.lowercased().hasPrefix("multipart/form-data") else { return nil }
    let boundary = parameter("boundary", of: contentType)
    return boundary.flatMap { (1...70).contains($0.utf8.count) ? $0 : nil }
  }

  private static func field(_ part: Data) -> (String, Field)? {
    let blank = Data("\r\n\r\n".utf8)
    guard let gap = part.prefix(longestHeader).range(of: blank) else { return nil }
    let lines = String(decoding: part[..<gap.lowerBound], as: UTF8.self).split(separator: "\r\n")
    guard let disposition = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
      let name = parameter("name", of: String(disposition))
    else { return nil }
    let content = part[gap.upperBound...]
    return (name, Field(fileName: parameter("filename", of: String(disposition)), content: content))
  }

  /// The value of `name="value"` or `name=value` among what semicolons part.
  private static func parameter(_ name: String, of text: String) -> String? {
    for item in text.split(separator: ";").dropFirst() {
      let pair = item.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, trimmed(pair[0]).lowercased() == name else { continue }
      let value = trimmed(pair[1])
      return value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
        ? String(value.dropFirst().dropLast()) : value
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> String {
    text.trimmingCharacters(in: .whitespaces)
  }
}
