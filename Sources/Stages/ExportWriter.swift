public import Dataset
import Foundation
import Models
public import Store

/// Writes a run's accepted questions in one format: the files of each split's rows, the clips as 16 kHz mono WAV or FLAC
/// files or inside the rows, a card. The folder appears, or is replaced, as a whole: one that was cut off leaves what was there
/// before. The same set gives the same bytes.
public struct ExportWriter: Sendable {
  private let store: RunStore
  private let root: AudioRoot?
  private let name: String
  private let format: ExportFormat
  private let threads: Int
  private let options: ExportOptions
  private let handling: SoundHandling

  /// `name` is what the card calls the set; `audio` is where the run's audio is now, if not where its last scan found
  /// it. Throws where there is no such folder, there was no scan, or the format cannot do with sounds what `options` ask.
  public init(
    store: RunStore, name: String, format: ExportFormat, threads: Int, audio: String? = nil,
    options: ExportOptions = ExportOptions()
  ) throws {
    let known = format.format.sounds
    handling = options.sounds ?? known[0]
    guard known.contains(handling) else {
      throw StagesError.soundsNotHandled(
        handling.rawValue, format: format.rawValue, known: known.map(\.rawValue))
    }
    self.store = store
    self.name = name
    self.format = format
    self.threads = threads
    self.options = options
    root = handling == .absent ? nil : try AudioRoot(store, movedTo: audio)
  }

  /// What was written.
  public struct Written: Sendable, Equatable {
    public var questions: Int
    /// What most of them are worded like; nil for none.
    public var wording: WordingTally.Commonest?
  }

  /// Throws where the set is not that of a finished run, or a run changes it
  /// meanwhile, where `options` leave nothing of it, and where what was written, opened again, is not as the format's
  /// readers need it; what was at `destination` then stays.
  public func write(to destination: String, audioFrom earlier: EarlierAudio) async throws -> Written {
    let set = try FinishedSet(store)
    let folder = try ExportFolder(destination)
    do {
      guard options.only == nil || set.weak != nil else { throw StagesError.noSuchQuestions(store.path) }
      let statistics = try await write(parts(of: set), in: folder.partial, audioFrom: earlier)
      _ = try ExportDoctor.check(
        folder.partial, format, hasSounds: handling.hasFiles, named: destination)
      guard try FinishedSet(store) == set else { throw StagesError.unfinishedSet(store.path) }
      try folder.replace()
      return Written(questions: statistics.total, wording: statistics.wording.commonest)
    } catch {
      folder.discard()
      throw error
    }
  }

  /// What an export takes alone needs no parts.
  private func parts(of set: FinishedSet) -> [ExportPart] {
    ExportPart.all(of: options.splits, isDivided: set.weak == .split && options.only == nil)
  }

  private func write(
    _ parts: [ExportPart], in folder: String, audioFrom earlier: EarlierAudio
  ) async throws -> ExportStatistics {
    let provenance = try RunProvenance(store)
    var statistics = ExportStatistics(parts: parts.map(\.name))
    for part in parts {
      let selection = try ExportSelection(store, part: part, options: options)
      let sounds = root.map { root in
        ExportSounds(
          root: root, format: format.format, encoding: options.encoding,
          earlier: handling == .embedded ? earlier.linked : earlier, folder: folder, part: part, threads: threads)
      }
      try await sounds?.write(selection, provenance: provenance)
      try writeRows(selection, in: folder, sounds, provenance, &statistics)
      if handling == .embedded { try Self.remove("\(folder)/\(format.format.folder(of: part.name))audio") }
    }
    guard statistics.total > 0 || options.only == nil else { throw StagesError.noSuchQuestions(store.path) }
    if handling.hasFiles && statistics.total == 0 { try Self.makeFolder("\(folder)/audio") }
    for companion in format.format.companions(rows: statistics.questions) {
      try Self.write(companion.text, to: "\(folder)/\(companion.path)")
    }
    try Self.write(
      try RunCard(name: name, format: format.format, store: store, provenance: provenance, statistics: statistics)
        .card().markdown(in: folder), to: "\(folder)/README.md")
    try ExportMark(format: format.rawValue, questions: statistics.questions, options: options).write(to: folder)
    return statistics
  }

  private func writeRows(
    _ selection: ExportSelection, in folder: String, _ sounds: ExportSounds?, _ provenance: RunProvenance,
    _ statistics: inout ExportStatistics
  ) throws {
    let part = selection.part
    let files = SplitFiles(format.format.files(of: part.name), in: folder)
    var number = 0
    var counted = ClipTally()
    try selection.eachItem { item in
      var question = provenance.exported(item.question, item.row, split: part.split, audioPath: "")
      question.audioPath = format.format.soundPath(of: question, as: options.encoding)
      let sound = sounds.map { SetSound(path: $0.path(of: question), encoding: options.encoding) }
      try files.add(
        SetRow(
          question: question, number: number, clipNumber: item.clipNumber, asked: Self.asked(question), sound: sound))
      statistics.count(question, in: part.name)
      if counted.isNew(item.clipNumber) { statistics.count(item.row.clip, in: part.name) }
      number += 1
    }
    try files.close()
  }

  /// As `prompts/ask-r1-aqa.md` asks, which Earshot's own trainings use too.
  private static func asked(_ question: ExportedQuestion) -> String {
    "\(question.question) Please choose the answer from the following options: \(pythonList(question.choices)). "
      + "Output the final answer in <answer> </answer>."
  }

  private static func write(_ text: String, to path: String) throws {
    try makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    let file = try LineFile(path: path)
    try file.append(text)
    try file.close()
  }

  private static func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  private static func remove(_ path: String) throws {
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
  }
}

/// Which clips of a split were seen, by their numbers: a bit each.
struct ClipTally {
  private var words: [UInt64] = []

  mutating func isNew(_ number: Int) -> Bool {
    while words.count <= number / 64 { words.append(0) }
    let bit = UInt64(1) << UInt64(number % 64)
    defer { words[number / 64] |= bit }
    return words[number / 64] & bit == 0
  }
}

extension SoundHandling {
  fileprivate var hasFiles: Bool { self == .copied || self == .linked }
}
