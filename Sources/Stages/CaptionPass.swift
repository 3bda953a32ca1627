import Audio
import Captioning
import Pipelines
import Store

/// One way through the pending clips, with those captioners that work on this machine.
struct CaptionPass: Sendable {
  private let captioners: [(entry: CaptionEntry, captioner: any Captioner)]
  private let desk: CaptionDesk
  private let threads: Int
  private let chunk: Int
  /// Results are committed at once: each took long.
  private let isSlow: Bool

  /// Captioners that need no model, clip by clip on all threads; nil where there is none.
  static func quick(_ desk: CaptionDesk) -> CaptionPass? {
    let captioners = desk.entries.compactMap { entry in
      if case .local(let captioner) = entry.work { (entry, captioner) } else { nil }
    }
    return captioners.isEmpty
      ? nil
      : CaptionPass(
        captioners: captioners, desk: desk, threads: desk.context.threads, chunk: 1, isSlow: false)
  }

  /// Models, in batches and from one thread: an engine is parallel in itself.
  static func models(_ desk: CaptionDesk) -> CaptionPass? {
    let captioners = desk.entries.compactMap { entry in
      if case .model(let captioner, let batch) = entry.work { (entry, captioner, batch) } else { nil }
    }
    guard let batch = captioners.map(\.2).max() else { return nil }
    return CaptionPass(captioners: captioners.map { ($0.0, $0.1) }, desk: desk, threads: 1, chunk: batch, isSlow: true)
  }

  func run() async throws {
    var pages = desk.context.pendingPages()
    var work = ParallelWork<ClipRecord, CaptionedClip>(threads: threads, chunk: chunk)
    if isSlow { work.batch = 1 }
    try await work.run(
      page: { try pages.next() },
      work: { try caption($0) },
      commit: { try desk.commit($0) })
  }

  /// Captions those clips that have no captions under a captioner's key. A clip whose audio cannot be read any more
  /// stays pending.
  private func caption(_ clips: [ClipRecord]) throws -> [CaptionedClip] {
    var results = clips.map { CaptionedClip(clip: $0) }
    var inputs: [Int: CaptionInput] = [:]
    var unreadable: Set<Int> = []
    for (entry, captioner) in captioners {
      var waiting: [(index: Int, key: String)] = []
      for (index, clip) in clips.enumerated() where !unreadable.contains(index) {
        guard let key = try desk.missing([entry], of: clip).first?.key else { continue }
        guard let input = input(clip, withAudio: captioner.needsAudio, earlier: inputs[index]) else {
          unreadable.insert(index)
          continue
        }
        inputs[index] = input
        waiting.append((index, key))
      }
      guard !waiting.isEmpty else { continue }
      let made = try captioner.captions(for: waiting.compactMap { inputs[$0.index] })
      for (item, result) in zip(waiting, made) {
        results[item.index].made += CaptionDesk.records(result, of: entry, key: item.key)
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
