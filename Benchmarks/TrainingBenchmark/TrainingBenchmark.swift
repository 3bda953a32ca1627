// A whole step of GRPO on a text or audio model: completions of a fixed length, random rewards, dapo, AdamW.
import ArgumentParser
import Audio
import Foundation
import Models
import Tensors
import Training

@main struct TrainingBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "training-benchmark",
    abstract: "Seconds of GRPO steps and the largest resident set, as JSON.")

  @Option(help: "The model's folder.") var model: String
  @Flag(help: "Train additions of rank 16 to the decoder's layers instead of all weights.") var lora = false
  @Option(help: "How to hold weights that are not trained.") var weights: String?
  @Option(help: "Steps to take.") var steps = 3
  @Option(help: "Tokens of a prompt.") var promptTokens = 256
  @Option(help: "Tokens of a completion; the end is never chosen.") var completionTokens = 32
  @Option(help: "Completions of a prompt.") var generations = 8
  @Option(help: "Seconds of noise before the prompt, for a model that hears.") var audioSeconds = 0.0
  @Flag(help: "Compute layers again on the way back.") var recompute = false

  func run() throws {
    let part = TrainedPart(
      lowRank: lora ? .init(rank: 16, alpha: 32, dropout: 0) : nil, frozenFormat: weights.flatMap(WeightFormat.init))
    let policy = try Policy(checkpoint: Checkpoint(folder: model), part: part, seed: 1)
    let step = PolicyStep(
      policy: policy, generations: generations, completionTokens: completionTokens, recomputesActivations: recompute)
    var random = SplitMix64(seed: 1)
    var report = Report(parameters: ModelSummary(policy.base).parameters, trained: policy.parameterCount)
    for _ in 0..<steps {
      let prompt = (0..<promptTokens).map { _ in random.index(below: 600) }
      let samples = (0..<Int(audioSeconds * 16_000)).map { _ in Float(random.uniform(-0.1...0.1)) }
      let clock = ContinuousClock()
      let start = clock.now
      let seconds = try step.run(prompt: prompt, samples: samples, random: &random)
      report.stepSeconds.append((clock.now - start) / .seconds(1))
      report.generationSeconds.append(seconds)
    }
    report.peakRSS = Self.peakRSS
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    print(String(decoding: try encoder.encode(report), as: UTF8.self))
  }

  private static var peakRSS: Int {
    var usage = rusage()
    getrusage(.init(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1_024
  }
}

private struct Report: Encodable {
  var stepSeconds: [Double] = []
  var generationSeconds: [Double] = []
  var peakRSS = 0
  var parameters: Int
  var trained: Int

  private enum CodingKeys: String, CodingKey {
    case stepSeconds = "step_seconds"
    case generationSeconds = "generation_seconds"
    case peakRSS = "peak_rss_bytes"
    case parameters, trained
  }
}
