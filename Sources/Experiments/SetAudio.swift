import Foundation

/// Audio that a question set is made of in place of what the experiment's file says.
public struct SetAudio: Sendable, Equatable {
  /// Nil for the file's one set that a pipeline makes.
  public var name: String?
  /// A folder, or `synth`.
  public var folder: String

  public init(name: String? = nil, folder: String) {
    self.name = name
    self.folder = folder
  }

  /// Reads `FOLDER` or `NAME=FOLDER`; a folder that is there may have any name.
  public init(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2, isFolderName(parts[0]), !FileManager.default.fileExists(atPath: argument) {
      self.init(name: parts[0], folder: parts[1])
    } else {
      self.init(folder: argument)
    }
  }

  /// The sets of an experiment with their audio replaced. One folder without a name is that of the one set that a
  /// pipeline makes; folders with names are a set each, made as that one is, which they replace.
  static func sets(of audio: [SetAudio], in sets: [QuestionSet]) throws(ExperimentError) -> [QuestionSet] {
    guard !audio.isEmpty else { return sets }
    let made = sets.indices.filter { place in
      if case .pipeline = sets[place].source { true } else { false }
    }
    guard made.count == 1, let place = made.first, case .pipeline(let file, var overrides) = sets[place].source else {
      throw .notOneMadeSet(count: made.count)
    }
    overrides.removeAll { $0.hasPrefix("scan.audio=") }
    let names = audio.map { $0.name ?? (audio.count == 1 ? sets[place].name : "") }
    let taken = Set(sets.indices.filter { $0 != place }.map { sets[$0].name })
    for (index, name) in names.enumerated() {
      if name.isEmpty { throw .unnamedAudio(folder: audio[index].folder) }
      if taken.contains(name) || names[..<index].contains(name) { throw .nameTaken(name) }
    }
    var result = sets
    result.replaceSubrange(
      place...place,
      with: zip(names, audio).map { name, audio in
        QuestionSet(
          name: name, source: .pipeline(file: file, overrides: [Self.override(audio.folder)] + overrides))
      })
    return result
  }

  /// A folder of audio as an override of a pipeline.
  static func override(_ path: String) -> String {
    guard path != "synth" else { return "scan.audio=synth" }
    let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    return "scan.audio='\(absolute.replacing("'", with: "''"))'"
  }
}
