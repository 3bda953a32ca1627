import Audio
import Tensors
import Testing

@testable import Training

@Suite struct PackedBatchTests {
  private let batch = PackedBatch([
    TokenGroup(prompt: [1, 2, 3], completions: [[4, 5], [6], [4, 8, 9]]),
    TokenGroup(prompt: [7], completions: [[8]]),
    TokenGroup(prompt: [10, 11], completions: [[12, 13]]),
  ])

  @Test func promptsAreThereOnceAndLastTokensNever() {
    #expect(batch.tokens == [1, 2, 3, 4, 4, 8, 7, 10, 11, 12])
    #expect(batch.positions == [0, 1, 2, 3, 3, 4, 0, 0, 1, 2])
  }

  @Test func everyTokenIsPredictedByTheRowBeforeIt() {
    #expect(batch.targets == [4, 5, 6, 4, 8, 9, 8, 12, 13])
    #expect(batch.completions == [[0..<2, 2..<3, 3..<6], [6..<7], [7..<9]])
    // The first tokens of completions by the prompts' last rows.
    #expect(batch.predictors.map { batch.predictingRows[$0] } == [2, 3, 2, 2, 4, 5, 6, 8, 9])
    #expect(batch.predictingRows == [2, 3, 4, 5, 6, 8, 9])
  }

  @Test func rowCountsAreThoseOfThePass() {
    let group = TokenGroup(prompt: [1, 2, 3], completions: [[4, 5], [6], [4, 8, 9]])
    #expect(group.rowCount == PackedBatch([group]).tokens.count)
  }

  @Test(arguments: 0..<20)
  func aRowSeesItsPromptAndItsOwnCompletionUpToItself(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let groups = (0..<1 + random.index(below: 4)).map { _ in
      let lengths = (0..<1 + random.index(below: 5)).map { _ in 1 + random.index(below: 4) }
      return TokenGroup(
        prompt: Array(repeating: 1, count: 1 + random.index(below: 4)),
        completions: lengths.map { Array(repeating: 2, count: $0) })
    }
    let batch = PackedBatch(groups)
    let expected = Self.sights(groups)

    #expect(Self.sights(batch.blocks, rows: batch.tokens.count) == expected)
    #expect(
      Self.sights(batch.predictingBlocks, rows: batch.predictingRows.count)
        == batch.predictingRows.map { expected[$0] })
  }

  /// The keys that each row sees, in order and as often as the blocks show them.
  private static func sights(_ blocks: [AttentionBlock], rows: Int) -> [[Int]] {
    var sights = [[Int]](repeating: [], count: rows)
    for block in blocks {
      for (place, query) in block.queries.enumerated() {
        let behind = block.isCausal ? block.queries.count - 1 - place : 0
        sights[query] += block.keys.dropLast(behind)
      }
    }
    return sights.map { $0.sorted() }
  }

  /// By going through the completions one by one.
  private static func sights(_ groups: [TokenGroup]) -> [[Int]] {
    var (sights, start) = ([[Int]](), 0)
    for group in groups {
      let prompt = Array(start..<start + group.prompt.count)
      sights += prompt.map { Array(start...$0) }
      start += prompt.count
      for completion in group.completions {
        let own = start..<start + completion.count - 1
        sights += own.map { prompt + Array(own.lowerBound...$0) }
        start = own.upperBound
      }
    }
    return sights
  }
}
