import Chat
import Dataset
import Pipelines
import Store

/// What comes before an endpoint's first request: ends the stage at once where there is no server, for which no request
/// needs to fail, then finds out how it wants to be asked.
struct Preparation: Sendable {
  private let desk: RequestDesk
  private let client: ChatClient
  private let context: StageContext
  private let flight: Flight

  init(_ desk: RequestDesk, client: ChatClient, context: StageContext, flight: Flight) {
    self.desk = desk
    self.client = client
    self.context = context
    self.flight = flight
  }

  func run() async throws {
    do {
      _ = try await client.models()
    } catch {
      switch error {
      case .unreachable: throw error
      case .cancelled: throw CancellationError()
      default: break
      }
    }
    do {
      try await desk.probe?.run(client, context) { [self] request, hook throws(ChatError) in
        try await probe(request, hook)
      }
    } catch ChatError.notRecorded(let cause) {
      throw cause
    }
  }

  /// One of a probe's requests, which counts and is paid like any other.
  private func probe(_ chat: ChatRequest, _ hook: @escaping AttemptHook) async throws(ChatError) -> RawResponse {
    let request = EndpointRequest(chat, to: desk.endpoint, clip: "")
    let log = FlightLog(flight: flight)
    let record = request.record(at: desk)
    let worst = request.worst(at: desk.price)
    let (store, stage) = (context.store, "probe")
    let raw = try await client.send(chat) { event in
      try await hook(event)
      try await log.note(event, of: record, worst, stage: stage, in: store)
    }
    let answer = Answer(raw, to: request, at: desk.price)
    do {
      try await log.answered(answer.response, answer.charge, to: request.key, stage: stage, in: store)
    } catch {
      throw .notRecorded(error)
    }
    return raw
  }
}
