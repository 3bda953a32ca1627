import Captioning
import Dataset
import Foundation
import Pipelines
import Store

/// Captions that exist already, in a file of their own or in columns of the manifest.
struct CaptionFile: Sendable {
  /// Nil for the manifest's columns.
  private let path: String?
  private let columns: [String]?
  private let key: String?
  private let origin: String
  /// Changes with the file.
  let digest: String

  init(_ section: Section) throws {
    path = try section.optionalPath("path")
    let named = try section.strings("columns")
    let columns = named.isEmpty ? nil : named
    let key = try section.optionalString("key")
    (self.columns, self.key) = (columns, key)
    let usual = path.map { ($0 as NSString).lastPathComponent } ?? "manifest"
    origin = try section.string("origin", default: usual)
    digest = try path.map { try Self.digest(of: $0, columns, key) } ?? ""
  }

  private static func digest(of path: String, _ columns: [String]?, _ key: String?) throws -> String {
    guard FileManager.default.fileExists(atPath: path) else { throw CaptioningError.noCaptionFile(path: path) }
    // Opened by its reader first, whose errors are the clearer ones.
    _ = try CaptionFileReader(path: path, captions: columns, key: key)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    return ContentID.make(domain: "earshot caption file 1", [String(decoding: bytes, as: UTF8.self)])
  }

  var identity: [String: String] {
    var identity = FileCaptioner(origin: origin, source: "", texts: { _ in [] }).identity
    if let columns { identity["columns"] = columns.joined(separator: " ") }
    identity["key"] = key
    return identity
  }

  /// Reads the file, tells what of it is not used, and finds each caption's clip.
  func captioner(_ context: StageContext) throws -> FileCaptioner {
    guard let path else {
      return FileCaptioner(origin: origin, source: "the manifest", texts: manifestTexts)
    }
    var names = CaptionNames()
    try context.store.eachClipName { names.add($0) }
    var matching = CaptionMatching(names: names)
    var reader = try CaptionFileReader(path: path, captions: columns, key: key)
    while let entry = try reader.next() { matching.take(entry) }
    for note in matching.notes(path: path) { context.progress.note(stage: context.place.name, note) }
    let captions = matching.captions
    return FileCaptioner(origin: origin, source: path) { captions[$0.clip] ?? [] }
  }

  /// The named columns, or `caption` and `caption_1`, `caption_2`, …
  private var manifestTexts: @Sendable (CaptionInput) -> [String] {
    let columns = columns
    return { clip in
      if let columns { return columns.compactMap { clip.metadata[$0] } }
      let numbered = clip.metadata.compactMap { name, text in
        name.hasPrefix("caption_") ? Int(name.dropFirst("caption_".count)).map { ($0, text) } : nil
      }
      return [clip.metadata["caption"]].compactMap(\.self) + numbered.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}
