import Testing

@testable import Tensors

@Suite struct LinearDropoutTests {
  @Test(arguments: [Float(0.05), 0.3, 0.9]) func dropoutKeepsItsShareAndTheMean(share: Float) {
    let ones = Tensor([Float](repeating: 1, count: 200_000), shape: [400, 500])

    let dropped = Dropout(share: share, seed: 1, name: "a")(ones).values

    let kept = dropped.filter { $0 != 0 }
    #expect(kept.allSatisfy { $0 == 1 / (1 - share) })
    // The standard deviation of the count is 224 at most.
    #expect(abs(Double(kept.count) - Double(1 - share) * 200_000) < 1_000)
  }

  @Test func neighboursAndOtherSeedsAndNamesAreDroppedIndependently() {
    let ones = Tensor([Float](repeating: 1, count: 100_000), shape: [100, 1_000])
    func mask(_ seed: UInt64, _ name: String) -> [Bool] {
      Dropout(share: 0.5, seed: seed, name: name)(ones).values.map { $0 != 0 }
    }
    func agreement(_ a: some Sequence<Bool>, _ b: some Sequence<Bool>) -> Int {
      zip(a, b).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
    }
    let first = mask(1, "a")

    #expect(first == mask(1, "a"))
    // Half of 100,000, with a standard deviation of 158.
    let others = [
      mask(2, "a"), mask(1, "b"), mask(1 << 40, "a"), Array(first.dropFirst()), Array(first.dropFirst(1_000)),
    ]
    for other in others { #expect(abs(agreement(first, other) - other.count / 2) < 800) }
  }

  @Test func noSeedDropsNothing() {
    let layer = layer(dropout: 0.5)
    let x = Variable(normal([8, 30], seed: 3))

    let plain = Tape().linear(x, self.layer(dropout: 0)).value

    #expect(Tape().linear(x, layer).value == plain)
    #expect(Tape(dropoutSeed: 1).linear(x, layer).value != plain)
    #expect(
      Tape(isRecording: false, dropoutSeed: 1).linear(x, layer).value == Tape(dropoutSeed: 1).linear(x, layer).value)
  }

  @Test func gradientsPassWhatWasKept() throws {
    let layer = layer(dropout: 0.4)
    let adapter = try #require(layer.adapter)
    let (x, dy) = (normal([8, 30], seed: 3), normal([8, 20], seed: 4))
    let mask = Dropout(share: 0.4, seed: 9, name: adapter.a.name)(
      Tensor([Float](repeating: 1, count: 240), shape: [8, 30])
    ).values
    let (tape, variable) = (Tape(dropoutSeed: 9), Variable(x, needsGradient: true))
    let dropped = Tensor(zip(x.values, mask).map { $0 * $1 }, shape: x.shape)

    tape.linear(variable, layer).accumulate(dy)
    tape.backward()

    // Without dropout, of an input that is dropped already.
    let (again, input) = (Tape(), Variable(dropped, needsGradient: true))
    let zeros = LinearWeights(
      weight: .frozen(WeightMatrix(Tensor(shape: [20, 30]))),
      adapter: LowRankAdapter(
        a: Parameter(name: "a", value: adapter.a.value), b: Parameter(name: "b", value: adapter.b.value),
        scale: adapter.scale))
    again.linear(input, zeros).accumulate(dy)
    again.backward()
    #expect(relativeDifference(adapter.a.gradient, try #require(zeros.adapter?.a.gradient)) <= 1e-6)
    #expect(relativeDifference(adapter.b.gradient, try #require(zeros.adapter?.b.gradient)) <= 1e-6)
    var expected = Tensor(zip(try #require(input.gradient).values, mask).map { $0 * $1 }, shape: x.shape)
    expected.add(layer.weight.matrix.transposedProduct(dy))
    #expect(relativeDifference(try #require(variable.gradient), expected) <= 1e-6)
  }

  @Test func aLayerComputedAgainDropsTheSame() {
    func gradients(recomputing: Bool) -> [Tensor] {
      let layer = layer(dropout: 0.5)
      let (tape, x) = (Tape(dropoutSeed: 5), Variable(normal([8, 30], seed: 3), needsGradient: true))
      let y = recomputing ? tape.recomputing(x, learns: true) { $0.linear($1, layer) } : tape.linear(x, layer)
      y.accumulate(normal([8, 20], seed: 4))
      tape.backward()
      return [y.value] + [x.gradient, layer.adapter?.a.gradient, layer.adapter?.b.gradient].compactMap { $0 }
    }

    #expect(gradients(recomputing: true) == gradients(recomputing: false))
  }

  @Test func whatIsLeftOutOfARowFollowsFromItsNumber() {
    let ones = Tensor([Float](repeating: 1, count: 5 * 300), shape: [5, 300])
    func dropped(_ rows: [Int]?) -> Tensor { Dropout(share: 0.5, seed: 1, name: "a", rows: rows)(ones) }
    let all = dropped(nil)

    #expect(dropped([0, 1, 2, 3, 4]) == all)
    let others = dropped([4, 1 << 20, 2, 2, 0])
    #expect(others.rows(0..<1) == all.rows(4..<5) && others.rows(2..<3) == others.rows(3..<4))
    #expect(others.rows(4..<5) == all.rows(0..<1) && others.rows(1..<2) != all.rows(1..<2))

    var sum = Tensor(shape: [5, 300])
    sum.withUnsafeMutableElements { elements in
      guard let base = elements.baseAddress else { return }
      Dropout(share: 0.5, seed: 1, name: "a", rows: [4, 1 << 20, 2, 2, 0]).add(ones, to: base)
    }
    #expect(sum == others)
  }

  @Test func whatDoesNotLearnIsNotComputedAgain() {
    let frozen = LinearWeights(weight: .frozen(WeightMatrix(normal([20, 30], seed: 1))))
    for (asks, learns) in [(false, false), (true, false), (false, true)] {
      let (tape, x) = (Tape(), Variable(normal([8, 30], seed: 3), needsGradient: asks))

      let y = tape.recomputing(x, learns: learns) { $0.linear($1, frozen) }

      #expect(y.needsGradient == (asks || learns) && tape.stepCount == (asks || learns ? 1 : 0))
    }
  }

  /// 30 inputs, 20 outputs.
  private func layer(dropout: Float) -> LinearWeights {
    LinearWeights(
      weight: .frozen(WeightMatrix(normal([20, 30], seed: 1))),
      adapter: LowRankAdapter(
        a: Parameter(name: "layer.a", value: normal([4, 30], seed: 2)),
        b: Parameter(name: "layer.b", value: normal([20, 4], seed: 5)), scale: 2, dropout: dropout))
  }
}
