/// The settings of one stage, read one by one.
///
/// It remembers which keys were asked for, so that `finish()` can refuse the ones that nobody reads. Used while a
/// pipeline is set up, by one task.
public final class Section {
  /// With the names of the sections around it: "write", "write.retry". Empty for the top of a file.
  public let name: String
  public let file: String
  let place: Place
  private let entries: [PlacedEntry]
  /// What stands where a mapping should.
  private let misfit: PlacedValue?
  private var asked: Set<String> = []
  private var inner: [String: Section] = [:]

  init(name: String, file: String, place: Place, value: PlacedValue?) {
    self.name = name
    self.file = file
    self.place = place
    switch value?.content {
    case .mapping(let entries):
      self.entries = entries
      misfit = nil
    case .null, nil:
      entries = []
      misfit = nil
    default:
      entries = []
      misfit = value
    }
  }

  /// The value of a key; nil where it is not set, or set to nothing.
  func value(_ key: String) -> PlacedValue? {
    asked.insert(key)
    guard let value = entries.first(where: { $0.key == key })?.value, value.content != .null else { return nil }
    return value
  }

  /// The keys there are, in the order of the file; those made by overrides come last.
  public var keys: [String] { entries.map(\.key) }

  /// Whether the key is set to something.
  public func has(_ key: String) -> Bool {
    value(key) != nil
  }

  /// The settings nested under a key; all have their defaults where there are none. One reader per key.
  public func section(_ key: String) -> Section {
    let value = value(key)
    let section = inner[key] ?? Section(name: full(key), file: file, place: value?.place ?? place, value: value)
    inner[key] = section
    return section
  }

  /// The keys whose settings have one called `inner`, such as entries that a stage does not use now; they count as asked
  /// for, and are left unread.
  public func passOver(keysWith inner: String) {
    for entry in entries {
      if case .mapping(let members) = entry.value.content, members.contains(where: { $0.key == inner }) {
        asked.insert(entry.key)
      }
    }
  }

  /// Throws for the first key that nobody asked for, here or in a nested section. Call it when all settings are read.
  public func finish() throws(PipelineError) {
    if let misfit {
      throw .badValue(key: name, shown: misfit.shown, wanted: "a mapping of settings", at: misfit.place)
    }
    let known = asked.sorted()
    if let entry = entries.first(where: { !asked.contains($0.key) }) {
      throw .unknownKey(
        entry.key, section: name, at: entry.place, nearest: nearestName(to: entry.key, in: known), known: known)
    }
    for key in inner.keys.sorted() { try inner[key]?.finish() }
  }

  /// An error about a value, for what a stage finds wrong with it; `wanted` reads after "which is not".
  public func badValue(_ key: String, wanted: String) -> PipelineError {
    guard let value = value(key) else { return missing(key, wanted: wanted) }
    return .badValue(key: full(key), shown: value.shown, wanted: wanted, at: value.place)
  }

  /// An error about a key that is of no use beside `other`, or contradicts it.
  public func conflict(_ key: String, with other: String, advice: String = "Leave it out.") -> PipelineError {
    .conflict(key: full(key), other: other, advice: advice, at: self.place(of: key))
  }

  func missing(_ key: String, wanted: String) -> PipelineError {
    .missingValue(key: full(key), wanted: wanted, at: place)
  }

  func full(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }
}
