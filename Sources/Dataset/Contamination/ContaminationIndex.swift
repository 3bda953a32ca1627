/// The items of test sets, to be found by the words of their questions and by what their sounds are called.
public struct ContaminationIndex: Sendable {
  /// Items that share a key are compared up to this number.
  static let mostCandidates = 256

  public let settings: ContaminationSettings
  private(set) var items: [ReferenceItem] = []
  private(set) var fileOfItem: [String] = []
  private var texts: [[UInt8]] = []
  private var itemsOfKey: [UInt64: [UInt32]] = [:]
  private var itemsOfRun: [UInt64: [UInt32]] = [:]
  private var itemsOfSound: [String: [UInt32]] = [:]

  public init(_ settings: ContaminationSettings) { self.settings = settings }

  /// Adds the items of a file, which listings call `name`.
  public mutating func add(_ added: [ReferenceItem], of name: String) {
    var hash = MinHash(settings.near)
    var keys = [UInt32](repeating: 0, count: settings.near.bands)
    for item in added {
      let number = UInt32(items.count)
      items.append(item)
      fileOfItem.append(name)
      for sound in item.sounds { itemsOfSound[sound.key, default: []].append(number) }
      var text: [UInt8] = []
      if !item.question.isEmpty { PlainBytes.append(stem: item.question, choices: item.choices, to: &text) }
      texts.append(text)
      guard !text.isEmpty else { continue }
      text.withUnsafeBufferPointer { text in
        keys.withUnsafeMutableBufferPointer { hash.keys(of: text, into: $0) }
        for run in Set(WordRuns.all(in: text, length: settings.words).map(\.hash)) {
          itemsOfRun[run, default: []].append(number)
        }
      }
      for (band, key) in keys.enumerated() { itemsOfKey[Self.name(band, key), default: []].append(number) }
    }
  }

  static func name(_ band: Int, _ key: UInt32) -> UInt64 { UInt64(band) << 32 | UInt64(key) }

  /// The items that have this key in this band.
  func candidates(_ band: Int, _ key: UInt32) -> ArraySlice<UInt32> {
    itemsOfKey[Self.name(band, key)]?.prefix(Self.mostCandidates) ?? []
  }

  /// The items with this run of words; none where it is a phrase.
  func items(withRun run: UInt64) -> [UInt32] {
    guard let found = itemsOfRun[run], found.count <= settings.phrase else { return [] }
    return found
  }

  func items(of sound: SoundIdentity) -> [UInt32] { itemsOfSound[sound.key] ?? [] }

  func withText<Result>(_ item: UInt32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    texts[Int(item)].withUnsafeBufferPointer(body)
  }
}
