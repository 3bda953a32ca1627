import Foundation
import Tensors

@testable import Training

/// What Tests/Fixtures/training/make_grpo_step.py recorded of whole training steps in PyTorch; see there.
struct RecordedSteps: Decodable {
  struct Clip: Decodable {
    var seed: UInt64
    var samples: Int
    var rows: Int
  }

  struct Prompt: Decodable {
    var ids: [Int]
    var clip: Int?
  }

  struct Completion: Decodable {
    var prompt: Int
    var ids: [Int]
    var truncated: Bool
    var advantage: Double
  }

  struct Settings: Decodable {
    var lossType: String?
    var beta: Double?
    var epsilonLow: Double?
    var epsilonHigh: Double?
    var temperature: Double?
    var maskTruncated: Bool?
    var old: [[Double]]?
    /// Rows of tokens for GRPO, sums for DPO.
    var reference: Reference?
    var examples: [Int]?
    var pairs: [[Int]]?
  }

  enum Reference: Decodable {
    case tokens([[Double]])
    case sums([Double])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let tokens = try? container.decode([[Double]].self) {
        self = .tokens(tokens)
      } else {
        self = .sums(try container.decode([Double].self))
      }
    }
  }

  struct Adapter: Decodable {
    var rank: Int
    var scale: Double
    var modules: [String]
  }

  struct Optimizer: Decodable {
    var learningRate: Double
    var beta1: Double
    var beta2: Double
    var epsilon: Double
    var weightDecay: Double
    var maximumNorm: Double
  }

  struct Digest: Decodable {
    var norm: Double
    var first: [Double]
    var projections: [Double]
  }

  struct Recorded: Decodable {
    var shape: [Int]
    var gradient: Digest
    var change: Digest
  }

  struct Step: Decodable {
    var loss: Double
    var gradientNorm: Double
    var clippedLow: Double?
    var clippedHigh: Double?
    var kl: Double?
    var margin: Double?
    var entropy: Double
    var accuracy: Double
    var logProbabilities: [[Double]]
    var parameters: [String: Recorded]
  }

  struct Case: Decodable {
    var name: String
    var kind: String
    var settings: Settings
    var adapter: Adapter?
    var optimizer: Optimizer
    var steps: [Step]
  }

  var checkpoint: String
  var clips: [Clip]
  var prompts: [Prompt]
  var completions: [Completion]
  var cases: [Case]

  init(_ name: String) throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let decoder = JSONDecoder()
    // Keys of dictionaries, as the names of parameters are, stay as they are.
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(
      Self.self, from: Data(contentsOf: tests.appendingPathComponent("Fixtures/training/steps-\(name).json")))
  }
}

extension RecordedSteps.Digest {
  init(_ values: [Double]) {
    norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    first = Array(values.prefix(8))
    projections = [0.7, 1.3, 2.9].map { w in
      values.indices.reduce(0) { $0 + values[$1] * cos(w * Double($1) + w) }
    }
  }

  /// How far another digest is at most, as a share of this one's norm; differences up to `rounding` are none.
  func distance(_ other: Self, beyond rounding: Double) -> Double {
    guard first.count == other.first.count else { return .infinity }
    let differences = zip([norm] + first + projections, [other.norm] + other.first + other.projections).map {
      max(0, abs($0 - $1) - rounding)
    }
    return differences.allSatisfy(\.isFinite) ? (differences.max() ?? 0) / max(norm, 1e-6) : .infinity
  }
}
