public import Dataset

/// Captions that are read in place of sounds, by the ids of items.
public enum ItemCaptions {
  /// Reads a file of captions whose rows name an item by its id or by its sound's file, with or without folder and
  /// extension. Throws where none does.
  public static func read(path: String, for items: [BenchmarkItem]) throws -> [String: [String]] {
    var ids: [String: [String]] = [:]
    for item in items {
      for name in Set(names(of: item)) { ids[name, default: []].append(item.id) }
    }
    var captions: [String: [String]] = [:]
    var reader = try CaptionFileReader(path: path)
    while let entry = try reader.next() {
      guard case .row(let row, _) = entry, let name = row.names.first(where: { ids[$0] != nil }) else { continue }
      for id in ids[name] ?? [] { captions[id, default: []] += row.captions }
    }
    guard captions.values.contains(where: { !$0.isEmpty }) else { throw JudgingError.noCaptions(path: path) }
    return captions
  }

  private static func names(of item: BenchmarkItem) -> [String] {
    guard let audio = item.audio, let file = audio.split(separator: "/").last.map(String.init) else { return [item.id] }
    let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
    return [item.id, audio, file, stem]
  }
}
