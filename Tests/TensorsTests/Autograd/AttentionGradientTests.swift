import CKernels
import Foundation
import Testing

@testable import Tensors

@Suite(.serialized) struct AttentionGradientTests {
  static let shapes: [AttentionTwin] = [
    one(rows: 1, heads: 1, keyValueHeads: 1, dimension: 1, isCausal: true),
    one(rows: 1, heads: 3, keyValueHeads: 1, dimension: 5, isCausal: false),
    one(rows: 19, heads: 2, keyValueHeads: 2, dimension: 20, isCausal: false),
    one(rows: 37, heads: 6, keyValueHeads: 2, dimension: 32, isCausal: true),
    one(rows: 150, heads: 2, keyValueHeads: 1, dimension: 64, isCausal: true),
    one(rows: 300, heads: 1, keyValueHeads: 1, dimension: 128, isCausal: true),
    one(rows: 141, heads: 2, keyValueHeads: 2, dimension: 80, isCausal: false),
    .tree(prompt: 140, completions: [1, 9, 33, 16], heads: 4, keyValueHeads: 2, dimension: 16),
    .tree(prompt: 5, completions: [3, 0, 2], heads: 2, keyValueHeads: 1, dimension: 8),
    // Gaps, an empty block, several components, one of which lies between the rows of another.
    AttentionTwin(
      rows: 90, keyRows: 90, heads: 2, keyValueHeads: 2, dimension: 12,
      blocks: [
        AttentionBlock(queries: 70..<90, keys: 0..<20, isCausal: false),
        AttentionBlock(queries: 0..<20, keys: 0..<20, isCausal: true),
        AttentionBlock(queries: 25..<60, keys: 25..<60, isCausal: false),
        AttentionBlock(queries: 60..<60, keys: 60..<65, isCausal: true),
        AttentionBlock(queries: 70..<90, keys: 70..<90, isCausal: true),
      ]),
    // Other rows of keys than of queries; the first queries of a causal block see nothing.
    AttentionTwin(
      rows: 10, keyRows: 200, heads: 3, keyValueHeads: 1, dimension: 24,
      blocks: [
        AttentionBlock(queries: 0..<5, keys: 3..<180, isCausal: true),
        AttentionBlock(queries: 5..<10, keys: 190..<193, isCausal: true),
      ]),
  ]

  static func one(rows: Int, heads: Int, keyValueHeads: Int, dimension: Int, isCausal: Bool) -> AttentionTwin {
    AttentionTwin(
      rows: rows, keyRows: rows, heads: heads, keyValueHeads: keyValueHeads, dimension: dimension,
      blocks: [AttentionBlock(queries: 0..<rows, keys: 0..<rows, isCausal: isCausal)])
  }

  @Test(arguments: shapes.indices) func outputAndGradientsEqualThoseOfTheDoubleTwin(shape: Int) {
    let difference = Self.shapes[shape].example(seed: 41).largestDifference()

    #expect(difference <= 1e-5, "\(difference)")
  }

  @Test(arguments: shapes.indices.filter { shapes[$0].rows < 20 }) func theTwinsGradientsEqualDifferences(shape: Int) {
    let shape = Self.shapes[shape]
    let example = shape.example(seed: 42)

    let difference = DoubleTwin(
      inputs: [example.queries, example.keys, example.values],
      operation: { tape, inputs, _ in
        tape.attention(
          queries: inputs[0], keys: inputs[1], values: inputs[2], heads: shape.heads,
          keyValueHeads: shape.keyValueHeads, blocks: shape.blocks, scale: Float(shape.scale))
      },
      plain: { shape.output($0[0], $0[1], $0[2]) }
    ).largestDifference()

    #expect(difference <= 1e-5, "\(difference)")
  }

