import Foundation
import Testing

@testable import Tensors

/// Rotation, chosen rows, averages of pairs and the rows of convolutions.
@Suite struct RowGradientTests {
  @Test(arguments: [(1, 1, 2), (5, 3, 16), (80, 2, 64)])
  func rotaryEqualsItsDoubleTwin(rows: Int, heads: Int, dimension: Int) {
    var random = RandomNumbers(seed: 31)
    let positions = (0..<rows).map { $0 * 7 % 50 }
    let table = RotaryTable(headDimension: dimension, theta: 10_000, positions: 10)
    let twin = DoubleTwin(
      inputs: [random.tensor([rows, heads * dimension])],
      operation: { tape, inputs, _ in tape.rotary(inputs[0], heads: heads, positions: positions, table: table) },
      plain: { values in
        values[0].indices.map { place in
          let (element, half) = (place % dimension, dimension / 2)
          let frequency = pow(10_000, -2 * Double(element % half) / Double(dimension))
          let angle = Double(positions[place / (heads * dimension)]) * frequency
          let other = element < half ? -values[0][place + half] : values[0][place - half]
          return values[0][place] * cos(angle) + other * sin(angle)
        }
      })

    let difference = twin.largestDifference()

    #expect(difference <= 1e-5, "\(difference)")
  }

  @Test(arguments: [
    (1, 1, [0]), (5, 3, [4, 1, 4, 4, 0]), (9, 700, [8, 2, 2, 5]), (300, 40, Array(0..<300) + [7, 7]),
  ])
  func selectedRowsEqualTheirDoubleTwin(rows: Int, columns: Int, indices: [Int]) {
    var random = RandomNumbers(seed: 34)
    let twin = DoubleTwin(
      inputs: [random.tensor([rows, columns])],
      operation: { tape, inputs, _ in tape.selectingRows(of: inputs[0], indices) },
      plain: { values in indices.flatMap { values[0][$0 * columns..<($0 + 1) * columns] } })

    let difference = twin.largestDifference()

    #expect(difference <= 1e-6, "\(difference)")
  }

  @Test func rowsThatNobodySelectedHaveNoGradient() {
    let x = Variable(Tensor((0..<6).map(Float.init), shape: [3, 2]), needsGradient: true)
    let tape = Tape()

    tape.selectingRows(of: x, [2, 0, 2]).accumulate(Tensor([1, 2, 3, 4, 5, 6], shape: [3, 2]))
    tape.backward()

    #expect(x.gradient?.values == [3, 4, 0, 0, 6, 8])
  }

  @Test(arguments: [([1], 3), ([2], 1), ([0, 5, 1, 8, 3, 0], 33), ([301, 300], 200)])
  func averagedPairsEqualTheirDoubleTwin(rowCounts: [Int], columns: Int) {
    var random = RandomNumbers(seed: 32)
    let twin = DoubleTwin(
      inputs: [random.tensor([rowCounts.reduce(0, +), columns])],
      operation: { tape, inputs, _ in tape.averagedPairs(inputs[0], rowCounts: rowCounts) },
      plain: { values in
        var first = 0
        return rowCounts.flatMap { rows in
          defer { first += rows }
          return (0..<rows / 2 * columns).map { place in
            let row = first + place / columns * 2
            return (values[0][row * columns + place % columns] + values[0][(row + 1) * columns + place % columns]) / 2
          }
        }
      })

    let difference = twin.largestDifference()

    #expect(difference <= 1e-6, "\(difference)")
  }

  @Test func theOddRowOfEachSegmentHasNoGradient() {
    let x = Variable(Tensor((0..<8).map(Float.init), shape: [8, 1]), needsGradient: true)
    let tape = Tape()

    let out = tape.averagedPairs(x, rowCounts: [3, 5])
    out.accumulate(Tensor([2, 4, 6], shape: [3, 1]))
    tape.backward()

    #expect(out.value.values == [0.5, 3.5, 5.5])
    #expect(x.gradient?.values == [1, 1, 0, 2, 2, 3, 3, 0])
  }

  struct Frames: Sendable {
    var frames: Int
    var columns: Int
    var segments: [Range<Int>]
    var rowCounts: [Int]
    var stride: Int
  }

  @Test(arguments: [
    Frames(frames: 1, columns: 1, segments: [0..<1], rowCounts: [1], stride: 1),
    Frames(frames: 1, columns: 4, segments: [0..<1], rowCounts: [1], stride: 2),
    Frames(frames: 9, columns: 5, segments: [0..<4, 4..<4, 5..<9], rowCounts: [4, 0, 2], stride: 1),
    Frames(frames: 12, columns: 3, segments: [0..<7, 7..<12], rowCounts: [4, 3], stride: 2),
    Frames(frames: 12, columns: 3, segments: [1..<7, 8..<12], rowCounts: [2, 2], stride: 2),
    Frames(frames: 600, columns: 40, segments: [0..<300, 300..<600], rowCounts: [150, 150], stride: 2),
    Frames(frames: 13, columns: 2, segments: [0..<13], rowCounts: [3], stride: 5),
  ])
  func neighbourhoodsEqualTheirDoubleTwin(_ shape: Frames) {
    var random = RandomNumbers(seed: 33)
    let columns = shape.columns
    let twin = DoubleTwin(
      inputs: [random.tensor([shape.frames, columns])],
      operation: { tape, inputs, _ in
        tape.neighbourhoods(
          inputs[0], segments: shape.segments, rowCounts: shape.rowCounts, stride: shape.stride)
      },
      plain: { values in
        zip(shape.segments, shape.rowCounts).flatMap { segment, count in
          (0..<count * 3 * columns).map { place in
            let frame = segment.lowerBound + place / (3 * columns) * shape.stride + place / columns % 3 - 1
            return segment.contains(frame) ? values[0][frame * columns + place % columns] : 0
          }
        }
      })

    let difference = twin.largestDifference()

    #expect(difference <= 1e-6, "\(difference)")
  }
}
