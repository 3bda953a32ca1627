import Audio
public import Dataset
import Evaluation
public import Models

/// A local model that writes its answers.
public struct GeneratingAnswerer: Answerer {
  public let identity: [String: String]
  private let model: AudioLanguageModel
  private let asking: Asking
  private let sampling: Sampling
  private let maximumTokens: Int
  private let batch: Int

  /// `identity` says what the model is; how it answers is added. Up to `batch` answers are written together, which
  /// changes none of them.
  public init(
    model: AudioLanguageModel, prompts: AskPrompts, sampling: Sampling = .greedy, maximumTokens: Int, batch: Int = 8,
    kinds: Set<BenchmarkItem.Kind> = [.choice], identity: [String: String] = [:]
  ) {
    self.model = model
    self.sampling = sampling
    self.maximumTokens = maximumTokens
    // Beyond 32 rows products round in another way, and what runs beside an answer would show in it.
    self.batch = min(max(1, batch), 32)
    asking = Asking(model: model, prompts: prompts)
    var identity = identity.merging(prompts.identity(of: kinds)) { $1 }
    identity["revision"] = model.revision
    identity["way"] = "generate"
    identity["max-tokens"] = String(maximumTokens)
    self.identity = identity.merging(sampling.identity) { $1 }
  }

  public func answer(_ asks: [Ask], onReply: @escaping @Sendable (Int, Reply) throws -> Void) async throws {
    try asking.checkHearing(of: asks)
    try await AnsweringThread.run { isCancelled in
      let pass = GeneratingPass(asks, isCancelled, onReply, asking: asking, request: request)
      Generator(model: model, batch: batch).run(
        next: { pass.next() }, onStep: { _ in pass.goesOn },
        onResult: { number, result in pass.take(number, result) { model.text(of: $0) } })
      try pass.end()
    }
  }

  private func request(_ ask: Ask, _ question: Asking.Question) -> GenerationRequest {
    var sampling = sampling
    let places = ask.order.places.map(String.init).joined(separator: " ")
    // Whatever else is asked, and in whatever order, an item's answer is the same.
    sampling.seed = stableHash("earshot answer 1", String(sampling.seed), ask.item.id, places)
    return GenerationRequest(
      prompt: question.tokens, audios: question.audios, sampling: sampling, maximumTokens: maximumTokens,
      endTokens: model.endTokens)
  }
}

/// One call of an answerer that generates: which asks are under way, and what went wrong.
private final class GeneratingPass {
  private let asks: [Ask]
  private let isCancelled: () -> Bool
  private let onReply: (Int, Reply) throws -> Void
  private let asking: Asking
  private let request: (Ask, Asking.Question) -> GenerationRequest
  private var following = 0
  /// By number of the request: the ask's place, and whether its sound is cut.
  private var running: [(place: Int, isSoundCut: Bool)] = []
  private var problem: (any Error)?

  init(
    _ asks: [Ask], _ isCancelled: @escaping () -> Bool, _ onReply: @escaping (Int, Reply) throws -> Void,
    asking: Asking, request: @escaping (Ask, Asking.Question) -> GenerationRequest
  ) {
    (self.asks, self.isCancelled, self.onReply, self.asking) = (asks, isCancelled, onReply, asking)
    self.request = request
  }

  var goesOn: Bool { problem == nil && !isCancelled() }

  /// The next ask that can be put; those that cannot have their replies.
  func next() -> GenerationRequest? {
    while goesOn, following < asks.count {
      let place = following
      following += 1
      do {
        switch try asking.question(asks[place]) {
        case .refused(let reply): try onReply(place, reply)
        case .asked(let question):
          running.append((place, question.isSoundCut))
          return request(asks[place], question)
        }
      } catch {
        problem = error
      }
    }
    return nil
  }

  func take(_ number: Int, _ result: Result<[Completion], ModelError>, text: (Completion) -> String) {
    let (place, isSoundCut) = running[number]
    do {
      switch result {
      case .failure(let error): try onReply(place, Reply(output: nil, problem: error.description))
      case .success(let completions):
        guard let completion = completions.first, completion.finish != .cancelled, problem == nil else { return }
        try onReply(
          place,
          Reply(
            output: text(completion), tokens: completion.tokens.count, isCut: completion.finish == .length,
            isSoundCut: isSoundCut))
      }
    } catch {
      problem = problem ?? error
    }
  }

  func end() throws {
    if let problem { throw problem }
    if isCancelled() { throw CancellationError() }
  }
}

extension Sampling {
  /// Settings that leave an answer as it is are left out.
  fileprivate var identity: [String: String] {
    guard temperature > 0 else {
      return repetitionPenalty == 1
        ? ["decoding": "greedy"] : ["decoding": "greedy", "repetition-penalty": "\(repetitionPenalty)"]
    }
    return [
      "decoding": "sampling", "temperature": "\(temperature)", "top-k": "\(topK)", "top-p": "\(topP)",
      "min-p": "\(minP)", "repetition-penalty": "\(repetitionPenalty)", "seed": "\(seed)",
    ]
  }
}
