import Foundation
import Testing

@testable import Tensors

@Suite struct AttentionTests {
  @Test func causalAttentionEqualsTorch() throws {
    let recorded = try RecordedOperations()
    let keys = try recorded.tensor("causal", "k", columns: 32)
    let values = try recorded.tensor("causal", "v", columns: 32)
    let block = KeyValueBlock(heads: 2, dimension: 16, capacity: 4)
    block.append(keys: keys, values: values, rows: 0..<13)

    let out = try causalAttention(
      queries: recorded.tensor("causal", "q", columns: 96), heads: 6, keyValueHeads: 2,
      batch: [AttentionRows(rows: 0..<9, blocks: [block])], scale: 0.25)

    let difference = try largestDifference(out, recorded.tensor("causal", "out", columns: 96))
    #expect(difference <= 1e-6, "\(difference)")
  }

  @Test func segmentAttentionEqualsTorch() throws {
    let recorded = try RecordedOperations()

    let out = try segmentAttention(
      queries: recorded.tensor("segment", "q", columns: 40), keys: recorded.tensor("segment", "k", columns: 40),
      values: recorded.tensor("segment", "v", columns: 40), heads: 2, segments: [0..<19],
      scale: 1 / Float(20).squareRoot())

    let difference = try largestDifference(out, recorded.tensor("segment", "out", columns: 40))
    #expect(difference <= 1e-6, "\(difference)")
  }

  @Test(arguments: AttentionShape.all) func causalAttentionEqualsThePlainOne(shape: AttentionShape) {
    let example = CausalExample(shape, seed: 11)

    let out = example.attention()

    let difference = largestDifference(out, example.plain())
    #expect(difference <= 3e-6, "\(shape): \(difference)")
  }

  @Test(arguments: AttentionShape.all)
  func aRowIsTheSameToTheBitWithoutTheOthers(shape: AttentionShape) {
    let example = CausalExample(shape, seed: 12)

    let together = example.attention()

    for (index, sequence) in example.batch.enumerated() {
      let alone = example.attention(only: index)
      #expect(alone.rows(sequence.rows) == together.rows(sequence.rows), "\(shape), sequence \(index)")
    }
  }

  @Test(arguments: [1, 16, 64, 80, 128], [[1], [100, 100, 37], [0, 300, 1]])
  func segmentAttentionEqualsThePlainOne(dimension: Int, lengths: [Int]) {
    var random = RandomNumbers(seed: 13)
    let columns = 3 * dimension
    let rows = lengths.reduce(0, +) + 2
    let (q, k, v) = (random.tensor([rows, columns]), random.tensor([rows, columns]), random.tensor([rows, columns]))
    let scale = 1 / Float(dimension).squareRoot()
    var (segments, start): ([Range<Int>], Int) = ([], 1)
    for length in lengths {
      segments.append(start..<start + length)
      start += length
    }

    let out = segmentAttention(queries: q, keys: k, values: v, heads: 3, segments: segments, scale: scale)

    #expect(out.rows(0..<1).values.allSatisfy { $0 == 0 } && out.rows(rows - 1..<rows).values.allSatisfy { $0 == 0 })
    for segment in segments where !segment.isEmpty {
      let plain = PlainAttention(heads: 3, group: 1, dimension: dimension, scale: scale)
      let expected = plain(
        q.rows(segment), k.rows(segment), v.rows(segment), seen: segment.map { _ in segment.count })
      #expect(largestDifference(out.rows(segment), expected) <= 3e-6)
      let alone = segmentAttention(
        queries: q.rows(segment), keys: k.rows(segment), values: v.rows(segment), heads: 3,
        segments: [0..<segment.count], scale: scale)
      #expect(alone == out.rows(segment))
    }
  }

  @Test func largeScoresDoNotOverflow() {
    var random = RandomNumbers(seed: 14)
    let (q, k, v) = (random.tensor([40, 32], scale: 60), random.tensor([40, 32], scale: 60), random.tensor([40, 32]))

    let out = segmentAttention(queries: q, keys: k, values: v, heads: 1, segments: [0..<40], scale: 1)

    let plain = PlainAttention(heads: 1, group: 1, dimension: 32, scale: 1)
    #expect(largestDifference(out, plain(q, k, v, seen: (0..<40).map { _ in 40 })) <= 1e-4)
  }

  @Test func noRowsGiveNoRows() {
    let none = Tensor(shape: [0, 64])

    #expect(causalAttention(queries: none, heads: 4, keyValueHeads: 2, batch: [], scale: 1) == none)
    #expect(segmentAttention(queries: none, keys: none, values: none, heads: 4, segments: [], scale: 1) == none)
  }
}
