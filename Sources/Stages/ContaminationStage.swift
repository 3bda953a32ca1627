import Audio
import Dataset
import Foundation
import Pipelines
import Store

/// Finds questions that stand in test sets the user names: by their words, by where their sounds come from, and by the
/// sounds themselves where the test sets' audio is at hand.
struct ContaminationStage: Stage {
  /// What is done with a match.
  enum Use: String, CaseIterable {
    case remove
    case refuse
    case list
  }

  let name = "contamination"
  let scope = StageScope.set
  private let files: [(path: String, digest: String)]
  /// The test sets' audio.
  private let folders: [AudioFolder]
  private let use: Use
  private let settings: ContaminationSettings

  init(_ section: Section) throws {
    files = try (section.paths("files") ?? []).map { ($0, try FileDigest.sha256(path: $0)) }
    use = Use(rawValue: try section.choice("matches", of: Use.allCases.map(\.rawValue), default: "remove")) ?? .remove
    let usual = ContaminationSettings()
    settings = ContaminationSettings(
      words: try section.int("words", in: 4...100, default: usual.words),
      phrase: try section.int("phrase", in: 1...1_000_000, default: usual.phrase),
      near: NearSettings(similarity: try section.double("similarity", in: 0.1...1, default: usual.near.similarity)))
    folders = try (section.paths("audio") ?? []).map { path in
      guard let folder = try? AudioFolder(root: AudioRoot.absolute(path)), !folder.entries.isEmpty else {
        throw StagesError.noReferenceAudio(path)
      }
      return folder
    }
  }

  var parts: [String: String] {
    let parts = [
      "version": "1", "matches": use.rawValue, "words": "\(settings.words)", "phrase": "\(settings.phrase)",
      "similarity": "\(settings.near.similarity)",
      "files": files.map { "\(Self.fileName($0.path)) \($0.digest)" }.joined(separator: "; "),
    ]
    guard !folders.isEmpty else { return parts }
    let folders = folders.map { "\(Self.fileName($0.root)) \($0.digest)" }.joined(separator: "; ")
    return parts.merging(["audio": "\(folders); fingerprints \(AudioFingerprint.version)"]) { $1 }
  }

  func run(_ context: StageContext) async throws -> String {
    guard !files.isEmpty || !folders.isEmpty else {
      try context.store.commit(contamination: [], code: nil, context.place)
      return "no test sets are named to compare with"
    }
    var index = ContaminationIndex(settings)
    for file in files { try read(file.path, into: &index, context) }
    let sounds = try await folders.isEmpty ? [:] : AudioContamination(folders, context).matches()
    let search = ContaminationOfRun(index: index, sounds: sounds, context: context)
    let matches = try await onThread { try search.matches() }
    let code = use == .remove ? ReasonCode.contaminated.rawValue : nil
    try context.store.commit(contamination: matches, code: code, context.place)
    return try summary(matches, context)
  }

  private func read(_ path: String, into index: inout ContaminationIndex, _ context: StageContext) throws {
    let file = try ReferenceFile.read(path: path)
    index.add(file.items, of: Self.fileName(path))
    guard let first = file.refused.first else { return }
    context.progress.note(
      stage: name,
      "\(counted(file.refused.count, "row")) cannot be used; the first: \(path):\(first.line): \(first.reason)")
  }

  private func summary(_ matches: [ContaminationRecord], _ context: StageContext) throws -> String {
    let count = Set(matches.map(\.question)).count
    guard let first = matches.first else {
      return "no question stands in \(counted(files.count + folders.count, "test set"))"
    }
    if use == .refuse {
      throw StagesError.contaminated(
        count: count, first: "\(first.question) in \(first.place)", run: context.folder.path)
    }
    var kinds: [String: Set<String>] = [:]
    for match in matches { kinds[match.kind, default: []].insert(match.question) }
    let text = kinds.sorted { $0.key < $1.key }.map { "\($0.value.count) by \($0.key)" }.joined(separator: ", ")
    return "\(counted(count, "question")) \(use == .remove ? "removed" : "listed") that "
      + "\(count == 1 ? "stands" : "stand") in test sets: \(text)"
  }

  /// Without its folder: listings and digests do not change when a set is moved.
  private static func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// The search through a run's questions. It blocks, and is for a thread of its own.
private struct ContaminationOfRun: Sendable {
  let index: ContaminationIndex
  /// By clips.
  let sounds: [String: [ContaminationMatch]]
  let context: StageContext

  func matches() throws -> [ContaminationRecord] {
    var search = ContaminationSearch(index)
    var ids: [String] = []
    var ofClip: [String: [ContaminationMatch]] = [:]
    var clips: [String] = []
    var last: (clip: String, ordinal: Int)?
    while true {
      let page = try context.store.duplicateCandidates(
        context.place, codes: [ReasonCode.contaminated.rawValue], after: last, limit: 4_096)
      guard let end = page.last else { break }
      last = (end.clip, end.ordinal)
      for question in page {
        search.add(stem: question.stem, choices: [question.correct] + question.distractors)
        ids.append(question.id)
        clips.append(question.clip)
        if ofClip[question.clip] == nil { ofClip[question.clip] = try soundMatches(question.clip) }
      }
    }
    let byWords = search.matches()
    return ids.indices.flatMap { number in
      ((byWords[number] ?? []) + (ofClip[clips[number]] ?? [])).map { record($0, of: ids[number]) }
    }
  }

  private func soundMatches(_ id: String) throws -> [ContaminationMatch] {
    guard let clip = try context.store.clips([id]).first else { return [] }
    let files = try context.store.sources(of: id).map(\.path)
    let byName = ContaminationSearch.soundMatches(
      index, files: Set(files).sorted(), seconds: clip.seconds, columns: clip.metadata)
    return byName + sounds[id, default: []]
  }

  private func record(_ match: ContaminationMatch, of question: String) -> ContaminationRecord {
    ContaminationRecord(
      question: question, kind: match.kind.rawValue, file: match.file, item: match.item, line: match.line,
      detail: match.detail, similarity: match.similarity)
  }
}
