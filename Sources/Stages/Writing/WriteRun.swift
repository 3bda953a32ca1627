import Chat
import Pipelines
import Store

/// One pass of the `write` stage: wave after wave, all writers at once in each.
struct WriteRun: Sendable {
  let settings: WriteSettings
  let context: StageContext
  let budget: Budget
  let panel: RequestPanel
  /// Nil where writers get none.
  let sounds: WriteSounds?
  private let claims = BatchClaims()

  init(settings: WriteSettings, context: StageContext, budget: Budget, panel: RequestPanel, sounds: WriteSounds?) {
    (self.settings, self.context, self.budget, self.panel) = (settings, context, budget, panel)
    self.sounds = sounds
  }

  private var stage: String { context.place.name }

  func run() async throws {
    defer { sounds?.report(context) }
    let waves = WriteWaves(settings, context)
    for wave in 0..<settings.waves {
      let known = try waves.known(wave)
      // A replay takes nothing down: what there is may not be all.
      if known == nil, context.requests.replaysOnly { break }
      let avoid = if let known { known } else { try await waves.avoided(by: wave) }
      let left = try await run(wave, avoiding: avoid)
      if left > 0 {
        context.progress.note(
          stage: stage, "\(counted(left, "clip")) have no stored answer, and stay without questions")
      }
      guard wave + 1 < settings.waves, try waves.known(wave + 1) == nil, try !waves.isDone(wave) else { continue }
      context.progress.note(
        stage: stage,
        "wave \(wave + 1) of \(settings.waves) has clips without an answer; the later waves wait for them")
      break
    }
  }

  /// Returns how many clips a replay leaves without an answer.
  private func run(_ wave: Int, avoiding avoid: [String]) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for writer in settings.writers.indices {
        let part = WriteRequests.Part(writer: writer, wave: wave, avoid: avoid)
        group.addTask { context.requests.replaysOnly ? try await replay(part) : try await ask(part) }
      }
      return try await group.reduce(0, +)
    }
  }

  /// Takes up the answers that there are; returns how many clips have none.
  private func replay(_ part: WriteRequests.Part) async throws -> Int {
    var source = WriteRequests(
      settings, part, settings.desk(of: part.writer), context: context, waiters: WaitingClips(), sounds: sounds)
    while try await source.next() != nil {}
    return source.left
  }

  private func ask(_ part: WriteRequests.Part) async throws -> Int {
    let desk = settings.desk(of: part.writer)
    let (store, place) = (context.store, context.place)
    try await settings.writers[part.writer].access.withClient { client in
      if try await askInBatches(part, desk, client) { return }
      let queue = RequestQueue(desk, client: client, context: context, budget: budget, panel: panel)
      var source = WriteRequests(settings, part, desk, context: context, waiters: queue.waiters, sounds: sounds)
      try await queue.run(next: { try await source.next() }) { request, answer in
        // The answer is that of every clip with the same request.
        let clips = queue.waiters.close(key: request.key)
        try await store.settle(writings: clips.map { WritingRecord(clip: $0, request: answer) }, place)
        queue.settled(clips.count)
      }
    }
    return 0
  }

  /// Returns whether nothing is left to be asked directly. What is in a batch already is waited for in either case: it
  /// is paid for.
  private func askInBatches(_ part: WriteRequests.Part, _ desk: RequestDesk, _ client: ChatClient) async throws -> Bool
  {
    let batch = context.requests.asksDirectly ? nil : settings.writers[part.writer].batch
    guard try batch != nil || !context.store.openBatches(stage: stage).isEmpty else { return false }
    var run = BatchRun(
      desk, batch, client: client, context: context, budget: budget, panel: panel, claims: claims)
    try await run.run {
      var source = WriteRequests(
        settings, part, desk, context: context, waiters: WaitingClips(), sounds: sounds)
      return { try await source.next() }
    }
    return batch != nil
  }
}
