import Dataset
import Evaluation
import Judging
import Models
import Pipelines
import Tensors

/// A judge on this machine. Its configuration and the headers of its weights are read at once, the weights where there
/// is something to ask.
struct JudgeModel: Sendable {
  let identity: [String: String]
  private let folder: String
  private let weights: WeightFormat?
  private let way: AnsweringWay
  private let prompts: AskPrompts
  private let sampling: Sampling
  private let maximumTokens: Int

  init(_ section: Section, samples: Int, prompts: AskPrompts, hears: [Hearing]) throws {
    self.prompts = prompts
    folder = try ModelLocation.resolve(try section.model("model"))
    let ways = AnsweringWay.allCases.map(\.rawValue)
    let usual = samples > 1 ? AnsweringWay.generate : .mean
    way = AnsweringWay(rawValue: try section.choice("way", of: ways, default: usual.rawValue)) ?? usual
    let formats = ["float32", "bfloat16", "int8", "int4"]
    weights =
      section.has("weights") ? WeightFormat(rawValue: try section.choice("weights", of: formats, default: "")) : nil
    maximumTokens = try section.int("max_tokens", in: 1...4096, default: 64)
    let temperature = try section.optionalDouble("temperature", in: 0...2) ?? (samples > 1 ? 1 : 0)
    if samples > 1, way != .generate || temperature == 0 {
      throw section.conflict(
        "samples",
        with: way == .generate ? "'temperature: 0', which gives the same answer again" : "'way: \(way.rawValue)'")
    }
    sampling = Sampling(
      temperature: Float(temperature), seed: UInt64(try section.int("seed", in: 0...Int(Int32.max), default: 0)))
    let checkpoint = try Checkpoint(folder: folder)
    guard checkpoint.configuration.encoder != nil || hears == [.none] else {
      throw section.conflict("hears", with: "the model, which reads text alone", advice: "Use 'hears: none'.")
    }
    var identity = prompts.identity(of: [.choice])
    identity["judge"] = "model"
    identity["revision"] = checkpoint.revision + (weights.map { " as \($0.rawValue)" } ?? "")
    identity["way"] = way.rawValue
    if way == .generate {
      identity["sampling"] = "temperature \(sampling.temperature), seed \(sampling.seed), max tokens \(maximumTokens)"
    }
    self.identity = identity
  }

  /// Opens the model; its answers of a `sample` follow from the number.
  func open() throws -> AudioLanguageModel { try AudioLanguageModel(folder: folder, weights: weights) }

  func answerer(_ model: AudioLanguageModel, sample: Int) throws -> any Answerer {
    var sampling = sampling
    sampling.seed = sample == 0 ? sampling.seed : stableHash("earshot judge sample 1", "\(sampling.seed)", "\(sample)")
    return try way.answerer(
      model, prompts: prompts, kinds: [.choice], sampling: sampling, maximumTokens: maximumTokens, identity: [:])
  }

  /// Of scores by choice shown: the right one's less that of the best wrong one. Nil where the answers are written.
  func margin(_ reply: Reply, right: Int) -> Double? {
    guard let scores = reply.choiceScores, scores.sum.indices.contains(right), scores.sum.count > 1 else { return nil }
    let values: [Double] =
      switch way {
      case .generate, .likelihood: scores.sum
      case .mean: zip(scores.sum, scores.tokens).map { $0 / Double(max($1, 1)) }
      case .calibrated: zip(scores.sum, scores.without ?? scores.sum.map { _ in 0 }).map { $0 - $1 }
      }
    let others = values.indices.filter { $0 != right }.map { values[$0] }
    return others.max().map { values[right] - $0 }
  }
}
