import Testing

@testable import Training

@Suite struct GRPOLossTests {
  static let goldens = [
    "grpo": GRPOLoss(type: .grpo, epsilonHigh: 0.28), "bnpo": GRPOLoss(type: .bnpo, epsilonHigh: 0.28),
    "dr_grpo": GRPOLoss(type: .drGRPO, epsilonHigh: 0.28, maximumCompletionLength: 8),
    "dapo": GRPOLoss(type: .dapo, epsilonHigh: 0.28), "cispo": GRPOLoss(type: .cispo),
    "sapo": GRPOLoss(type: .sapo), "vespo": GRPOLoss(type: .vespo),
    "gspo": GRPOLoss(type: .grpo, importanceSampling: .sequence, epsilonHigh: 0.28),
    "luspo": GRPOLoss(type: .luspo, epsilonHigh: 0.28),
    "dapo_kl": GRPOLoss(type: .dapo, epsilonHigh: 0.28, beta: 0.04),
    "grpo_kl": GRPOLoss(type: .grpo, epsilonHigh: 0.28, beta: 0.04),
    "dapo_delta1.5": GRPOLoss(type: .dapo, epsilonHigh: 0.28, delta: 1.5),
  ]

  // The reference is another implementation of the published formulas, whose numbers are grpo.json.
  @Test(arguments: goldens.keys.sorted()) func lossesAndGradientsAreTheGoldenOnes(name: String) throws {
    let golden: GoldenLosses = try lossFixture("grpo.json")
    let expected = try #require(golden.cases[name])
    let batch = golden.batch

    let result = try #require(Self.goldens[name]).evaluate(batch, normalisation: .init(of: batch))

    #expect(golden.cases.count == Self.goldens.count)
    #expect((result.loss - expected.loss).magnitude < 1e-8, "\(result.loss) for \(expected.loss)")
    #expect(largestDifference(result.gradient, golden.ragged(expected.grad)) < 1e-8)
  }

  @Test func statisticsAreTheGoldenOnes() throws {
    let golden: GoldenLosses = try lossFixture("grpo.json")
    let loss = GRPOLoss(type: .dapo, epsilonHigh: 0.28, beta: 0.04)

    let metrics = loss.evaluate(golden.batch, normalisation: .init(of: golden.batch)).statistics.metrics

    for (name, value) in golden.metrics {
      #expect(try (#require(metrics[name]) - value).magnitude < 1e-12, "\(name)")
    }
  }

  // The reference is TRL 1.16's trainer: Tests/Fixtures/training/losses.py.
  @Test func lossesGradientsAndMetricsAreThoseOfTRL() throws {
    let recorded: RecordedLosses = try lossFixture("losses.json")
    let batch = recorded.batch

    #expect(recorded.cases.count == 46)
    for item in recorded.cases {
      let loss = recorded.loss(item)
      try loss.check()
      let result = loss.evaluate(batch, normalisation: .init(of: batch))
      #expect((result.loss - item.loss).magnitude < 1e-12, "\(item.label)")
      #expect(largestDifference(result.gradient, item.gradient) < 1e-12, "\(item.label)")
      for (name, value) in item.metrics {
        // TRL divides shares in single precision.
        let metric = try #require(result.statistics.metrics[name], "\(item.label) \(name)")
        #expect((metric - value).magnitude < 1e-6, "\(item.label) \(name)")
      }
    }
  }

  @Test func gradientsAreThoseOfFiniteDifferences() throws {
    let recorded: RecordedLosses = try lossFixture("losses.json")
    let batch = recorded.batch
    for item in recorded.cases where !["cispo", "vespo"].contains(item.type) {
      let loss = recorded.loss(item)
      let normalisation = GRPONormalisation(of: batch)
      let gradient = loss.evaluate(batch, normalisation: normalisation).gradient

      let error = largestSlopeError(gradient, at: batch.logProbabilities) {
        loss.evaluate(batch.with(logProbabilities: $0), normalisation: normalisation).loss
      }

      #expect(error < 1e-8, "\(item.label)")
    }
  }

  // The weights of these two are constants to the gradient, and so they are to differences in which the policy that
  // sampled moves along.
  @Test func gradientsOfWeightedLogProbabilitiesAreThoseOfFiniteDifferences() throws {
    let recorded: RecordedLosses = try lossFixture("losses.json")
    let batch = recorded.batch
    for item in recorded.cases where ["cispo", "vespo"].contains(item.type) {
      let loss = recorded.loss(item)
      let normalisation = GRPONormalisation(of: batch)
      let gradient = loss.evaluate(batch, normalisation: normalisation).gradient

      let error = largestSlopeError(gradient, at: batch.logProbabilities) { moved in
        var other = batch.with(logProbabilities: moved)
        other.old = zip(recorded.old, zip(moved, recorded.now)).map { old, rows in
          zip(old, zip(rows.0, rows.1)).map { $0 + $1.0 - $1.1 }
        }
        return loss.evaluate(other, normalisation: normalisation).loss
      }

      #expect(error < 1e-8, "\(item.label)")
    }
  }

  @Test func microBatchesAddUpToTheWholeStep() throws {
    let recorded: RecordedLosses = try lossFixture("losses.json")
    var batch = recorded.batch
    batch.entropies = recorded.now.map { $0.map { -$0 / 2 } }
    let normalisation = GRPONormalisation(of: batch)
    for item in recorded.cases {
      let loss = recorded.loss(item)
      let whole = loss.evaluate(batch, normalisation: normalisation)

      let parts = [0..<1, 1..<3, 3..<4, 4..<8].map { loss.evaluate(batch[$0], normalisation: normalisation) }
      var statistics = GRPOStatistics()
      for part in parts { statistics.merge(part.statistics) }

      #expect((parts.map(\.loss).reduce(0, +) - whole.loss).magnitude < 1e-14, "\(item.label)")
      #expect(parts.flatMap(\.gradient) == whole.gradient, "\(item.label)")
      #expect(statistics.metrics.keys == whole.statistics.metrics.keys)
      for (name, value) in whole.statistics.metrics {
        #expect(try (#require(statistics.metrics[name]) - value).magnitude < 1e-14, "\(item.label) \(name)")
      }
    }
  }

  @Test(arguments: GRPOLoss.Kind.allCases) func whatIsMaskedGivesNothing(type: GRPOLoss.Kind) {
    let loss = GRPOLoss(type: type, beta: 0.1)
    let batch = GRPOBatch(
      logProbabilities: [[.nan, -1], [-2]], old: [[-1, -1], [.infinity]], reference: [[-1, .nan], [-1]],
      advantages: [1, -1], isMasked: [true, true])

    let result = loss.evaluate(batch, normalisation: .init(of: batch))

    #expect(result.loss == 0)
    #expect(result.gradient == [[0, 0], [0]])
    #expect(result.statistics.metrics.isEmpty)
  }

  @Test func maskedCompletionsCountAsCompletionsButTheirTokensDoNot() {
    let normalisation = GRPONormalisation(lengths: [5, 3, 0], isMasked: [true, false, false])

    #expect(normalisation == GRPONormalisation(tokenCount: 3, sequenceCount: 3))
  }
}
