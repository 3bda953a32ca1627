import Audio
import Dataset
import Pipelines

/// What the search for duplicates is told by a pipeline file.
struct DedupSettings: Sendable {
  var near: NearSettings
  var limits: WordingLimits
  /// Whether clips are compared as recordings.
  var audio: Bool
  /// Nil where meanings are not compared.
  var meaning: MeaningSettings?

  init(_ section: Section) throws {
    let usual = NearSettings()
    near = NearSettings(
      shingle: try section.int("shingle", in: 1...64, default: usual.shingle),
      similarity: try section.double("similarity", in: 0.1...1, default: usual.similarity),
      bands: try section.int("bands", in: 1...512, default: usual.bands),
      rows: try section.int("rows", in: 1...64, default: usual.rows))
    audio = try section.bool("audio", default: true)
    let limits = WordingLimits()
    self.limits = WordingLimits(
      wording: try Self.limit("wording", section, default: limits.wording),
      stem: try Self.limit("stem", section, default: limits.stem))
    meaning = section.has("meaning") ? try MeaningSettings(section.section("meaning")) : nil
  }

  private static func limit(_ name: String, _ section: Section, default fallback: WordingLimit) throws -> WordingLimit {
    WordingLimit(
      share: try section.limit("\(name)_share", in: 0...1, default: fallback.share),
      least: try section.int("\(name)_least", in: 1...1_000_000_000, default: fallback.least))
  }

  /// Everything of it that results depend on.
  var parts: [String: String] {
    let parts = [
      "similarity": "\(near.similarity)", "shingle": "\(near.shingle)", "bands": "\(near.bands) of \(near.rows)",
      "recordings": audio ? "\(AudioFingerprint.version)" : "not compared",
      "wording limit": Self.text(limits.wording), "stem limit": Self.text(limits.stem),
    ]
    return parts.merging(meaning?.parts ?? [:]) { $1 }
  }

  private static func text(_ limit: WordingLimit) -> String {
    limit.share.map { "\($0) of the set, at least \(limit.least)" } ?? "off"
  }
}
