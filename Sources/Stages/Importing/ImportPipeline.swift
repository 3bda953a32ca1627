import Foundation
public import Pipelines

/// The pipeline file of an import, which stands in its run folder: `earshot run` goes on with it too, and what is changed
/// in it stays.
public struct ImportPipeline: Sendable {
  private let sets: [String]
  private let format: String?
  private let audio: String?

  /// `audio` is a folder, or "none". Without sets, those of the file that is there.
  public init(sets: [String], format: String? = nil, audio: String? = nil) {
    self.sets = sets.map(AudioRoot.absolute)
    self.format = format
    self.audio = audio.map { $0 == "none" ? $0 : AudioRoot.absolute($0) }
  }

  /// The path of the file, written where there is none of these sets. Throws where there is none and no sets are given.
  public func write(to folder: RunFolder) throws -> String {
    let path = folder.path + "/import.yaml"
    let known = try? String(contentsOfFile: path, encoding: .utf8)
    guard !sets.isEmpty else {
      guard known != nil else { throw StagesError.noImport(folder.path) }
      return path
    }
    if let known, known.contains(section) { return path }
    let file = try LineFile(path: path + ".partial")
    try file.append(text(name: Self.name(of: folder)))
    try file.close()
    guard rename(path + ".partial", path) == 0 else { throw LineFile.failure(path) }
    return path
  }

  func text(name: String) -> String {
    """
    # An import, as 'earshot import' and 'earshot merge' write it; docs/import.md describes the keys. What you change here
    # stays, as long as the same sets are imported.

    name: \(name)

    \(section)
    dedup: {}
    contamination: {} # files: [mmau-test-mini.json] throws out what stands in a test set
    split: {given: keep}
    balance: {given: keep}
    export: {formats: [jsonl]}

    """
  }

  private var section: String {
    var lines = ["import:", "  sets:"] + sets.map { "    - \(Self.quoted($0))" }
    if let format { lines.append("  format: \(format)") }
    if let audio { lines.append("  audio: \(audio == "none" ? audio : Self.quoted(audio))") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  /// The folder's own name where it can name a run.
  private static func name(of folder: RunFolder) -> String {
    let name = URL(fileURLWithPath: folder.path).standardizedFileURL.lastPathComponent
    return name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\-]{0,99}/) == nil ? "import" : name
  }
}
