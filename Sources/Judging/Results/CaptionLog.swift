import Foundation
import Synchronization

/// The captions of a cascade, kept in the folder of its result as `captions.jsonl`: each is put on the disk as it comes,
/// and never asked for again. `--captions` reads such a file too.
public final class CaptionLog: Sendable {
  private struct Line: Codable {
    var id: String
    var caption: String
  }

  private static let name = "captions.jsonl"

  private let captions: Mutex<[String: String]>

  /// Reads what the folder has, but for lines that were cut off; nil begins without any.
  public init(_ folder: ResultFolder?) {
    let data = folder.flatMap { FileManager.default.contents(atPath: $0.file(Self.name)) } ?? Data()
    var known: [String: String] = [:]
    for line in data.split(separator: UInt8(ascii: "\n")) {
      guard let line = try? JSONDecoder().decode(Line.self, from: line) else { continue }
      known[line.id] = line.caption
    }
    captions = Mutex(known)
  }

  /// By the items' ids.
  public var known: [String: [String]] { captions.withLock { $0.mapValues { [$0] } } }

  /// Adds a caption; may be called from several threads.
  public func append(_ id: String, _ caption: String, in folder: ResultFolder) throws {
    try captions.withLock { captions in
      guard captions.updateValue(caption, forKey: id) == nil else { return }
      try LineFile.append([UInt8](try ResultJSON.data(Line(id: id, caption: caption))), to: folder.file(Self.name))
    }
  }

  /// Writes the captions anew in the order of `ids`, so that the file is the same however the run went.
  public func finish(_ folder: ResultFolder, ids: [String]) throws {
    let captions = captions.withLock { $0 }
    guard !captions.isEmpty else { return }
    let lines = try ids.compactMap { id in
      try captions[id].map { String(decoding: try ResultJSON.data(Line(id: id, caption: $0)), as: UTF8.self) + "\n" }
    }
    try folder.write(lines.joined(), to: Self.name)
  }
}
