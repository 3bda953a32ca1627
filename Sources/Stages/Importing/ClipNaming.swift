import Dataset
import Store

/// Which clip each sound of an import is. Samples decide, as in a scan; what a set calls a clip becomes the identity of
/// these samples, so that a set which is exported again has the same names.
struct ClipNaming {
  private struct Owner {
    var content: String
    var seconds: Double
  }

  private var owners: [String: Owner] = [:]
  private var clips: [String: String] = [:]
  /// Exports are at this rate: a clip's length may differ by what resampling rounds off.
  private static let tolerance = 2.0 / Double(SetSound.sampleRate)

  /// The clips of sounds, in the order of the sets: of two sounds with one name, the first keeps it.
  static func clips(of sounds: [NamedSound]) -> [(sound: Int64, clip: String)] {
    var naming = ClipNaming()
    return sounds.map { ($0.id, naming.clip(of: $0)) }
  }

  private mutating func clip(of sound: NamedSound) -> String {
    if let known = clips[sound.content] { return known }
    let names = [sound.name, sound.content].filter { !$0.isEmpty }
    let name =
      names.first { isFree($0, sound) }
      ?? ContentID.make(domain: "earshot clip of a name 1", [sound.name, sound.content])
    clips[sound.content] = name
    if owners[name] == nil { owners[name] = Owner(content: sound.content, seconds: sound.seconds) }
    return name
  }

  /// Earshot's own names follow from samples: the same one, of the same length, is the same recording at another rate.
  private func isFree(_ name: String, _ sound: NamedSound) -> Bool {
    guard let owner = owners[name] else { return true }
    return ImportRow.isIdentity(name) && abs(owner.seconds - sound.seconds) <= Self.tolerance
  }
}
