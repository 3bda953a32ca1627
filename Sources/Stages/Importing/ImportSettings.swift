import Dataset
import Pipelines

/// What a pipeline file says of the sets that it takes questions from.
struct ImportSettings: Sendable {
  /// Folders of sets, files, and folders of runs, in the order that decides between equal questions.
  var sets: [String]
  /// Nil where each row tells.
  var format: ImportFormat?
  /// Where sounds are, where they are not beside the sets.
  var audio: String?
  /// Whether sounds are looked for at all.
  var hasSounds: Bool
  var decoder: SourceDecoder

  private static let none = "none"

  init(_ section: Section) throws {
    guard let sets = try section.paths("sets"), !sets.isEmpty else {
      throw section.badValue("sets", wanted: "a list of folders and files of question sets, and of folders of runs")
    }
    self.sets = sets
    let names = ImportFormat.allCases.map(\.rawValue)
    format = section.has("format") ? ImportFormat(rawValue: try section.choice("format", of: names, default: "")) : nil
    let audio = try section.optionalPath("audio", words: [Self.none])
    hasSounds = audio != Self.none
    self.audio = hasSounds ? audio.map(AudioRoot.absolute) : nil
    decoder = SourceDecoder(
      window: nil, shortest: try section.duration("shortest", in: 0...3600, default: 0.1),
      longest: try section.duration("longest", in: 0.1...86_400, default: 300))
  }

  var parts: [String: String] {
    [
      "version": "1", "shortest": "\(decoder.shortest) s", "longest": "\(decoder.longest) s",
      "sounds": hasSounds ? "decoded" : "none",
    ]
  }
}
