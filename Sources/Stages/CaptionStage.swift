import Captioning
import Pipelines
import Store

/// Describes each clip in words, by one captioner or several.
struct CaptionStage: Stage {
  let name = "caption"
  let scope = StageScope.clips
  private let entries: [CaptionEntry]

  /// `openModel` opens the models of captioners that run one, each model once.
  init(_ section: Section, openModel: OpenAudioTextModel = { try LocalModel($0) }) throws {
    let names = try section.strings("with", default: ["acoustic"])
    guard !names.isEmpty else { throw section.badValue("with", wanted: "a captioner, or a list of at least one") }
    _ = section.has("column")
    // A file may describe more captioners than one run uses.
    section.passOver(keysWith: "captioner")
    var seen: Set<String> = []
    // The weights of a model are in memory once, however many captioners use it.
    var opened: [AudioTextModel: any AudioTextGenerator] = [:]
    entries = try names.map { name in
      guard isEntryName(name), name != "with", name != "column" else { throw CaptioningError.badEntryName(name) }
      guard seen.insert(name).inserted else { throw CaptioningError.repeatedEntry(name) }
      return try CaptionEntry(name, in: section) { model in
        if let known = opened[model] { return known }
        let new = try openModel(model)
        opened[model] = new
        return new
      }
    }
  }

  var parts: [String: String] {
    Dictionary(uniqueKeysWithValues: entries.map { (RunProvenance.captionerPrefix + $0.name, $0.part) })
  }

  /// First what this machine does quickly, then what endpoints are asked, then what models take their time for. Captions
  /// are committed as they come, those of models some batches at a time, and a clip is done with its last one.
  func run(_ context: StageContext) async throws -> String {
    let unprepared = entries
    let desk = try await onThread {
      try CaptionDesk(entries: try unprepared.map { try $0.prepared(context) }, context: context)
    }
    try context.store.keep(prompts: desk.entries.compactMap(\.prompt))
    let endpoints = desk.entries.compactMap { entry in
      if case .endpoint(let endpoint) = entry.work { (entry, endpoint) } else { nil }
    }
    let local = CaptionPass.quick(desk)
    let models = CaptionPass.models(desk)
    let passes = endpoints.count + (local == nil ? 0 : 1) + (models == nil ? 0 : 1)
    if passes > 1 { context.progress.learned(stage: name, total: passes * (try pending(context))) }
    try await local?.run()
    for (entry, endpoint) in endpoints { try await ask(endpoint, entry, desk) }
    try await models?.run()
    for (reason, count) in desk.tally.counts {
      context.progress.note(stage: name, "\(counted(count, "clip")) not captioned: \(reason)")
    }
    return counted(try context.store.doneCount(stage: name), "clip")
      + " captioned by \(entries.map(\.name).joined(separator: ", "))"
  }

  /// Has an endpoint caption what it has not captioned yet; a replay takes up the answers that there are.
  private func ask(_ endpoint: CaptionEndpoint, _ entry: CaptionEntry, _ desk: CaptionDesk) async throws {
    let context = desk.context
    if context.requests.replaysOnly {
      var source = CaptionRequests(entry, endpoint, desk, waiters: WaitingClips())
      while try await source.next() != nil {}
      return
    }
    try endpoint.checkPrice(context.requests.limits, entry: entry.name)
    let budget = Budget(context.requests.limits, spent: try context.store.spending())
    let panel = RequestPanel(context, total: try pending(context), budget: budget)
    try await endpoint.access.withClient { client in
      let queue = RequestQueue(endpoint.desk, client: client, context: context, budget: budget, panel: panel)
      var source = CaptionRequests(entry, endpoint, desk, waiters: queue.waiters)
      try await queue.run(next: { try await source.next() }) { request, answer in
        let clips = queue.waiters.close(key: request.key)
        try desk.commit(clips, entry, endpoint, answer: answer)
        queue.show(clips.count)
      }
    }
  }
}
