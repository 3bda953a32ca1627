import Tensors

/// A prompt with its keys and values, and the logits of what comes next.
struct ComputedPrompt {
  var tokens: [Int]
  var audios: [[Float]]
  var audioRows: [Tensor]?
  var cache: KeyValueCache
  var logits: Tensor
  /// The logarithm of the sum of the exponentials of the logits.
  var normaliser: Float

  func isFor(_ request: GenerationRequest) -> Bool {
    tokens == request.prompt && audios == request.audios && audioRows == request.audioRows
  }
}

/// A request whose prompt is computed, and from which completions fork.
struct PreparedRequest {
  var prompt: ComputedPrompt
  var index: Int
  var request: GenerationRequest
  var started = 0

  init(_ prompt: ComputedPrompt, index: Int, request: GenerationRequest) {
    self.prompt = prompt
    self.index = index
    self.request = request
  }
}

/// What was said and heard in a conversation, with its keys and values.
struct ConversationHistory {
  var tokens: [Int]
  var audios: [[Float]]
  var cache: KeyValueCache
}

/// What is running and what has come of the requests so far.
struct GenerationState {
  var prepared: [PreparedRequest] = []
  var running: [RunningCompletion] = []
  var audios = RecentAudios()
  /// The prompt computed last.
  var lastPrompt: ComputedPrompt?
  /// What the prompts of a conversation begin with; `nil` where requests have nothing to do with each other.
  ///
  /// Only conversations go on from a part of a prompt: keys and values in two parts are added up in another order, and
  /// what a completion says would depend on what was asked before.
  var history: ConversationHistory?
  private let keepsHistory: Bool
  /// By request: how many completions it is to have, and those it has.
  private var unfinished: [Int: (wanted: Int, completions: [Int: Completion])] = [:]
  private var results: [(request: Int, result: Result<[Completion], ModelError>)] = []
  private var requestCount = 0

  /// `keepsHistory` for the requests of one conversation.
  init(keepingHistory keepsHistory: Bool = false) { self.keepsHistory = keepsHistory }

  /// The prompt computed last, where it is the request's.
  func equalPrompt(_ request: GenerationRequest) -> ComputedPrompt? {
    lastPrompt.flatMap { $0.isFor(request) ? $0 : nil }
  }

  /// Counts a request in, and gives its number.
  mutating func enter(completions: Int) -> Int {
    defer { requestCount += 1 }
    unfinished[requestCount] = (completions, [:])
    return requestCount
  }

  /// The next completion of a prepared request; `nil` where all have been started.
  mutating func nextFork() -> (completion: RunningCompletion, prompt: ComputedPrompt)? {
    guard let source = prepared.first else { return nil }
    prepared[0].started += 1
    if prepared[0].started >= source.request.completions { prepared.removeFirst() }
    return (RunningCompletion(source, index: source.started), source.prompt)
  }

  /// Takes in a completion that has its first token, which may be its last.
  mutating func add(_ completion: RunningCompletion) {
    running.append(completion)
    if completion.finish != nil { retire() }
  }

  /// Ends a request without completions.
  mutating func fail(_ request: Int, with error: ModelError) {
    guard unfinished.removeValue(forKey: request) != nil else { return }
    results.append((request, .failure(error)))
    prepared.removeAll { $0.index == request }
    running.removeAll { $0.request == request }
  }

  /// Takes out the completions that have ended.
  mutating func retire() {
    for ended in running where ended.finish != nil { keep(ended) }
    running.removeAll { $0.finish != nil }
  }

  private mutating func keep(_ ended: RunningCompletion) {
    guard var entry = unfinished[ended.request] else { return }
    if keepsHistory { history = ended.history }
    var completion = ended.completion
    completion.finish = ended.finish ?? .cancelled
    entry.completions[ended.index] = completion
    unfinished[ended.request] = entry
    guard entry.completions.count == entry.wanted else { return }
    unfinished[ended.request] = nil
    results.append((ended.request, .success((0..<entry.wanted).compactMap { entry.completions[$0] })))
  }

  /// Ends all requests as they are.
  mutating func cancel() {
    for place in running.indices { running[place].finish = .cancelled }
    retire()
    for (request, entry) in unfinished.sorted(by: { $0.key < $1.key }) {
      let completions = (0..<entry.wanted).map { entry.completions[$0] ?? Completion(finish: .cancelled) }
      results.append((request, .success(completions)))
    }
    unfinished = [:]
    prepared = []
  }

  /// The results since the last call.
  mutating func takeResults() -> [(request: Int, result: Result<[Completion], ModelError>)] {
    defer { results = [] }
    return results
  }
}
