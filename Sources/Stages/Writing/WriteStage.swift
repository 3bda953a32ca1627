import Chat
import Dataset
import Foundation
import Pipelines
import Store

/// Has chat endpoints write questions from each clip's captions. Answers are kept raw; `check` reads them.
struct WriteStage: Stage {
  let name = "write"
  let scope = StageScope.clips
  let unit = "requests"
  let settings: WriteSettings

  init(_ section: Section) throws {
    settings = try WriteSettings(section)
  }

  /// How many choices a question has.
  var choices: Int { settings.choices }
  /// Whether each question is to come with its rationale.
  var asksRationale: Bool { settings.rationale != .none }

  /// Whether the writer is sent the sound itself.
  var hears: Bool { settings.inputs.audio }

  var parts: [String: String] { settings.parts }

  func remember(in store: RunStore) throws {
    try settings.writers[0].price.remember(in: store)
  }

  /// Requests that have no answer yet, among those that the clips would make now. What later waves are told is not known
  /// before the earlier ones are done, so each of their clips counts as a request.
  func forecast(_ context: StageContext, changed: Bool) async throws -> StageForecast {
    let waves = WriteWaves(settings, context)
    let everything = StagePlace(
      name: changed ? "" : context.place.name, position: 0, upstream: context.place.upstream, followers: [])
    var keys: Set<String> = []
    var underWay: Set<String> = []
    var unknown = 0
    var last = ""
    while true {
      let ids = try context.store.pendingClips(everything, from: last, limit: 512)
      guard let end = ids.last else { break }
      last = end
      let clips = try context.store.clips(ids)
      let captions = try settings.captions(of: clips, in: context.store)
      for clip in clips {
        guard let captions = captions[clip.id] else { continue }
        // To know a request with a sound in it, the clip would have to be decoded.
        guard !settings.inputs.audio, let avoid = try waves.known(settings.wave(of: clip.id)) else {
          unknown += 1
          continue
        }
        let request = try settings.request(for: clip, captions: captions, sound: nil, avoiding: avoid)
        let desk = settings.desk(of: settings.writer(of: clip.id))
        guard let next = try desk.progress(of: request, in: context.store).next else { continue }
        // What is in a batch was sent already.
        if try context.store.openBatch(of: next.key) == nil {
          keys.insert(request.key)
        } else {
          underWay.insert(request.key)
        }
      }
    }
    return try forecast(of: keys.count + unknown, besides: underWay.count, context)
  }

  /// With what they will cost, where answers so far and a price tell.
  private func forecast(of count: Int, besides underWay: Int, _ context: StageContext) throws -> StageForecast {
    let batched = underWay > 0 ? "; \(counted(underWay, "request")) in batches that are under way" : ""
    let spent = try context.store.spending(stage: name)
    guard count > 0, spent.answers > 0, spent.usd > 0 else {
      return StageForecast(count: count, unit: unit, text: batched.isEmpty ? nil : counted(count, "request") + batched)
    }
    let usd = spent.usd / Double(spent.answers) * Double(count)
    let text = counted(count, "request") + ", about \(dollars(usd)) at what the others cost" + batched
    return StageForecast(count: count, unit: unit, text: text, usd: usd)
  }

  func run(_ context: StageContext) async throws -> String {
    try settings.checkPrices(context.requests.limits)
    if !context.requests.replaysOnly { try context.store.forgetUnsentBatches(stage: name) }
    let budget = Budget(context.requests.limits, spent: try context.store.spending())
    let panel = RequestPanel(context, total: try pending(context), budget: budget)
    let sounds = settings.inputs.audio ? try WriteSounds(context.store) : nil
    try await WriteRun(settings: settings, context: context, budget: budget, panel: panel, sounds: sounds).run()
    let usage = try context.store.status().usage
    return counted(try context.store.doneCount(stage: name), "clip") + " answered, "
      + counted(usage.answered, "request") + " in all"
  }
}
