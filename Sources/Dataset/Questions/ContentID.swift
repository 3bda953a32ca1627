import Crypto
import Foundation

/// Identities that follow from content: the same content has the same identity on every machine, in every run.
///
/// Each is the start of a SHA-256 over the fields, each preceded by its length (8 bytes, little-endian), so that no two
/// lists of fields run together into the same bytes.
public enum ContentID {
  /// The first 16 hexadecimal digits of the hash of `domain` and `fields`.
  public static func make(domain: String, _ fields: [String]) -> String {
    digest([domain] + fields).prefix(8).map(hexadecimal).joined()
  }

  /// The identity of a question of a clip.
  ///
  /// `occurrence` is how many equal questions came before it in the same answer: a writer may repeat itself.
  public static func question(_ question: WrittenQuestion, clip: String, occurrence: Int = 0) -> String {
    let fields = [clip, question.stem, question.correct, String(occurrence)] + question.distractors
    return make(domain: "earshot question 1", fields)
  }

  /// The identities of all questions of one answer, in its order; no two are the same.
  public static func questions(_ questions: [WrittenQuestion], clip: String) -> [String] {
    var seen: [String: Int] = [:]
    return questions.map { written in
      let first = question(written, clip: clip)
      let occurrence = seen[first, default: 0]
      seen[first] = occurrence + 1
      return occurrence == 0 ? first : question(written, clip: clip, occurrence: occurrence)
    }
  }

  static func digest(_ fields: [String]) -> SHA256.Digest {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(fields.reduce(0) { $0 + $1.utf8.count + 8 })
    for field in fields {
      withUnsafeBytes(of: UInt64(field.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: field.utf8)
    }
    return SHA256.hash(data: bytes)
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}

/// A hash for ranks and splits, the same on every machine: the first 8 bytes, read as a big-endian number, of the
/// SHA-256 over the parts, each preceded by its length (8 bytes, little-endian).
public func stableHash(_ parts: String...) -> UInt64 {
  ContentID.digest(parts).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
}
