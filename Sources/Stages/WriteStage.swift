import Chat
import Dataset
import Foundation
import Pipelines
import Store
import Web

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

  /// Requests that have no answer yet, among those that the clips would make now.
  func forecast(_ context: StageContext, changed: Bool) async throws -> StageForecast {
    var count = 0
    var last = ""
    let everything = StagePlace(
      name: changed ? "" : context.place.name, position: 0, upstream: context.place.upstream, followers: [])
    while true {
      let ids = try context.store.pendingClips(everything, from: last, limit: 512)
      guard let end = ids.last else { break }
      last = end
      for clip in try context.store.clips(ids) {
        let request = try settings.request(for: clip, captions: try context.store.captions(of: clip.id))
        guard let request else { continue }
        if try !context.store.hasResponse(to: request.key) { count += 1 }
      }
    }
    return StageForecast(count: count, unit: unit)
  }

  func run(_ context: StageContext) async throws -> String {
    try settings.price.remember(in: context.store)
    try await settings.withClient { client in
      try await WriteQueue(settings: settings, client: client, context: context).run()
    }
    let usage = try context.store.status().usage
    return "\(try context.store.doneCount(stage: name)) clips answered, \(usage.answered) requests in all"
  }
}
