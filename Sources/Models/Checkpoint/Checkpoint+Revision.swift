import Crypto
import Tensors

extension Checkpoint {
  /// The small files that have a say in what the model answers, all but config.json optional.
  private static let smallFiles = [
    "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "vocab.json", "merges.txt",
    "added_tokens.json", "chat_template.jinja", "chat_template.json",
  ]

  /// Names the model: 64 hexadecimal digits that are equal for copies of it and differ for models that may answer
  /// otherwise.
  ///
  /// A SHA-256 of the configuration, of the generation settings, of the tokenizer with its chat template, and of each
  /// file of weights its name, size, header, and 64 bytes at each of five places evenly over every tensor; reading all
  /// of a large model would take minutes. So a change confined to the bytes between goes unnoticed: training or
  /// quantising changes whole tensors, an editor of single bytes is not met.
  public var revision: String {
    var hasher = SHA256()
    hasher.addField(Array("earshot-model-1".utf8))
    for name in Self.smallFiles {
      guard let bytes = try? readFile("\(folder)/\(name)", limit: 1 << 30) else { continue }
      hasher.addField(Array(name.utf8))
      hasher.addField(bytes)
    }
    for file in files {
      hasher.addField(Array((file.path.split(separator: "/").last ?? "").utf8))
      hasher.addField(Array("\(file.byteCount)".utf8))
      hasher.update(bufferPointer: file.headerBytes)
      for tensor in file.header.tensors {
        let bytes = file.bytes(of: tensor)
        for place in 0..<5 {
          let start = max(0, bytes.bytes.count - 64) / 4 * place
          let end = min(bytes.bytes.count, start + 64)
          hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: bytes.bytes[start..<end]))
        }
      }
    }
    return hasher.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}

extension SHA256 {
  /// Adds `bytes` with their count before them, so that no two lists of fields run together.
  fileprivate mutating func addField(_ bytes: [UInt8]) {
    withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { update(bufferPointer: $0) }
    bytes.withUnsafeBytes { update(bufferPointer: $0) }
  }
}
