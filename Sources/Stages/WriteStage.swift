import Chat
import Dataset
import Foundation
import Pipelines
import Store

/// Has a chat endpoint write questions from each clip's captions. Answers are kept raw; `check` reads them.
struct WriteStage: Stage {
  let name = "write"
  let scope = StageScope.clips
  let unit = "requests"
  private let settings: WriteSettings

  init(_ section: Section) throws {
    settings = try WriteSettings(section)
  }

  /// How many choices a question has.
  var choices: Int { settings.choices }

  var parts: [String: String] { settings.parts }

  func remember(in store: RunStore) throws {
    try settings.price.remember(in: store)
  }

  /// Requests that have no answer yet, among those that the clips would make now.
  func forecast(_ context: StageContext, changed: Bool) async throws -> StageForecast {
    var keys: Set<String> = []
    var last = ""
    let everything = StagePlace(
      name: changed ? "" : context.place.name, position: 0, upstream: context.place.upstream, followers: [])
    while true {
      let ids = try context.store.pendingClips(everything, from: last, limit: 512)
      guard let end = ids.last else { break }
      last = end
      for clip in try context.store.clips(ids) {
        let request = try settings.request(for: clip, captions: try context.store.captions(of: clip.id))
        guard let request, try context.store.hasUsableResponse(to: request.key) == nil else { continue }
        keys.insert(request.key)
      }
    }
    return StageForecast(count: keys.count, unit: unit)
  }

  func run(_ context: StageContext) async throws -> String {
    let (store, place, progress) = (context.store, context.place, context.progress)
    try await settings.access.withClient { client in
      let queue = RequestQueue(endpoint: settings.access.endpoint, client: client, context: context)
      var source = RequestSource(settings: settings, context: context, waiters: queue.waiters)
      try await queue.run(next: { try source.next() }) { request, answer in
        // The answer is that of every clip with the same request.
        let clips = queue.waiters.close(key: request.key)
        try store.commit(writings: clips.map { ($0, answer) }, place)
        progress.advanced(stage: place.name, by: clips.count)
      }
    }
    let usage = try context.store.status().usage
    return counted(try context.store.doneCount(stage: name), "clip") + " answered, "
      + counted(usage.answered, "request") + " in all"
  }
}
