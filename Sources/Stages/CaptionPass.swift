import Audio
import Captioning
import Pipelines
import Store

/// One way through the pending clips, with those captioners that work on this machine.
struct CaptionPass: Sendable {
  private let teams: [CaptionTeam]
  private let desk: CaptionDesk
  private let threads: Int
  private let chunk: Int
  /// Results are committed at once: each took long.
  private let isSlow: Bool

  /// Captioners that need no model, clip by clip on all threads; nil where there is none.
  static func quick(_ desk: CaptionDesk) -> CaptionPass? {
    let teams = CaptionTeam.quick(desk.entries)
    return teams.isEmpty
      ? nil : CaptionPass(teams: teams, desk: desk, threads: desk.context.threads, chunk: 1, isSlow: false)
  }

  /// Models, in batches and from one thread: an engine is parallel in itself.
  ///
  /// Several batches go to a model at once: in the last of them alone the places of captions that are done stay empty.
  static func models(_ desk: CaptionDesk) -> CaptionPass? {
    let captioners = desk.entries.compactMap { entry in
      if case .model(let captioner, _) = entry.work { captioner } else { nil }
    }
    guard let batch = captioners.map(\.batch).max() else { return nil }
    let captions = captioners.reduce(0) { $0 + $1.captionCount }
    return CaptionPass(
      teams: CaptionTeam.models(desk.entries), desk: desk, threads: 1,
      chunk: (batchesAtOnce * batch + captions - 1) / captions, isSlow: true)
  }

  private static let batchesAtOnce = 4
  /// Of sound that is in memory together, where it is not one clip's.
  private static let mostSeconds = 1800.0

  func run() async throws {
    var pages = desk.context.pendingPages()
    var work = ParallelWork<ClipRecord, CaptionedClip>(threads: threads, chunk: chunk)
    if isSlow { work.batch = 1 }
    try await work.run(
      page: { try pages.next() },
      work: { try caption($0) },
      commit: { try desk.commit($0) })
  }

  /// Captions clips, as many at once as the memory has room for.
  private func caption(_ clips: [ClipRecord]) throws -> [CaptionedClip] {
    var results: [CaptionedClip] = []
    var together: [ClipRecord] = []
    var seconds = 0.0
    for clip in clips {
      if seconds + clip.seconds > Self.mostSeconds && !together.isEmpty {
        results += try captionTogether(together)
        (together, seconds) = ([], 0)
      }
      together.append(clip)
      seconds += clip.seconds
    }
    return results + (try captionTogether(together))
  }

  /// Captions those clips that have no captions under a captioner's key. A clip whose audio cannot be read any more
  /// stays pending.
  private func captionTogether(_ clips: [ClipRecord]) throws -> [CaptionedClip] {
    var results = clips.map { CaptionedClip(clip: $0) }
    var inputs: [Int: CaptionInput] = [:]
    var unreadable: Set<Int> = []
    for team in teams {
      var waiting: [(index: Int, member: Int, key: String)] = []
      for (index, clip) in clips.enumerated() where !unreadable.contains(index) {
        let missing = try team.entries.enumerated().compactMap { member, entry in
          try desk.missing([entry], of: clip).first.map { (index: index, member: member, key: $0.key) }
        }
        guard !missing.isEmpty else { continue }
        guard let input = input(clip, withAudio: team.needsAudio, earlier: inputs[index]) else {
          unreadable.insert(index)
          continue
        }
        inputs[index] = input
        waiting += missing
      }
      guard !waiting.isEmpty else { continue }
      let made = try team.captions(
        waiting.compactMap { item in inputs[item.index].map { (member: item.member, clip: $0) } })
      for (item, result) in zip(waiting, made) {
        results[item.index].made += CaptionDesk.records(result, of: team.entries[item.member], key: item.key)
      }
    }
    return results
  }

  private func input(_ clip: ClipRecord, withAudio: Bool, earlier: CaptionInput?) -> CaptionInput? {
    var input = earlier ?? CaptionInput(clip)
    guard withAudio && input.waveform.samples.isEmpty else { return input }
    guard let waveform = desk.waveform(of: clip) else { return nil }
    input.waveform = waveform
    return input
  }
}