  /// On a CPU with the best instructions too, which never runs the others by itself.
  @Test(arguments: 0...transformer_backward_level()) func everyLevelOfInstructionsGivesTheSame(level: Int32) throws {
    // A query that sees one key has gradients of zero, of which rounding is all there is.
    for shape in Self.shapes where shape.rows > 1 {
      let example = shape.example(seed: 46)
      let known = example.run()
      let (output, logSums) = AttentionForward(
        queries: example.queries, heads: shape.heads, keyValueHeads: shape.keyValueHeads, scale: Float(shape.scale)
      )(keys: example.keys, values: example.values, blocks: shape.blocks)

      let change = AttentionGradient(
        queries: example.queries, keys: example.keys, values: example.values, output: output, logSums: logSums,
        gradient: example.gradient, heads: shape.heads, keyValueHeads: shape.keyValueHeads, scale: Float(shape.scale),
        wanted: (true, true, true), level: level)(shape.blocks)

      for (own, other) in zip([change.queries, change.keys, change.values], known.gradients) {
        let difference = relativeDifference(own, try #require(other))
        #expect(difference <= 2e-6, "\(difference)")
      }
    }
  }

  @Test func aTreeEqualsItsSequencesOneByOne() throws {
    let (prompt, completions) = (70, [33, 1, 50])
    let tree = AttentionTwin.tree(prompt: prompt, completions: completions, heads: 4, keyValueHeads: 2, dimension: 32)
    let example = tree.example(seed: 43)

    let shared = example.run()

    var (first, output, sums) = (prompt, example.queries, shared.gradients.map { Tensor(shape: $0?.shape ?? []) })
    for (index, count) in completions.enumerated() {
      let rows = Array(0..<prompt) + Array(first..<first + count)
      // The prompt's own gradient counts once, not once for each completion.
      let alone = example.sequence(rows, weighing: index == 0 ? rows : Array(rows.dropFirst(prompt))).run()
      output.replaceRows(rows, by: alone.output)
      for (index, gradient) in alone.gradients.enumerated() {
        sums[index].addRows(rows, of: try #require(gradient))
      }
      first += count
    }
    #expect(relativeDifference(shared.output, output) <= 1e-6)
    for (gradient, sum) in zip(shared.gradients, sums) {
      #expect(relativeDifference(try #require(gradient), sum) <= 1e-5)
    }
  }

  @Test func severalSequencesEqualEachByItself() throws {
    let lengths = [40, 1, 129, 64]
    var (first, blocks): (Int, [AttentionBlock]) = (0, [])
    for length in lengths {
      blocks.append(AttentionBlock(queries: first..<first + length, keys: first..<first + length, isCausal: true))
      first += length
    }
    let packed = AttentionTwin(
      rows: first, keyRows: first, heads: 4, keyValueHeads: 4, dimension: 32, blocks: blocks)
    let example = packed.example(seed: 44)

    let together = example.run()

    for block in blocks {
      let alone = example.sequence(Array(block.queries), weighing: Array(block.queries)).run()
      #expect(together.output.rows(block.queries) == alone.output)
      for (all, own) in zip(together.gradients, alone.gradients) { #expect(all?.rows(block.queries) == own) }
    }
  }

  @Test(arguments: 1..<7) func someGradientsEqualThoseOfAll(mask: Int) {
    let trained = (0..<3).map { mask >> $0 & 1 == 1 }
    let example = Self.shapes[7].example(seed: 45)

    let (all, some) = (example.run(), example.run(trained: trained))

    for (index, isTrained) in trained.enumerated() {
      #expect(some.gradients[index] == (isTrained ? all.gradients[index] : nil))
    }
  }

  @Test func runsAndNumbersOfThreadsAreEqualToTheBit() {
    let example = AttentionTwin.tree(
      prompt: 130, completions: [40, 40], heads: 6, keyValueHeads: 2, dimension: 32
    ).example(seed: 46)
    let threads = Parallel.threads
    defer { Parallel.threads = threads }

    let runs = [1, 2, 2].map { count in
      Parallel.threads = count
      return example.run()
    }

    for run in runs.dropFirst() {
      #expect(run.output == runs[0].output)
      #expect(run.gradients == runs[0].gradients)
    }
  }

  @Test func largeScoresDoNotOverflow() {
    let shape = Self.one(rows: 40, heads: 1, keyValueHeads: 1, dimension: 16, isCausal: true)
    let plain = shape.example(seed: 47)
    let steep = AttentionExample(
      shape: shape, queries: Tensor(plain.queries.values.map { $0 * 100 }, shape: plain.queries.shape),
      keys: plain.keys, values: plain.values, gradient: plain.gradient)

    let (output, gradients) = steep.run()

    #expect(output.allFinite)
    #expect(gradients.allSatisfy { $0?.allFinite == true })
    // Scores of 1000 have 3e-5 between neighbours.
    let difference = steep.largestDifference()
    #expect(difference <= 2e-3, "\(difference)")
  }

  @Test func aNumberThatIsNoneSpreadsToItsRowAlone() throws {
    let shape = Self.one(rows: 30, heads: 1, keyValueHeads: 1, dimension: 16, isCausal: true)
    let plain = shape.example(seed: 48)
    var queries = plain.queries.values
    queries[12 * 16] = .nan
    let broken = AttentionExample(
      shape: shape, queries: Tensor(queries, shape: plain.queries.shape), keys: plain.keys, values: plain.values,
      gradient: plain.gradient)

    let (output, gradients) = broken.run()

    #expect(output.rows(0..<12) == plain.run().output.rows(0..<12))
    let change = try #require(gradients[0])
    #expect(output.rows(12..<13).values.allSatisfy { $0.isNaN })
    #expect(change.rows(12..<13).values.allSatisfy { $0.isNaN })
    #expect(output.rows(13..<30).allFinite && change.rows(0..<12).allFinite && change.rows(13..<30).allFinite)
  }

  @Test func aKeyThatARowSeesTwiceIsRefused() async {
    await #expect(processExitsWith: .failure) {
      let x = Variable(Tensor(shape: [4, 2]))
      let blocks = [
        AttentionBlock(queries: 0..<3, keys: 0..<3, isCausal: true),
        AttentionBlock(queries: 2..<4, keys: 2..<4, isCausal: false),
      ]
      _ = Tape().attention(
        queries: x, keys: x, values: x, heads: 1, keyValueHeads: 1, blocks: blocks, scale: 1)
    }
  }

  @Test func noBlocksGiveZeros() {
    let shape = AttentionTwin(rows: 4, keyRows: 4, heads: 2, keyValueHeads: 1, dimension: 4, blocks: [])

    let (output, gradients) = shape.example(seed: 49).run()

    #expect(output == Tensor(shape: [4, 8]))
    #expect(gradients == [Tensor(shape: [4, 8]), Tensor(shape: [4, 4]), Tensor(shape: [4, 4])])
  }
}

extension AttentionExample {
  /// Some rows as one causal sequence; only those of `weighing` have a gradient.
  fileprivate func sequence(_ rows: [Int], weighing: [Int]) -> AttentionExample {
    func picked(_ tensor: Tensor, _ isKept: (Int) -> Bool = { _ in true }) -> Tensor {
      let values = rows.flatMap { row in tensor.rows(row..<row + 1).values.map { isKept(row) ? $0 : 0 } }
      return Tensor(values, shape: [rows.count, tensor.columns])
    }
    var shape = shape
    (shape.rows, shape.keyRows) = (rows.count, rows.count)
    shape.blocks = [AttentionBlock(queries: 0..<rows.count, keys: 0..<rows.count, isCausal: true)]
    return AttentionExample(
      shape: shape, queries: picked(queries), keys: picked(keys), values: picked(values),
      gradient: picked(gradient, Set(weighing).contains))
  }
}

extension Tensor {
  fileprivate mutating func replaceRows(_ places: [Int], by rows: Tensor) {
    let (columns, source) = (columns, rows.values)
    withUnsafeMutableElements { elements in
      for (index, place) in places.enumerated() {
        for column in 0..<columns { elements[place * columns + column] = source[index * columns + column] }
      }
    }
  }

  fileprivate mutating func addRows(_ places: [Int], of rows: Tensor) {
    let (columns, source) = (columns, rows.values)
    withUnsafeMutableElements { elements in
      for (index, place) in places.enumerated() {
        for column in 0..<columns { elements[place * columns + column] += source[index * columns + column] }
      }
    }
  }
}
