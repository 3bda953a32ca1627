import Chat
import Dataset
import Pipelines
import Store

/// Gets the embeddings that a set's questions have none of yet. Each answer is committed as it came before it is read, and
/// no text that has its vector is sent again.
struct MeaningRequests: Sendable {
  let settings: MeaningSettings
  let context: StageContext
  /// How often a request is made whose answers hold no vectors.
  private static let mostAnswers = 3
  private static let page = 4_096

  init(_ settings: MeaningSettings, _ context: StageContext) {
    self.settings = settings
    self.context = context
  }

  /// Whether every question has its vector now, which a replay does not see to. Throws what stopped the requests; what was
  /// answered until then is kept.
  func run(_ codes: [String]) async throws -> Bool {
    try await onThread { try readAnswers() }
    let missing = try await onThread { try missingTexts(codes) }
    guard !missing.isEmpty else { return true }
    guard !context.requests.replaysOnly else {
      context.progress.note(
        stage: context.place.name, "\(counted(missing.count, "text")) without a stored vector, not compared by meaning")
      return false
    }
    try settings.check(context.requests.limits)
    let flight = Flight(Budget(context.requests.limits, spent: try context.store.spending()))
    try await withTaskCancellationHandler {
      try await settings.access.withClient { client in try await send(missing, client, flight) }
    } onCancel: {
      flight.stop()
    }
    try await onThread { try readAnswers() }
    if let failure = flight.failure { throw failure }
    try Task.checkCancellation()
    guard let last = flight.failures.counts.first else { return true }
    throw StagesError.endpointFailing(failures: flight.failures.total, last: last.reason)
  }

  /// The texts without a vector, each once, in an order of their own.
  private func missingTexts(_ codes: [String]) throws -> [String] {
    var missing: [String: String] = [:]
    var last: (clip: String, ordinal: Int)?
    while true {
      let page = try context.store.duplicateCandidates(context.place, codes: codes, after: last, limit: Self.page)
      guard let end = page.last else { break }
      last = (end.clip, end.ordinal)
      var texts: [String: String] = [:]
      for question in page {
        let text = MeaningSettings.text(stem: question.stem, correct: question.correct)
        texts[settings.key(of: text)] = text
      }
      let known = try context.store.embedded(among: Array(texts.keys))
      for (key, text) in texts where !known.contains(key) { missing[key] = text }
    }
    return missing.sorted { $0.key < $1.key }.map(\.value)
  }

  private func send(_ texts: [String], _ client: ChatClient, _ flight: Flight) async throws {
    let requests = stride(from: 0, to: texts.count, by: settings.batch).map { start in
      EmbeddingRequest(
        model: settings.model, texts: Array(texts[start..<min(start + settings.batch, texts.count)]),
        dimensions: settings.dimensions)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { flight.stop() }
      for (number, request) in requests.enumerated() {
        if number >= settings.access.endpoint.concurrency { try await group.next() }
        guard !flight.isStopping else { break }
        let task = flight.launch { log in await answer(request, client, flight, log) }
        group.addTask { await task.value }
      }
      try await group.waitForAll()
    }
  }

  private func answer(_ request: EmbeddingRequest, _ client: ChatClient, _ flight: Flight, _ log: FlightLog) async {
    do {
      for salt in 0..<Self.mostAnswers {
        let key = request.key(at: client.endpoint, salt: salt)
        if let known = try context.store.hasUsableResponse(to: key.hex) {
          if known { return }
        } else if try await send(request, key: key.hex, client, log) {
          return flight.noteSuccess()
        }
      }
      flight.fail(
        ChatError.rejected(
          endpoint: client.endpoint.identity, status: 200, excerpt: "an answer without a vector for each text"))
    } catch {
      flight.fail(error)
    }
  }

  /// Whether the answer, which is committed, holds what was asked for.
  private func send(
    _ request: EmbeddingRequest, key: String, _ client: ChatClient, _ log: FlightLog
  ) async throws -> Bool {
    let (store, stage) = (context.store, context.place.name)
    let body = request.canonicalBody
    let record = RequestRecord(
      key: key, clip: "", body: body, model: request.model, endpoint: client.endpoint.identity)
    let worst = settings.price.charge(prompt: body.count, completion: 0)
    let raw = try await client.send(request) { event in
      try await log.note(event, of: record, worst, stage: stage, in: store)
    }
    let reply = try? EmbeddingReply(parsing: raw.body, count: request.texts.count)
    let charge = reply?.promptTokens.map { settings.price.charge(prompt: $0, completion: 0) } ?? worst
    let response = ResponseRecord(
      status: raw.status, isUsable: reply != nil, promptTokens: reply?.promptTokens ?? 0, completionTokens: 0,
      seconds: raw.seconds, format: raw.output.rawValue, headers: raw.headersJSON, body: raw.body, usd: charge.usd)
    try await log.answered(response, charge, to: key, stage: stage, in: store)
    return reply != nil
  }

  /// Takes the vectors out of the answers that nobody read yet, also those that a kill left.
  private func readAnswers() throws {
    while true {
      let answers = try context.store.unreadEmbeddings(
        stage: context.place.name, endpoint: settings.access.endpoint.identity, limit: 16)
      guard !answers.isEmpty else { return }
      for answer in answers {
        guard let asked = EmbeddingRequest(parsing: answer.asked),
          let reply = try? EmbeddingReply(parsing: answer.answered, count: asked.texts.count)
        else {
          try context.store.commit(embeddings: [], of: answer.request)
          continue
        }
        let identity = settings.access.endpoint.identity
        try context.store.commit(
          embeddings: zip(asked.texts, reply.vectors).map {
            (MeaningSettings.key(of: $0, identity, asked.model, asked.dimensions), $1)
          }, of: answer.request)
      }
    }
  }
}
