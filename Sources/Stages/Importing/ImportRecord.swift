import Dataset
import Foundation
import Store

/// Turns rows as they are read into what the store keeps of them.
struct RowKeeper: Sendable {
  let settings: ImportSettings
  /// Where sounds go that come inside a set's own files.
  let sounds: EmbeddedSounds

  func record(_ entry: ImportEntry) throws -> ImportRowRecord {
    switch entry {
    case .refused(let line, let code, let reason):
      return ImportRowRecord(line: line, code: code.rawValue, detail: reason)
    case .row(let row):
      guard let sound = try sound(of: row) else {
        let reason = "the row names no sound; import.audio: none takes questions without"
        return ImportRowRecord(line: row.line, code: ReasonCode.missing.rawValue, detail: reason)
      }
      return record(row, sound)
    }
  }

  private func record(_ row: ImportRow, _ sound: ImportSoundListing) -> ImportRowRecord {
    let question = row.question
    var record = ImportRowRecord(line: row.line)
    record.sound = sound
    record.id = question.id
    record.clip = row.clipName
    record.split = question.split
    record.stem = question.question
    record.choices = question.choices
    record.answerIndex = question.answerIndex
    record.skill = question.skill
    record.difficulty = question.difficulty
    record.contribution = question.audioContribution?.rawValue
    record.labels = question.labels
    record.evidence = question.evidence
    record.rationale = question.rationale
    record.shares = AnswerShares(question.rates)
    record.metadata = row.metadata
    record.sources = question.provenance.sources.isEmpty ? Self.sources(of: row) : question.provenance.sources
    record.recording = row.recording
    record.captions = question.captions.isEmpty ? nil : Self.shared(question.captionsText)
    record.making = Self.shared(question.makingText)
    return record
  }

  /// What the set calls the sound's file; never a path of this machine.
  private static func sources(of row: ImportRow) -> [String] {
    let path = row.question.audioPath
    guard !path.isEmpty else { return [] }
    return [path.hasPrefix("/") ? (path as NSString).lastPathComponent : path]
  }

  private static func shared(_ text: String) -> SharedText {
    SharedText(key: ContentID.make(domain: "earshot import text 1", [text]), body: text)
  }

  private func sound(of row: ImportRow) throws -> ImportSoundListing? {
    guard settings.hasSounds else {
      let name =
        row.clipName.isEmpty ? ContentID.make(domain: "earshot clip without sound 1", [row.contentID]) : row.clipName
      return ImportSoundListing(
        path: StretchDecoder.absentPrefix + name, size: 0, modified: 0, stretch: SoundStretch.absent.text)
    }
    guard let sound = row.sound else { return nil }
    let path =
      switch sound.place {
      case .file(let path): path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
      case .bytes(let bytes, let name): try sounds.keep(bytes, named: name)
      }
    let state = ImportFiles.state(of: path)
    return ImportSoundListing(
      path: String(path.dropFirst()), size: state.size, modified: state.modified, stretch: SoundStretch(sound).text)
  }
}

/// The folder of sounds that came inside files of sets, each under the hash of its bytes.
struct EmbeddedSounds: Sendable {
  /// Absolute.
  let folder: String

  /// Returns the file's path. One that is there and as long is not written again, so that it does not look changed.
  func keep(_ bytes: [UInt8], named name: String) throws -> String {
    let ending = (name as NSString).pathExtension.lowercased()
    let hash = FileDigest.sha256(bytes).prefix(32)
    let path = "\(folder)/\(hash.prefix(2))/\(hash)." + (AudioFolder.extensions.contains(ending) ? ending : "wav")
    if ImportFiles.state(of: path).size == bytes.count { return path }
    let parent = (path as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    // Two threads may keep one sound: each its own file first.
    let partial = "\(path).\(UUID().uuidString).partial"
    let file = try LineFile(path: partial)
    try file.append(bytes)
    try file.close()
    guard rename(partial, path) == 0 else { throw LineFile.failure(path) }
    return path
  }
}
