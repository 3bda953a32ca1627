/// A conversation with a model that keeps in mind what was said and heard, and computes only what is new.
public struct Conversation {
  private let model: AudioLanguageModel
  private let sampling: Sampling
  private let maximumTokens: Int
  private let opening: [ConversationMessage]
  private var messages: [ConversationMessage]
  private var audios: [[Float]] = []
  private var state = GenerationState(keepingHistory: true)
  /// The model's last answer; empty before the first.
  public private(set) var lastAnswer = ""

  /// A conversation in which nothing was said yet; `system` `nil` leaves the model its own system message.
  public init(model: AudioLanguageModel, sampling: Sampling, maximumTokens: Int, system: String? = nil) {
    self.model = model
    self.sampling = sampling
    self.maximumTokens = maximumTokens
    opening = system.map { [ConversationMessage(role: .system, parts: [.text($0)])] } ?? []
    messages = opening
  }

  /// Forgets what was said.
  public mutating func reset() {
    messages = opening
    audios = []
    lastAnswer = ""
    state = GenerationState(keepingHistory: true)
  }

  /// The model's answer to `text` and `new` audio, of which at least one is not empty; `onText` gets it piece by piece.
  ///
  /// A question that fails leaves the conversation as it was.
  public mutating func ask(
    _ text: String, audios new: [[Float]] = [], onText: (String) -> Void = { _ in }
  ) throws -> Completion {
    var parts: [MessagePart] = new.indices.map { .audio(audios.count + $0) }
    if !text.isEmpty { parts.append(.text(text)) }
    let asked = messages + [ConversationMessage(role: .user, parts: parts)]
    let heard = audios + new
    let request = GenerationRequest(
      prompt: try model.prompt(asked, audios: heard), audios: heard, sampling: sampling, maximumTokens: maximumTokens,
      endTokens: model.endTokens)
    let completion = try complete(request, onText: onText)
    lastAnswer = model.text(of: completion)
    messages = asked + [ConversationMessage(role: .assistant, parts: [.text(lastAnswer)])]
    audios = heard
    return completion
  }

  private mutating func complete(_ request: GenerationRequest, onText: (String) -> Void) throws -> Completion {
    var stream = Tokenizer.Stream(model.tokenizer, skippingSpecialTokens: true)
    var waiting = [request][...]
    var result: Result<[Completion], ModelError> = .success([])
    Generator(model: model, batch: 1).run(
      &state, next: { waiting.popFirst() },
      onStep: { step in
        if step.finish != .stop { onText(stream.append(step.token)) }
        return true
      },
      onResult: { result = $1 })
    onText(stream.finish())
    guard let completion = try result.get().first else { throw ModelError.emptyPrompt }
    return completion
  }
}
