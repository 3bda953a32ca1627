import Audio
public import Dataset

/// What is heard with each item of a test set, and which items cannot be asked for want of it.
public struct ItemSounds: Sendable {
  /// What is heard with one item.
  public enum Heard: Sendable, Equatable {
    /// The sound, if there is one, and the captions in its place.
    case heard(Sound?, captions: [String])
    /// The reason, as a sentence.
    case missing(String)
  }

  /// In the order of the items.
  public let heard: [Heard]

  /// `captions` by an item's id take the place of the rows' own. `missing` are the items whose sound is not there.
  public init(
    _ items: [BenchmarkItem], missing: [BenchmarkFile.MissingSound], hearing: Hearing, seed: UInt64 = 0,
    captions: [String: [String]]? = nil
  ) {
    let gone = Dictionary(missing.map { ($0.id, $0.path) }, uniquingKeysWith: { first, _ in first })
    switch hearing {
    case .audio: heard = items.map { Self.sound(of: $0, gone) { _ in .recorded } }
    case .silence: heard = items.map { Self.sound(of: $0, gone) { _ in .silence } }
    case .noise:
      heard = items.map { item in
        Self.sound(of: item, gone) { .noise(seed: stableHash("earshot noise 1", String(seed), $0.id)) }
      }
    case .swap: heard = Self.swapped(items, gone, seed: seed)
    case .none: heard = items.map { _ in .heard(nil, captions: []) }
    case .captions:
      heard = items.map { item in
        let texts = captions.map { $0[item.id] ?? [] } ?? item.captions
        return texts.isEmpty ? .missing("It has no caption.") : .heard(nil, captions: texts)
      }
    }
  }

  private static func sound(
    of item: BenchmarkItem, _ gone: [String: String], _ content: (BenchmarkItem) -> Sound.Content
  ) -> Heard {
    if let path = gone[item.id] { return .missing("\(path): there is no such file.") }
    return .heard(item.sound.map { Sound($0, content: content(item)) }, captions: [])
  }

  private static func swapped(_ items: [BenchmarkItem], _ gone: [String: String], seed: UInt64) -> [Heard] {
    let present = items.indices.filter { items[$0].audio != nil && gone[items[$0].id] == nil }
    let partners = SwapPartners(present.map { items[$0] }, seed: seed)
    var heard = items.map { item in
      if let path = gone[item.id] { return Heard.missing("\(path): there is no such file.") }
      return .missing("It has no sound that could be exchanged.")
    }
    for (place, partner) in zip(present, partners.places) {
      guard let partner, let sound = items[present[partner]].sound else {
        heard[place] = .missing("No item of another recording has a sound to hear in its place.")
        continue
      }
      heard[place] = .heard(Sound(sound), captions: [])
    }
    return heard
  }
}

extension BenchmarkItem {
  /// Nil where the row names none.
  var sound: AudioReference? { audio.map { AudioReference(path: $0, start: start, duration: duration) } }
}
