import Crypto
import Foundation

/// What names the bytes of a file.
public enum FileDigest {
  /// SHA-256 in hexadecimal digits.
  public static func sha256(path: String) throws(DatasetError) -> String {
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      var hasher = SHA256()
      while let part = try file.read(upToCount: 1 << 20), !part.isEmpty { hasher.update(data: part) }
      return hexadecimal(hasher.finalize())
    } catch {
      throw .unreadableFile(path: path, reason: fileReason(error))
    }
  }

  /// SHA-256 of bytes in hexadecimal digits.
  public static func sha256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }

  private static func hexadecimal(_ digest: SHA256.Digest) -> String {
    digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
