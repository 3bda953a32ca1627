public import Dataset
public import Evaluation
import Foundation

extension Manifest.DataSet {
  /// Of a test set that was read, of which `asked` items are asked: those of `tasks`, or some spread over it.
  public init(
    _ set: BenchmarkFile, format: BenchmarkFormat?, asked: Int, tasks: [String]? = nil, captions: String? = nil
  ) throws {
    self.init(
      file: (set.path as NSString).lastPathComponent, format: format?.rawValue, items: set.items.count, asked: asked,
      tasks: tasks, sha256: try FileDigest.sha256(path: set.path),
      captionsSHA256: try captions.map { try FileDigest.sha256(path: $0) })
  }
}
