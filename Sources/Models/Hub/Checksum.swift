import Crypto

/// What the bytes of a file must hash to.
enum Checksum: Sendable, Equatable {
  /// Of the bytes themselves: files that the hub keeps outside git.
  case sha256(String)
  /// Git's name of a blob: SHA-1 over "blob SIZE\0" and the bytes.
  case gitBlob(String)

  /// Lower-case hexadecimal; the name of the file's bytes in the hub's cache.
  var text: String {
    switch self {
    case .sha256(let text), .gitBlob(let text): text
    }
  }
}

/// A checksum in the making.
struct RunningChecksum {
  private enum Digest {
    case sha256(SHA256)
    case sha1(Insecure.SHA1)
  }

  private var digest: Digest

  /// Of a file of `size` bytes that is to have the checksum `expected`.
  init(for expected: Checksum, size: Int) {
    switch expected {
    case .sha256: digest = .sha256(SHA256())
    case .gitBlob:
      var sha1 = Insecure.SHA1()
      sha1.update(data: Array("blob \(size)\0".utf8))
      digest = .sha1(sha1)
    }
  }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    switch digest {
    case .sha256(var sha256):
      sha256.update(bufferPointer: bytes)
      digest = .sha256(sha256)
    case .sha1(var sha1):
      sha1.update(bufferPointer: bytes)
      digest = .sha1(sha1)
    }
  }

  /// Lower-case hexadecimal.
  var text: String {
    switch digest {
    case .sha256(let sha256): hexadecimal(sha256.finalize())
    case .sha1(let sha1): hexadecimal(sha1.finalize())
    }
  }

  private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
