/// A pipeline as written: its name, and a section of settings for each of its stages.
///
/// YAML without anchors, aliases or duplicate keys, at most 1 MiB. Overrides, such as "write.questions=3", win over the
/// file, the last one over the others; a value that begins with a bracket or a quote is read as YAML, any other as the
/// text it is, and an empty one gives the default back.
public struct PipelineFile: Sendable {
  public let path: String
  /// Safe as the name of a folder.
  public let name: String
  private let entries: [PlacedEntry]

  public init(path: String, overrides: [String] = []) throws(PipelineError) {
    self.path = path
    let root = try YAMLReader(origin: .file(path, line: 1)).read(try TextFile(path: path).text)
    var settings = try Self.mapping(root, of: "the file", or: "a mapping of stages to settings")
    for text in overrides { try Override(text).apply(to: &settings) }
    name = try Self.name(settings.first { $0.key == "name" }?.value, path: path)
    entries = settings.filter { $0.key != "name" }
    for entry in entries { _ = try Self.mapping(entry.value, of: entry.key, or: "a mapping of settings") }
  }

  /// The sections there are, in the order of the file; those made by overrides come last.
  public var sectionNames: [String] { entries.map(\.key) }

  public func has(_ section: String) -> Bool {
    entries.contains { $0.key == section }
  }

  /// A reader of the section's settings; each call gives a new one. All settings have their defaults where the file has
  /// no such section.
  public func section(_ name: String) -> Section {
    let entry = entries.first { $0.key == name }
    return Section(name: name, file: path, place: entry?.place ?? .file(path, line: nil), value: entry?.value)
  }

  /// Throws for the first section that is not among the names of the stages.
  public func checkSections(known: [String]) throws(PipelineError) {
    guard let entry = entries.first(where: { !known.contains($0.key) }) else { return }
    throw .unknownSection(
      entry.key, at: entry.place, nearest: nearestName(to: entry.key, in: known + ["name"]), known: known)
  }

  private static func mapping(_ value: PlacedValue, of key: String, or wanted: String) throws(PipelineError)
    -> [PlacedEntry]
  {
    switch value.content {
    case .mapping(let entries): return entries
    case .null: return []
    default: throw .badValue(key: key, shown: value.shown, wanted: wanted, at: value.place)
    }
  }

  private static func name(_ value: PlacedValue?, path: String) throws(PipelineError) -> String {
    guard let value, value.content != .null else {
      throw .missingValue(key: "name", wanted: "what the run's folder is to be called", at: .file(path, line: nil))
    }
    guard let name = value.scalar else {
      throw .badValue(key: "name", shown: value.shown, wanted: "a text", at: value.place)
    }
    guard name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\-]{0,99}/) != nil else { throw .badName(name, at: value.place) }
    return name
  }
}
