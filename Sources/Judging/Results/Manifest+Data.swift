import Crypto
public import Dataset
import Foundation

extension Manifest.DataSet {
  /// Of a test set that was read, of which the first `asked` items are asked, or some spread over it.
  public init(
    _ set: BenchmarkFile, format: BenchmarkFormat?, asked: Int, tasks: [String]? = nil, captions: String? = nil
  ) throws {
    self.init(
      file: (set.path as NSString).lastPathComponent, format: format?.rawValue, items: set.items.count, asked: asked,
      tasks: tasks, sha256: try Self.sha256(of: set.path), captionsSHA256: try captions.map(Self.sha256))
  }

  /// In lower-case hexadecimal digits.
  private static func sha256(of path: String) throws(JudgingError) -> String {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw .damaged(path: path, reason: "it cannot be read")
    }
    defer { try? handle.close() }
    var hash = SHA256()
    while let block = try? handle.read(upToCount: 1 << 20), !block.isEmpty { hash.update(data: block) }
    return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
