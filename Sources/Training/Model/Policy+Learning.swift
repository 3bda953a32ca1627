import Models
import Tensors

/// How a pass through the policy is computed; none of it changes what a pass means.
public struct PassOptions: Sendable, Equatable {
  /// Divides the logits, as in sampling.
  public var temperature: Float
  /// Computes each layer again on the way back instead of keeping its activations: a third more work, far less memory.
  public var recomputesActivations: Bool
  /// The most rows of one pass, where a single group has no more: larger steps are cut into several passes whose gradients
  /// add up.
  public var mostRows: Int

  public init(temperature: Float = 1, recomputesActivations: Bool = false, mostRows: Int = 4_096) {
    self.temperature = temperature
    self.recomputesActivations = recomputesActivations
    self.mostRows = mostRows
  }
}

/// What a pass says of each token of each completion; one row a completion, the completions of all groups in order.
struct CompletionScores {
  var logProbabilities: [[Double]] = []
  /// In nats.
  var entropies: [[Double]] = []
  /// Whether the token is the most probable one.
  var areLargest: [[Bool]] = []

  init() {}

  fileprivate init(_ batch: PackedBatch, _ tokens: ChosenTokens) {
    let values = tokens.logProbabilities.value.values
    for range in batch.completions.joined() {
      logProbabilities.append(values[range].map(Double.init))
      entropies.append(tokens.entropies[range].map(Double.init))
      areLargest.append(Array(tokens.areLargest[range]))
    }
  }

  mutating func append(_ other: CompletionScores) {
    logProbabilities += other.logProbabilities
    entropies += other.entropies
    areLargest += other.areLargest
  }
}

extension Policy {
  /// Adds to the parameters' gradients those of a loss.
  ///
  /// `loss` is called once a pass with the places of its groups among all and their scores, and returns the loss's
  /// derivative by every log-probability; so it has to be a sum over groups. What dropout leaves out follows from a
  /// group's place among all, whatever pass it is in.
  func learn(
    from groups: [PolicyGroup], options: PassOptions, dropoutSeed: UInt64?,
    loss: (_ groups: Range<Int>, _ scores: CompletionScores) -> [[Double]]
  ) throws {
    for range in passes(groups, mostRows: options.mostRows) {
      let tape = Tape(dropoutSeed: adapters.isEmpty ? nil : dropoutSeed)
      let (batch, tokens) = try graph.tokenScores(
        Array(groups[range]), first: range.lowerBound, temperature: options.temperature,
        recomputing: options.recomputesActivations, on: tape)
      let gradient = loss(range, CompletionScores(batch, tokens)).joined().map(Float.init)
      guard gradient.contains(where: { $0 != 0 }) else { continue }
      tokens.logProbabilities.accumulate(Tensor(gradient, shape: tokens.logProbabilities.value.shape))
      tape.backward()
    }
  }

  /// The scores of all completions, for nothing to learn from.
  func score(
    _ groups: [PolicyGroup], options: PassOptions, withoutAdapters: Bool = false
  ) throws -> CompletionScores {
    try score(groups, options: options, graph: withoutAdapters ? bareGraph : graph)
  }

  /// The same of another model's graph.
  func score(_ groups: [PolicyGroup], options: PassOptions, graph: PolicyGraph) throws -> CompletionScores {
    var scores = CompletionScores()
    for range in passes(groups, mostRows: options.mostRows) {
      let (batch, tokens) = try graph.tokenScores(
        Array(groups[range]), temperature: options.temperature, recomputing: false, on: Tape(isRecording: false))
      scores.append(CompletionScores(batch, tokens))
    }
    return scores
  }

  /// Groups that follow each other and fit into one pass; a group that is larger has one of its own.
  private func passes(_ groups: [PolicyGroup], mostRows: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var rows = 0
    for (index, group) in groups.enumerated() {
      let own = group.rowCount
      if let last = ranges.last, rows + own <= mostRows {
        ranges[ranges.count - 1] = last.lowerBound..<index + 1
        rows += own
      } else {
        ranges.append(index..<index + 1)
        rows = own
      }
    }
    return ranges
  }
}

extension PolicyGroup {
  /// The rows of a pass, those of the audio tower at half their number: they are narrower, but twice as many.
  fileprivate var rowCount: Int {
    guard case .input(let input) = audio else { return tokens.rowCount }
    return tokens.rowCount + input.halved.reduce(0, +) / 2
  }
}
