import Audio
import Chat
import Foundation
import Judging
import Models
import Pipelines
import Store

/// Asks a judge behind an endpoint what it has not answered yet. Each answer is committed raw, and then what it says.
struct EndpointJudging: Sendable {
  let judge: JudgeSettings
  let endpoint: JudgeEndpoint
  let questions: DependenceQuestions
  let context: StageContext
  let budget: Budget
  let panel: RequestPanel

  /// Returns how many asks a replay leaves without an answer.
  func ask() async throws -> Int {
    if context.requests.replaysOnly {
      var source = try JudgeRequests(self, waiters: WaitingClips())
      while try await source.next() != nil {}
      return source.left
    }
    let store = context.store
    try await endpoint.access.withClient { client in
      let queue = RequestQueue(endpoint.desk, client: client, context: context, budget: budget, panel: panel)
      var source = try JudgeRequests(self, waiters: queue.waiters)
      try await queue.run(next: { try await source.next() }) { request, answer in
        let keys = queue.waiters.close(key: request.key)
        guard let response = try store.response(to: answer) else { return }
        let reply = try Self.text(JudgeEndpoint.reply(in: response))
        try await store.settle(keys.map { JudgeReplyRecord(key: $0, request: answer, reply: reply) })
        queue.settled(keys.count)
      }
    }
    return 0
  }

  static func text(_ reply: Reply) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(reply), as: UTF8.self)
  }
}

/// The requests to a judge that have no answer yet, one after the other, each once however many asks it is for. Answers
/// that are there already are taken up on the way.
private struct JudgeRequests {
  private let judging: EndpointJudging
  private let waiters: WaitingClips
  private let sounds: JudgeSounds?
  private let reader: SoundReader
  private var asks: JudgeAsks
  private var waiting: ArraySlice<JudgeAsk> = []
  private var ready: ArraySlice<(key: String, request: EndpointRequest)> = []
  private(set) var left = 0

  /// Requests that are made ready together; those with sounds are in memory with them.
  private static let batch = 16

  init(_ judging: EndpointJudging, waiters: WaitingClips) throws {
    self.judging = judging
    self.waiters = waiters
    sounds = judging.judge.hears == [.none] ? nil : try JudgeSounds(judging.context.store)
    reader = SoundReader(maximumSamples: max(1, Int(judging.endpoint.longest * Double(Waveform.modelRate))))
    asks = JudgeAsks(judging.questions, judging.judge, in: judging.context.store)
  }

  /// The next request; nil after the last.
  mutating func next() async throws -> RequestDesk.Open? {
    let store = judging.context.store
    while true {
      while let (key, request) = ready.popFirst() {
        if waiters.join(key, key: request.key) { continue }
        let progress = try judging.endpoint.desk.progress(of: request, in: store)
        guard let next = progress.next, !judging.context.requests.replaysOnly else {
          if let answer = progress.answered { try take(answer, for: key) } else { left += 1 }
          continue
        }
        waiters.open(key, key: request.key)
        return RequestDesk.Open(first: request, next: next)
      }
      try Task.checkCancellation()
      if waiting.isEmpty {
        guard let page = try asks.nextPage() else { return nil }
        waiting = page[...]
        continue
      }
      let batch = Array(waiting.prefix(Self.batch))
      waiting = waiting.dropFirst(Self.batch)
      let (judging, sounds, reader) = (judging, sounds, reader)
      ready = try await onThread { try batch.compactMap { try Self.request($0, judging, sounds, reader) } }[...]
    }
  }

  private func take(_ answer: String, for key: String) throws {
    guard let response = try judging.context.store.response(to: answer) else { return }
    let reply = try EndpointJudging.text(JudgeEndpoint.reply(in: response))
    try judging.context.store.keep([JudgeReplyRecord(key: key, request: answer, reply: reply)])
  }

  /// Nil where the sound cannot be heard any more.
  private static func request(
    _ ask: JudgeAsk, _ judging: EndpointJudging, _ sounds: JudgeSounds?, _ reader: SoundReader
  ) throws -> (key: String, request: EndpointRequest)? {
    var (sound, attached): (Sound?, AttachedSound?) = (nil, nil)
    if let heard = ask.heard {
      guard let found = try sounds?.sound(heard) else { return nil }
      do {
        let waveform = Waveform(samples: try reader.read(found).samples, sampleRate: Waveform.modelRate)
        (sound, attached) = (found, AttachedSound(waveform, named: heard.name))
      } catch {
        judging.context.progress.note(stage: judging.context.place.name, "\(error)")
        return nil
      }
    }
    let turns = try judging.judge.prompts.messages(
      for: Ask(item: judging.questions.items[ask.question], order: ask.order, sound: sound))
    let request = judging.endpoint.request(
      turns.map { ChatMessage(judged: $0, sound: attached?.base64) }, sound: attached, sample: ask.sample,
      clip: judging.questions.clips[ask.question])
    return (ask.key, request)
  }
}

extension ChatMessage {
  /// A turn, with `sound` at its place in it.
  fileprivate init(judged message: ConversationMessage, sound: String?) {
    let role: Role =
      switch message.role {
      case .system: .system
      case .user: .user
      case .assistant: .assistant
      }
    var parts: [Part] = []
    for part in message.parts {
      switch part {
      case .audio: sound.map { parts.append(.audio(base64: $0, format: "wav")) }
      case .text(let text): parts.append(.text(text))
      }
    }
    self.init(role, parts)
  }
}
