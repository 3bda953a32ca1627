import Foundation
import Models
import Tensors
import Testing

@testable import Training

/// A recorded case computed here, step after step.
final class RecordedRun {
  struct Found {
    var loss: Double
    var gradientNorm: Double
    var entropy: Double
    var logProbabilities: [[Double]]
    var metrics: [String: Double] = [:]
    /// Before clipping.
    var gradients: [String: Tensor] = [:]
    /// What all steps changed.
    var changes: [String: Tensor] = [:]
    /// Of the weights.
    var norms: [String: Double] = [:]
  }

  let policy: Policy
  private let recorded: RecordedSteps
  private let item: RecordedSteps.Case
  private let optimizer: AdamW
  private let start: [String: [Float]]
  /// Under the policy of the step before.
  private var old: [[Double]]?

  init(_ recorded: RecordedSteps, _ item: RecordedSteps.Case) throws {
    (self.recorded, self.item, old) = (recorded, item, item.settings.old)
    let lowRank = item.adapter.map { queryValueAdapters(rank: $0.rank, alpha: $0.scale * Double($0.rank)) }
    policy = try tinyPolicy(recorded.checkpoint, TrainedPart(lowRank: lowRank))
    if let adapter = item.adapter {
      try #require(policy.adapters.map(\.layer) == adapter.modules)
      policy.fill(".lora_A") { 0.2 * sin(0.37 * Double($1) + Double($0)) }
      policy.fill(".lora_B") { 0.2 * cos(0.53 * Double($1) + Double($0)) }
    }
    start = policy.values
    let settings = item.optimizer
    optimizer = AdamW(
      parameters: policy.parameters, beta1: settings.beta1, beta2: settings.beta2, epsilon: Float(settings.epsilon),
      weightDecay: Float(settings.weightDecay), decays: { $0.value.shape.count > 1 })
  }

  func step() throws -> Found {
    policy.clearGradients()
    var found =
      switch item.kind {
      case "grpo": try grpo()
      case "sft": try sft()
      case "dpo": try dpo()
      default: preconditionFailure("the kind \(item.kind)")
      }
    for parameter in policy.parameters { found.gradients[parameter.name] = parameter.gradient }
    found.gradientNorm = clipGradients(policy.parameters, maximumNorm: item.optimizer.maximumNorm)
    optimizer.step(learningRate: Float(item.optimizer.learningRate))
    for parameter in policy.parameters {
      let before = try #require(start[parameter.name])
      found.norms[parameter.name] = before.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      found.changes[parameter.name] = Tensor(
        zip(parameter.value.values, before).map { $0 - $1 }, shape: parameter.value.shape)
    }
    return found
  }

  private func group(_ completions: [Int]) throws -> PolicyGroup {
    let prompt = recorded.prompts[try #require(completions.first.map { recorded.completions[$0].prompt })]
    let clip = prompt.clip.map { recorded.clips[$0] }
    return PolicyGroup(
      tokens: TokenGroup(prompt: prompt.ids, completions: completions.map { recorded.completions[$0].ids }),
      audio: clip.flatMap { policy.audio(policyClip(seed: $0.seed, count: $0.samples)) })
  }

  private func grpo() throws -> Found {
    let settings = item.settings
    let loss = GRPOLoss(
      type: try #require(settings.lossType.flatMap(GRPOLoss.Kind.init)), epsilonLow: try #require(settings.epsilonLow),
      epsilonHigh: settings.epsilonHigh, beta: try #require(settings.beta))
    let reference: [[Double]]? = if case .tokens(let rows) = settings.reference { rows } else { nil }
    let groups = try recorded.prompts.indices.map { prompt in
      let places = recorded.completions.indices.filter { recorded.completions[$0].prompt == prompt }
      let completions = places.map { recorded.completions[$0] }
      return GRPOGroup(
        group: try group(places), advantages: completions.map(\.advantage),
        isMasked: completions.map { settings.maskTruncated == true && $0.truncated },
        old: old.map { old in places.map { old[$0] } },
        reference: reference.map { reference in places.map { reference[$0] } })
    }
    let options = PassOptions(temperature: Float(try #require(settings.temperature)))
    let (report, hasGradient) = try policy.learn(from: groups, loss: loss, options: options, dropoutSeed: nil)
    try #require(hasGradient)
    let rows = try report.logProbabilities.flatMap { try #require($0) }
    old = rows
    return Found(
      loss: report.loss, gradientNorm: 0, entropy: report.statistics.entropy ?? .nan, logProbabilities: rows,
      metrics: report.statistics.metrics)
  }

  private func sft() throws -> Found {
    let groups = try #require(item.settings.examples).map { try group([$0]) }
    let scores = try policy.score(groups, options: PassOptions())
    let report = try policy.learn(targets: groups, options: PassOptions(), dropoutSeed: nil)
    let metrics = ["accuracy": Double(report.rightTokens) / Double(report.tokenCount)]
    return Found(
      loss: report.loss, gradientNorm: 0, entropy: report.entropy, logProbabilities: scores.logProbabilities,
      metrics: metrics)
  }

  private func dpo() throws -> Found {
    guard case .sums(let sums) = item.settings.reference else { preconditionFailure("DPO without sums") }
    let pairs = try #require(item.settings.pairs).map {
      DPOPair(group: try group($0), reference: (chosen: sums[$0[0]], rejected: sums[$0[1]]))
    }
    let scores = try policy.score(
      recorded.completions.indices.map { try group([$0]) }, options: PassOptions())
    let used = try policy.score(pairs.map(\.group), options: PassOptions()).entropies.flatMap { $0 }
    let beta = try #require(item.settings.beta)
    let (loss, statistics) = try policy.learn(
      from: pairs, loss: DPOLoss(beta: beta), options: PassOptions(), dropoutSeed: nil)
    var metrics = statistics.metrics
    metrics["margin"] = metrics["rewards/margins"].map { $0 / beta }
    return Found(
      loss: loss, gradientNorm: 0, entropy: used.reduce(0, +) / Double(used.count),
      logProbabilities: scores.logProbabilities, metrics: metrics)
  }
}
