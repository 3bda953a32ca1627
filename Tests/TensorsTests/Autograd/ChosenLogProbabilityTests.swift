import Foundation
import Testing

@testable import Tensors

@Suite struct ChosenLogProbabilityTests {
  @Test(arguments: [(1, 2, 1, 1), (3, 5, 4, 7), (40, 700, 9, 50), (300, 30, 6, 400), (3, 7_000, 4, 5)])
  func logarithmsEqualTheirDoubleTwin(rows: Int, vocabulary: Int, hidden: Int, pairs: Int) {
    var random = RandomNumbers(seed: 1)
    let temperature: Float = 0.75
    let chosenRows = (0..<pairs).map { $0 * 7 % rows }
    let tokens = (0..<pairs).map { $0 * 37 % vocabulary }
    let twin = DoubleTwin(
      inputs: [random.tensor([rows, hidden])], weights: [random.tensor([vocabulary, hidden])],
      operation: { tape, x, weights in
        tape.chosenLogProbabilities(
          x[0], rows: chosenRows, tokens: tokens, head: MatrixWeight(weights[0]), temperature: temperature
        ).logProbabilities
      },
      plain: { values in
        let logits = plainLinear(values[0], values[1], inputs: hidden, outputs: vocabulary)
          .map { $0 / Double(temperature) }
        return zip(chosenRows, tokens).map { row, token in
          let own = logits[row * vocabulary..<(row + 1) * vocabulary]
          return logits[row * vocabulary + token] - log(own.reduce(0) { $0 + exp($1) })
        }
      })

    let difference = twin.largestDifference()

    #expect(difference <= 5e-6, "\(difference)")
  }

  /// Of one part with several tiles, and of several parts.
  @Test(arguments: [(2, 5_000, 3), (40, 900, 20)]) func entropiesAndLargestEqualThePlainOnes(
    rows: Int, vocabulary: Int, hidden: Int
  ) {
    let (x, head) = (normal([rows, hidden], seed: 1), normal([vocabulary, hidden], seed: 2))
    let logits = plainLinear(
      x.values.map(Double.init), head.values.map(Double.init), inputs: hidden, outputs: vocabulary
    ).map { $0 / 0.5 }
    let distributions = (0..<rows).map { row in
      let own = Array(logits[row * vocabulary..<(row + 1) * vocabulary])
      let sum = log(own.reduce(0) { $0 + exp($1) })
      return own.map { $0 - sum }
    }
    let largest = distributions.map { logs in logs.indices.max { logs[$0] < logs[$1] } ?? 0 }

    let chosen = Tape().chosenLogProbabilities(
      Variable(x), rows: Array(0..<rows) + [0], tokens: largest + [(largest[0] + 1) % vocabulary],
      head: .frozen(WeightMatrix(head)), temperature: 0.5)

    let entropies = distributions.map { logs in -logs.reduce(0) { $0 + exp($1) * $1 } }
    #expect(relativeDifference(chosen.entropies.map(Double.init), entropies + [entropies[0]]) <= 2e-6)
    #expect(chosen.areLargest == [Bool](repeating: true, count: rows) + [false])
  }

