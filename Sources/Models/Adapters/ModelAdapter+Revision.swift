import Crypto
import Foundation

extension ModelAdapter {
  /// Names an adapter: the SHA-256 of its settings and weights, which are read whole, as 64 hexadecimal digits.
  public static func revision(folder: String) throws(CheckpointError) -> String {
    var hasher = SHA256()
    for name in [AdapterFile.settings, AdapterFile.weights] {
      let path = "\(folder)/\(name)"
      guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
        throw .folder(path, .missing)
      }
      withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hasher.update(bufferPointer: $0) }
      hasher.update(data: bytes)
    }
    return hasher.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
