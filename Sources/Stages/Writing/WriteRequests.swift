import Dataset
import Pipelines
import Store

/// The requests of one writer in one wave that have no answer yet, one after the other, each once however many clips it
/// is for. Answers that are there already are taken up on the way, and clips that nothing can be asked about are done
/// with.
struct WriteRequests {
  /// Which clips are meant, and what their prompts are told of the waves before.
  struct Part: Sendable {
    var writer: Int
    var wave: Int
    var avoid: [String]
  }

  private let settings: WriteSettings
  private let part: Part
  private let desk: RequestDesk
  private let context: StageContext
  private let waiters: WaitingClips
  private let sounds: WriteSounds?
  private var pages: PendingClips
  private var page: ArraySlice<ClipRecord> = []
  /// Those of the page's clips.
  private var captions: [String: [CaptionRecord]] = [:]
  private var settled: [WritingRecord] = []
  /// Clips that would need the network, which a replay does without.
  private(set) var left = 0

  /// Clips settled in one transaction.
  private static let batch = 256

  init(
    _ settings: WriteSettings, _ part: Part, _ desk: RequestDesk, context: StageContext, waiters: WaitingClips,
    sounds: WriteSounds?
  ) {
    self.settings = settings
    self.part = part
    self.desk = desk
    self.context = context
    self.waiters = waiters
    self.sounds = sounds
    pages = context.pendingPages()
  }

  /// The next request; nil after the last. A clip whose request another one waits for already joins it.
  mutating func next() async throws -> RequestDesk.Open? {
    while let clip = try await nextClip() {
      if let request = try await request(for: clip) { return request }
      if settled.count >= Self.batch { try await settle() }
    }
    return nil
  }

  private mutating func nextClip() async throws -> ClipRecord? {
    while page.isEmpty {
      try Task.checkCancellation()
      try await settle()
      let clips = try pages.next()
      guard !clips.isEmpty else { return nil }
      page = clips.filter { settings.writer(of: $0.id) == part.writer && settings.wave(of: $0.id) == part.wave }[...]
      captions = try settings.captions(of: Array(page), in: context.store)
    }
    return page.popFirst()
  }

  /// What is to be sent for a clip; nil where it is settled, joins another one's request, or may not be sent.
  private mutating func request(for clip: ClipRecord) async throws -> RequestDesk.Open? {
    guard let captions = captions[clip.id] else {
      settled.append(WritingRecord(clip: clip.id, request: nil))
      return nil
    }
    var sound: AttachedSound?
    if let sounds {
      if let problem = settings.inputs.problem(seconds: clip.seconds) {
        settled.append(
          WritingRecord(clip: clip.id, request: nil, code: ReasonCode.tooLong.rawValue, detail: problem))
        return nil
      }
      sound = try await sounds.sound(of: clip)
      guard sound != nil else { return nil }
    }
    let request = try settings.request(for: clip, captions: captions, sound: sound, avoiding: part.avoid)
    if waiters.join(clip.id, key: request.key) { return nil }
    let progress = try desk.progress(of: request, in: context.store)
    guard let next = progress.next, !context.requests.replaysOnly else {
      if let answered = progress.answered {
        settled.append(WritingRecord(clip: clip.id, request: answered))
      } else {
        left += 1
      }
      return nil
    }
    waiters.open(clip.id, key: request.key)
    return RequestDesk.Open(first: request, next: next)
  }

  private mutating func settle() async throws {
    guard !settled.isEmpty else { return }
    try await context.store.settle(writings: settled, context.place)
    context.progress.advanced(stage: context.place.name, by: settled.count)
    settled = []
  }
}
