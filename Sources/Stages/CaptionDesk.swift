import Audio
import Captioning
import Dataset
import Foundation
import Pipelines
import Store
import Synchronization

/// What the passes of the caption stage share: who captions, where the audio is, and what came of it.
struct CaptionDesk: Sendable {
  let entries: [CaptionEntry]
  let context: StageContext
  let root: AudioRoot
  /// Clips that cannot be captioned now, by reason.
  let tally = Tally()
  private let unreadable = UnreadableClips()

  init(entries: [CaptionEntry], context: StageContext) throws {
    self.entries = entries
    self.context = context
    root = try AudioRoot(context.store)
  }

  /// The samples of a clip. Nil where they cannot be had any more: the clip stays pending, and is told of once.
  func waveform(of clip: ClipRecord) -> Waveform? {
    guard !unreadable.contains(clip.id) else { return nil }
    do {
      return try root.waveform(of: clip)
    } catch {
      if unreadable.insert(clip.id) { tally.add("\(error)") }
      return nil
    }
  }

  /// Which of the entries have no captions of the clip yet, each with its key.
  func missing(_ entries: [CaptionEntry], of clip: ClipRecord) throws -> [(entry: CaptionEntry, key: String)] {
    let keyed = entries.map { (entry: $0, key: $0.key(of: clip)) }
    let made = try context.store.captionKeys(of: clip.id, among: keyed.map(\.key))
    return keyed.filter { !made.contains($0.key) }
  }

  /// Commits new captions of clips, and with them those clips that have captions by every entry now.
  func commit(_ captioned: [CaptionedClip]) throws {
    let keyed = captioned.map { item in
      (clip: item.clip.id, keys: entries.map { $0.key(of: item.clip) }, made: item.made)
    }
    try context.store.commit(captions: keyed, context.place)
    context.progress.advanced(stage: context.place.name, by: captioned.count)
  }

  /// Commits what the answer under a key says of clips.
  func commit(_ clips: [String], _ entry: CaptionEntry, _ endpoint: CaptionEndpoint, answer key: String) throws {
    guard let response = try context.store.response(to: key) else { return }
    try commit(
      try context.store.clips(clips).map { clip in
        let caption = endpoint.caption(in: response, of: clip.id)
        return CaptionedClip(
          clip: clip, made: Self.records(caption, of: entry, key: entry.key(of: clip), request: key))
      })
  }

  /// The rows of what an entry's captioner made of a clip.
  static func records(
    _ result: Result<[CaptionDraft], CaptioningError>, of entry: CaptionEntry, key: String, request: String? = nil
  ) -> [CaptionRecord] {
    switch result {
    case .success(let drafts):
      drafts.enumerated().map { ordinal, draft in
        CaptionRecord(
          captioner: entry.name, key: key, ordinal: ordinal, text: draft.text, facts: draft.facts,
          detail: draft.remark,
          source: CaptionSource(
            model: draft.model, revision: draft.revision, prompt: entry.prompt?.hash, sampling: draft.sampling,
            origin: draft.origin),
          meanLogProbability: draft.meanLogProbability, request: request)
      }
    case .failure(let error):
      [
        CaptionRecord(
          captioner: entry.name, key: key, text: nil, code: code(error).rawValue, detail: "\(error)",
          source: CaptionSource(prompt: entry.prompt?.hash), request: request)
      ]
    }
  }

  private static func code(_ error: CaptioningError) -> ReasonCode {
    if case .tooLong = error { .tooLong } else { .noCaption }
  }
}

/// A clip with what one pass made of it.
struct CaptionedClip: Sendable {
  var clip: ClipRecord
  var made: [CaptionRecord] = []
}

extension CaptionInput {
  /// A clip without its samples.
  init(_ clip: ClipRecord) {
    self.init(
      clip: clip.id, waveform: Waveform(samples: [], sampleRate: Waveform.modelRate), labels: clip.labels,
      metadata: clip.metadata)
  }
}

/// Clips whose audio cannot be read any more; from several threads.
private final class UnreadableClips: Sendable {
  private let ids = Mutex<Set<String>>([])

  func contains(_ id: String) -> Bool { ids.withLock { $0.contains(id) } }

  /// Whether it was not known yet.
  func insert(_ id: String) -> Bool { ids.withLock { $0.insert(id).inserted } }
}

/// Runs what blocks on a thread of its own.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    let thread = Thread { continuation.resume(with: Result { try body() }) }
    thread.stackSize = 4 << 20
    thread.start()
  }
}
