import Pipelines
import Store

/// The requests that have no answer yet, one after the other, each once however many clips it is for. Answers that are
/// there already are taken up on the way, and clips that nothing can be asked about are done with.
struct RequestSource {
  private let settings: WriteSettings
  private let context: StageContext
  private let waiters: WaitingClips
  private var pages: PendingClips
  private var page: ArraySlice<ClipRecord> = []
  private var settled: [(clip: String, request: String?)] = []

  /// Clips settled in one transaction.
  private static let batch = 256

  init(settings: WriteSettings, context: StageContext, waiters: WaitingClips) {
    self.settings = settings
    self.context = context
    self.waiters = waiters
    pages = context.pendingPages()
  }

  /// The next request; nil after the last. A clip whose request another one waits for already joins it.
  mutating func next() throws -> EndpointRequest? {
    while true {
      if page.isEmpty {
        try Task.checkCancellation()
        try settle()
        page = try pages.next()[...]
      }
      guard let clip = page.popFirst() else { return nil }
      let captions = try context.store.captions(of: clip.id)
      guard let request = try settings.request(for: clip, captions: captions) else {
        settled.append((clip.id, nil))
        continue
      }
      if waiters.join(clip.id, key: request.key) { continue }
      guard let answered = try settings.access.endpoint.answeredKey(of: request, in: context.store) else {
        waiters.open(clip.id, key: request.key)
        return request
      }
      settled.append((clip.id, answered))
      if settled.count >= Self.batch { try settle() }
    }
  }

  private mutating func settle() throws {
    guard !settled.isEmpty else { return }
    try context.store.commit(writings: settled, context.place)
    context.progress.advanced(stage: context.place.name, by: settled.count)
    settled = []
  }
}
