import Captioning
import Pipelines
import Store

/// The requests for captions that have no answer yet, one after the other, each once however many clips it is for.
/// Answers that are there already are taken up on the way.
struct CaptionRequests {
  private let entry: CaptionEntry
  private let endpoint: CaptionEndpoint
  private let desk: CaptionDesk
  private let waiters: WaitingClips
  private var pages: PendingClips
  private var page: ArraySlice<ClipRecord> = []
  private var ready: ArraySlice<EndpointRequest> = []

  /// Clips whose sounds are made ready together, and are in memory at a time.
  private static let batch = 8

  init(_ entry: CaptionEntry, _ endpoint: CaptionEndpoint, _ desk: CaptionDesk, waiters: WaitingClips) {
    self.entry = entry
    self.endpoint = endpoint
    self.desk = desk
    self.waiters = waiters
    pages = desk.context.pendingPages()
  }

  /// The next request; nil after the last. A clip whose request another one waits for already joins it.
  mutating func next() async throws -> RequestDesk.Open? {
    while true {
      while let ask = ready.popFirst() {
        if waiters.join(ask.clip, key: ask.key) { continue }
        let progress = try endpoint.desk.progress(of: ask, in: desk.context.store)
        guard let next = progress.next, !desk.context.requests.replaysOnly else {
          if let answer = progress.answered { try desk.commit([ask.clip], entry, endpoint, answer: answer) }
          continue
        }
        waiters.open(ask.clip, key: ask.key)
        return RequestDesk.Open(first: ask, next: next)
      }
      try Task.checkCancellation()
      if page.isEmpty { page = try pages.next()[...] }
      guard !page.isEmpty else { return nil }
      let clips = Array(page.prefix(Self.batch))
      page = page.dropFirst(Self.batch)
      let (entry, endpoint, desk) = (entry, endpoint, desk)
      ready = try await onThread { try Self.asks(about: clips, entry, endpoint, desk) }[...]
    }
  }

  /// The requests for those clips that have no caption and can be heard. What needs no request is committed.
  private static func asks(
    about clips: [ClipRecord], _ entry: CaptionEntry, _ endpoint: CaptionEndpoint, _ desk: CaptionDesk
  ) throws -> [EndpointRequest] {
    var asks: [EndpointRequest] = []
    var done: [CaptionedClip] = []
    for clip in clips {
      guard let key = try desk.missing([entry], of: clip).first?.key, let waveform = desk.waveform(of: clip) else {
        done.append(CaptionedClip(clip: clip))
        continue
      }
      do {
        asks.append(try endpoint.ask(about: clip, waveform))
      } catch let error as CaptioningError {
        done.append(CaptionedClip(clip: clip, made: CaptionDesk.records(.failure(error), of: entry, key: key)))
      }
    }
    if !done.isEmpty { try desk.commit(done) }
    return asks
  }
}
