import Testing

@testable import Tensors

@Suite struct TensorTests {
  @Test func pairsAreAveragedAndAnOddRowIsLeftOut() {
    let x = Tensor([1, 2, 3, 6, 5, 5, 7, 9, 100, 100], shape: [5, 2])

    #expect(x.averagedPairs() == Tensor([2, 4, 6, 7], shape: [2, 2]))
    #expect(x.rows(0..<1).averagedPairs() == Tensor(shape: [0, 2]))
  }

  @Test(arguments: [1, 17, 70_000, 300_001], [Float.nan, .infinity, -.infinity])
  func oneElementThatIsNotFiniteIsFound(count: Int, value: Float) {
    var x = [Float](repeating: -.greatestFiniteMagnitude, count: count)
    #expect(Tensor(x, shape: [count]).allFinite)

    for place in [0, count / 2, count - 1] {
      x[place] = value
      #expect(!Tensor(x, shape: [count]).allFinite)
      x[place] = 1
    }
  }

  @Test func noElementsAreFinite() {
    #expect(Tensor(shape: [0, 4]).allFinite)
  }

  @Test func rowsAreCopied() {
    let x = Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2])

    #expect(x.rows(1..<3) == Tensor([3, 4, 5, 6], shape: [2, 2]))
    #expect(x.reshaped([2, 3]).rows(1..<2).values == [4, 5, 6])
  }

  @Test(arguments: [1, 3, 100, 100_000]) func elementsStartAtACacheLine(count: Int) {
    Tensor(shape: [count]).withUnsafeElements { elements in
      #expect(UInt(bitPattern: elements.baseAddress) % 64 == 0)
    }
  }

  @Test func memoryThatWasUsedBeforeIsZeroedAndAligned() {
    for count in [300_000, 700_001, 5_000_000] {
      var used: Tensor? = Tensor([Float](repeating: .nan, count: count), shape: [count])
      #expect(used?.allFinite == false)
      used = nil

      let zeros = Tensor(shape: [count])

      #expect(zeros.values.allSatisfy { $0 == 0 })
      zeros.withUnsafeElements { #expect(UInt(bitPattern: $0.baseAddress) % 64 == 0) }
    }
  }

  @Test func freedMemoryIsKeptOnlyUpToTheLimit() {
    let size = TensorMemory.limit / 3
    let blocks = (0..<5).map { _ in TensorMemory.allocate(size) }
    for (index, block) in blocks.enumerated() { block.storeBytes(of: index, as: Int.self) }
    for block in blocks {
      TensorMemory.free(block, size)
      #expect(TensorMemory.keptBytes <= TensorMemory.limit)
    }

    let again = (0..<3).map { _ in TensorMemory.allocate(size) }

    #expect(Set(again).count == 3)
    for block in again { TensorMemory.free(block, size) }
  }
}