  @Test func logarithmsEqualTorch() throws {
    let recorded = try RecordedLinearOperations()
    let head = Parameter(name: "head", value: try recorded.tensor("chosen", "head", columns: 5))
    let hidden = Variable(try recorded.tensor("chosen", "hidden", columns: 5), needsGradient: true)
    let tape = Tape()

    let chosen = tape.chosenLogProbabilities(
      hidden, rows: [2, 0, 2, 3, 2], tokens: [10, 3, 0, 3, 10], head: .trained(head), temperature: 0.75)
    chosen.logProbabilities.accumulate(try recorded.tensor("chosen", "d logs"))
    tape.backward()

    #expect(relativeDifference(chosen.logProbabilities.value, try recorded.tensor("chosen", "logs")) <= 1e-6)
    #expect(
      relativeDifference(Tensor(chosen.entropies, shape: [5]), try recorded.tensor("chosen", "entropies")) <= 1e-6)
    #expect(chosen.areLargest.map { $0 ? 1 : 0 } == (try recorded.tensor("chosen", "largest")).values)
    let gradient = try #require(hidden.gradient)
    #expect(relativeDifference(gradient, try recorded.tensor("chosen", "d hidden", columns: 5)) <= 1e-6)
    #expect(relativeDifference(head.gradient, try recorded.tensor("chosen", "d head", columns: 5)) <= 1e-6)
  }

  /// 330 rows x 7,000 tokens are more than is kept, and in two portions of rows.
  @Test func logitsMadeAgainEqualThoseKept() throws {
    let count = 330
    #expect(count * 7_000 * 4 > ChosenForward.mostKept && count > ChosenPairs.rowsAtOnce)
    let (hidden, weights) = (normal([count, 20], seed: 1), normal([7_000, 20], seed: 2))
    let tokens = (0..<count).map { $0 * 97 % 7_000 }
    func gradients(_ portions: Int) -> [Tensor] {
      let head = Parameter(name: "head", value: weights)
      let (tape, x) = (Tape(), Variable(hidden, needsGradient: true))
      for rows in FixedParts.ranges(count, count: portions, multiple: 1) {
        tape.chosenLogProbabilities(x, rows: Array(rows), tokens: Array(tokens[rows]), head: .trained(head))
          .logProbabilities.accumulate(normal([count], seed: 3).reshaped([count, 1]).rows(rows).reshaped([rows.count]))
      }
      tape.backward()
      return [head.gradient, x.gradient].compactMap { $0 }
    }

    let (again, kept) = (gradients(1), gradients(3))

    #expect(again.count == 2 && kept.count == 2)
    for (a, b) in zip(again, kept) { #expect(relativeDifference(a, b) <= 2e-6) }
  }

  @Test(arguments: WeightFormat.allCases) func aFrozenHeadOfAnyFormatIsTakenAsItIsStored(format: WeightFormat) throws {
    let head = WeightMatrix(normal([700, 70], seed: 1)).converted(to: format)
    let (x, dy) = (normal([9, 70], seed: 2), normal([9], seed: 3))
    func gradient(_ head: MatrixWeight) throws -> (Tensor, Tensor) {
      let (tape, hidden) = (Tape(), Variable(x, needsGradient: true))
      let tokens = (0..<9).map { $0 * 83 }
      let chosen = tape.chosenLogProbabilities(hidden, rows: Array(0..<9), tokens: tokens, head: head)
      chosen.logProbabilities.accumulate(dy)
      tape.backward()
      return (chosen.logProbabilities.value, try #require(hidden.gradient))
    }

    let (logs, change) = try gradient(.frozen(head))

    let (wideLogs, wideChange) = try gradient(.trained(Parameter(name: "head", value: head.widened)))
    #expect(relativeDifference(logs, wideLogs) <= 1e-6)
    #expect(relativeDifference(change, wideChange) <= 1e-6)
  }

  @Test func rowsWithoutGradientAreLeftOut() throws {
    // A row that is not finite would spoil the head's gradient, were it looked at.
    var values = normal([4, 3], seed: 1).values
    values[5] = .nan
    let head = Parameter(name: "head", value: normal([6, 3], seed: 2))
    let (tape, x) = (Tape(), Variable(Tensor(values, shape: [4, 3]), needsGradient: true))

    let chosen = tape.chosenLogProbabilities(x, rows: [0, 1, 3], tokens: [1, 2, 3], head: .trained(head))
    chosen.logProbabilities.accumulate(Tensor([1, 0, -1], shape: [3]))
    tape.backward()

    #expect(chosen.logProbabilities.value.values.map(\.isNaN) == [false, true, false])
    #expect(head.gradient.allFinite && head.gradient != Tensor(shape: [6, 3]))
    let change = try #require(x.gradient)
    #expect(change.rows(1..<3) == Tensor(shape: [2, 3]))
    #expect(change.allFinite)
  }

  @Test func gradientsThatCancelInARowStillReachTheirTokens() {
    let head = Parameter(name: "head", value: normal([6, 3], seed: 2))
    let (tape, x) = (Tape(), Variable(Tensor([1, 2, 3], shape: [1, 3]), needsGradient: true))

    let chosen = tape.chosenLogProbabilities(x, rows: [0, 0], tokens: [1, 4], head: .trained(head))
    chosen.logProbabilities.accumulate(Tensor([1, -1], shape: [2]))
    tape.backward()

    #expect(head.gradient.values == [0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, -1, -2, -3, 0, 0, 0])
  }

  @Test func extremeLogitsGiveExtremeLogarithms() {
    let head = WeightMatrix(Tensor([500, -500, 500, 0], shape: [4, 1]))
    let x = Variable(Tensor([1, 0, -1], shape: [3, 1]))

    let chosen = Tape().chosenLogProbabilities(
      x, rows: [0, 0, 0, 1, 1, 2], tokens: [0, 1, 2, 0, 3, 1], head: .frozen(head))

    let half = -log(Float(2))
    #expect(chosen.logProbabilities.value.values == [half, -1_000 + half, half, 2 * half, 2 * half, 0])
    #expect(chosen.entropies == [-half, -half, -half, -2 * half, -2 * half, 0])
    // Of equals, the first is the one that a greedy decoder takes.
    #expect(chosen.areLargest == [true, false, false, true, false, true])
  }

  @Test(arguments: [3, 300]) func theFirstOfEqualsIsTheLargestAlsoFarApart(rows: Int) {
    let head = WeightMatrix(normal([3_000, 10], seed: 1))

    let chosen = Tape().chosenLogProbabilities(
      Variable(Tensor(shape: [rows, 10])), rows: [0, 1, 2, rows - 1], tokens: [0, 700, 2_999, 0], head: .frozen(head))

    #expect(chosen.areLargest == [true, false, false, true])
  }

  @Test func nothingChosenIsNothing() {
    let head = Parameter(name: "head", value: normal([6, 3], seed: 2))
    let (tape, x) = (Tape(), Variable(normal([2, 3], seed: 1), needsGradient: true))

    let chosen = tape.chosenLogProbabilities(x, rows: [], tokens: [], head: .trained(head))
    chosen.logProbabilities.accumulate(Tensor(shape: [0]))
    tape.backward()

    #expect(chosen.logProbabilities.value.shape == [0])
    #expect(chosen.entropies.isEmpty && chosen.areLargest.isEmpty)
    #expect(head.gradient == Tensor(shape: [6, 3]))
  }

  @Test func whatIsFrozenRecordsNothing() {
    let head = WeightMatrix(normal([6, 3], seed: 2))
    let x = normal([2, 3], seed: 1)
    func asks(_ tape: Tape, _ hidden: Variable, _ head: MatrixWeight) -> Bool {
      tape.chosenLogProbabilities(hidden, rows: [0], tokens: [0], head: head).logProbabilities.needsGradient
    }

    #expect(!asks(Tape(), Variable(x), .frozen(head)))
    #expect(asks(Tape(), Variable(x, needsGradient: true), .frozen(head)))
    #expect(asks(Tape(), Variable(x), .trained(Parameter(name: "head", value: head.widened))))
    #expect(!asks(Tape(isRecording: false), Variable(x, needsGradient: true), .frozen(head)))
  }

  @Test func resultsDoNotDependOnThreads() {
    let (hidden, weights) = (normal([300, 30], seed: 1), normal([8_000, 30], seed: 2))
    func compute() -> [Tensor] {
      let head = Parameter(name: "head", value: weights)
      let (tape, x) = (Tape(), Variable(hidden, needsGradient: true))
      let logs = tape.chosenLogProbabilities(
        x, rows: Array(0..<300), tokens: (0..<300).map { $0 * 13 }, head: .trained(head)
      ).logProbabilities
      logs.accumulate(normal([300], seed: 3))
      tape.backward()
      return [logs.value, head.gradient] + [x.gradient].compactMap { $0 }
    }
    let together = compute()

    var alone: [[Tensor]] = [[], []]
    alone.withUnsafeMutableBufferPointer { alone in
      Parallel.forEach(2) { range in
        for index in range { alone[index] = compute() }
      }
    }

    #expect(alone == [together, together])
  }
}
