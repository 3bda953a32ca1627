import Foundation

@testable import Training

/// A recorded file of Tests/Fixtures/training.
func lossFixture<Recorded: Decodable>(_ name: String, testFile: String = #filePath) throws -> Recorded {
  let tests = URL(fileURLWithPath: testFile).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  return try JSONDecoder().decode(
    Recorded.self, from: Data(contentsOf: tests.appendingPathComponent("Fixtures/training/\(name)")))
}

/// goldens of twelve losses on four completions, by another implementation, in double precision.
struct GoldenLosses: Decodable {
  struct Case: Decodable {
    var loss: Double
    var grad: [[Double]]
  }

  var logps: [[Double]]
  var old: [[Double]]
  var ref: [[Double]]
  var mask: [[Double]]
  var rewards: [Double]
  var advantages: [Double]
  var cases: [String: Case]
  var metrics: [String: Double]

  var batch: GRPOBatch {
    GRPOBatch(logProbabilities: ragged(logps), old: ragged(old), reference: ragged(ref), advantages: advantages)
  }

  /// The rows without their padding.
  func ragged(_ rows: [[Double]]) -> [[Double]] {
    zip(rows, mask).map { row, mask in zip(row, mask).filter { $1 == 1 }.map(\.0) }
  }
}

/// What Tests/Fixtures/training/losses.py recorded of TRL's trainer.
struct RecordedLosses: Decodable {
  struct Case: Decodable {
    var type: String
    var level: String
    var beta: Double
    var delta: Double?
    var epsilonLow: Double
    var epsilonHigh: Double
    var loss: Double
    var gradient: [[Double]]
    var metrics: [String: Double]

    enum CodingKeys: String, CodingKey {
      case type, level, beta, delta, loss, gradient, metrics
      case epsilonLow = "epsilon_low"
      case epsilonHigh = "epsilon_high"
    }

    var label: String { "\(type) \(level) beta \(beta) delta \(delta ?? 0)" }
  }

  var now: [[Double]]
  var old: [[Double]]
  var reference: [[Double]]
  var advantages: [Double]
  var masked: [Bool]
  var longest: Int
  var cases: [Case]

  var batch: GRPOBatch {
    GRPOBatch(logProbabilities: now, old: old, reference: reference, advantages: advantages, isMasked: masked)
  }

  func loss(_ item: Case) -> GRPOLoss {
    GRPOLoss(
      type: .init(rawValue: item.type)!, importanceSampling: .init(rawValue: item.level)!,
      epsilonLow: item.epsilonLow, epsilonHigh: item.epsilonHigh, delta: item.delta, beta: item.beta,
      maximumCompletionLength: longest)
  }
}

/// The largest difference between the numbers of two tables of one shape.
func largestDifference(_ first: [[Double]], _ second: [[Double]]) -> Double {
  guard first.map(\.count) == second.map(\.count) else { return .infinity }
  return zip(first.joined(), second.joined()).map { ($0 - $1).magnitude }.max() ?? 0
}

/// The largest difference between a gradient and central differences of `loss` by each number of `rows`.
func largestSlopeError(
  _ gradient: [[Double]], at rows: [[Double]], step: Double = 1e-6, loss: ([[Double]]) -> Double
) -> Double {
  var slopes = gradient
  for row in rows.indices {
    for place in rows[row].indices {
      var (above, below) = (rows, rows)
      above[row][place] += step
      below[row][place] -= step
      slopes[row][place] = (loss(above) - loss(below)) / (2 * step)
    }
  }
  return largestDifference(gradient, slopes)
}

extension GRPOBatch {
  func with(logProbabilities: [[Double]]) -> GRPOBatch {
    var batch = self
    batch.logProbabilities = logProbabilities
    return batch
  }

  /// The completions of a range.
  subscript(rows: Range<Int>) -> GRPOBatch {
    GRPOBatch(
      logProbabilities: Array(logProbabilities[rows]), old: old.map { Array($0[rows]) },
      reference: reference.map { Array($0[rows]) }, entropies: entropies.map { Array($0[rows]) },
      advantages: Array(advantages[rows]), isMasked: Array(isMasked[rows]))
  }
}
