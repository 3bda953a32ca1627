import Testing

@testable import Tensors

@Suite struct KeyValueTests {
  @Test func aBlockGrowsAndKeepsWhatItHolds() {
    var random = RandomNumbers(seed: 15)
    let (k, v, q) = (random.tensor([70, 40]), random.tensor([70, 40]), random.tensor([1, 40]))
    let (grown, whole) = (
      KeyValueBlock(heads: 2, dimension: 20, capacity: 0), KeyValueBlock(heads: 2, dimension: 20, capacity: 70)
    )

    for row in 0..<70 { grown.append(keys: k, values: v, rows: row..<row + 1) }
    whole.append(keys: k, values: v, rows: 0..<70)

    #expect(grown.count == 70 && grown.byteCount >= whole.byteCount && whole.byteCount >= 70 * 2 * 40 * 4)
    #expect(look(grown, q) == look(whole, q))
  }

  @Test func whatIsTruncatedIsForgotten() {
    var random = RandomNumbers(seed: 16)
    let (k, v, q) = (random.tensor([30, 16]), random.tensor([30, 16]), random.tensor([1, 16]))
    let broken = Tensor([Float](repeating: .nan, count: 20 * 16), shape: [20, 16])
    let (block, whole) = (
      KeyValueBlock(heads: 1, dimension: 16, capacity: 64), KeyValueBlock(heads: 1, dimension: 16, capacity: 64)
    )

    block.append(keys: k, values: v, rows: 0..<10)
    block.append(keys: broken, values: broken, rows: 0..<20)
    block.truncate(to: 10)
    block.append(keys: k, values: v, rows: 10..<13)
    whole.append(keys: k, values: v, rows: 0..<13)

    #expect(look(block, q) == look(whole, q))
    #expect(look(block, q).allFinite)
  }

  private func look(_ block: KeyValueBlock, _ queries: Tensor) -> Tensor {
    causalAttention(
      queries: queries, heads: block.heads, keyValueHeads: block.heads,
      batch: [AttentionRows(rows: 0..<queries.rows, blocks: [block])], scale: 0.3)
  }
}
