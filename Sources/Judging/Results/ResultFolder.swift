public import Evaluation
import Foundation
import Models

/// The folder of a result: `manifest.json`, `answers.jsonl`, `scores.json`, `scores.md`, `scores.csv`, `costs.json`;
/// `answers.part.jsonl` while it is under way. It is complete as soon as `answers.jsonl` is there.
public struct ResultFolder: Sendable, Equatable {
  public let path: String

  public init(path: String) { self.path = path }

  public var isComplete: Bool { FileManager.default.fileExists(atPath: file("answers.jsonl")) }

  func file(_ name: String) -> String { path + "/" + name }

  /// Nil where there is none.
  public func manifest() throws(JudgingError) -> Manifest? {
    guard let data = FileManager.default.contents(atPath: file("manifest.json")) else { return nil }
    do {
      return try JSONDecoder().decode(Manifest.self, from: data)
    } catch {
      throw .damaged(path: file("manifest.json"), reason: "it is no manifest of a result")
    }
  }

  /// The lines of `answers.jsonl`, in their order.
  public func lines() throws(JudgingError) -> [AnswerLine] {
    let name = file("answers.jsonl")
    guard let data = FileManager.default.contents(atPath: name) else {
      throw .damaged(path: name, reason: "it is not there, or cannot be read")
    }
    let decoder = JSONDecoder()
    var lines: [AnswerLine] = []
    for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let line = try? decoder.decode(AnswerLine.self, from: line) else {
        throw .damaged(path: name, reason: "line \(number + 1) is no answer")
      }
      lines.append(line)
    }
    return lines
  }

  /// Makes the folder for a result, or finds that it holds one of the same manifest, whole or in part. Throws for one
  /// that holds something else, unless `earlier` has results set aside.
  func prepare(_ manifest: Manifest, earlier way: EvaluationRun.Earlier) throws {
    if try sets(way, aside: manifest) { try setAside() }
    if let earlier = try self.manifest() {
      let differences = earlier.differences(from: manifest)
      guard differences.isEmpty else {
        let texts = differences.map { "\($0.name) \($0.first) -> \($0.second)" }
        throw JudgingError.otherSettings(folder: path, differences: texts)
      }
      return
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw JudgingError.notWritten(path: path, reason: "the folder cannot be made")
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    // Folders in it are results of other hearings, which have no business here but do no harm.
    guard !names.contains(where: { $0.hasSuffix(".jsonl") || $0.hasPrefix("scores.") }) else {
      throw JudgingError.notAResult(folder: path)
    }
    try write(ResultJSON.text(manifest), to: "manifest.json")
  }

  private func sets(_ way: EvaluationRun.Earlier, aside manifest: Manifest) throws(JudgingError) -> Bool {
    switch way {
    case .refuse: false
    case .setAside: FileManager.default.fileExists(atPath: file("manifest.json"))
    case .setAsideIfOther: try self.manifest().map { !$0.differences(from: manifest).isEmpty } ?? false
    }
  }

  /// Writes the scores of predictions that were made elsewhere, whatever the folder holds.
  public func write(_ scored: ScoredAnswers, _ manifest: Manifest) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw JudgingError.notWritten(path: path, reason: "the folder cannot be made")
    }
    try write(ResultJSON.text(manifest), to: "manifest.json")
    try write(scored, title: manifest.data.file)
  }

  /// The answers come last: with them the result is complete.
  func write(_ scored: ScoredAnswers, title: String) throws {
    CheckpointOutput.removeLeftovers(in: path)
    try write(ResultJSON.text(scored.records), to: "scores.json")
    try write("# \(TextGrid.escapedForMarkdown(title))\n\n" + scored.markdown, to: "scores.md")
    try write(TextGrid(scored.records).csv, to: "scores.csv")
    try write(scored.lines.map { $0.json + "\n" }.joined(), to: "answers.jsonl")
  }

  /// Writes a whole file, put on the disk before it has its name.
  func write(_ text: String, to name: String) throws {
    try CheckpointOutput.write(Array(text.utf8), to: file(name))
  }

  /// Gives the folder the first free name of NAME.1, NAME.2, ….
  private func setAside() throws(JudgingError) {
    for number in 1...10_000 {
      let other = "\(path).\(number)"
      guard !FileManager.default.fileExists(atPath: other) else { continue }
      guard rename(path, other) == 0 else { throw .writing(other, code: errno) }
      return
    }
    throw .notWritten(path: path, reason: "too many results were set aside; take some away")
  }
}
