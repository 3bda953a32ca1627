import CKernels

extension Tape {
  /// Each row holds the frames before, at and after its centre, `[rows, 3 * columns]`: what a convolution with three
  /// taps multiplies with its weights.
  ///
  /// What lies before the first and after the last frame of each of `segments` counts as zero; a segment of n frames
  /// becomes `rowCounts[i]` rows, of which there are at most `(n - 1) / stride + 1`. Segments do not overlap.
  public func neighbourhoods(_ x: Variable, segments: [Range<Int>], rowCounts: [Int], stride: Int) -> Variable {
    let value = x.value.neighbourhoods(segments: segments, rowCounts: rowCounts, stride: stride)
    return result(value, needsGradient: x.needsGradient) { [x = x.sink] gradient in
      x.accumulate(
        gradient.summedNeighbourhoods(
          shape: x.shape, segments: segments, rowCounts: rowCounts, stride: stride))
    }
  }
}

extension Tensor {
  /// As ``Tape/neighbourhoods(_:segments:rowCounts:stride:)``.
  public func neighbourhoods(segments: [Range<Int>], rowCounts: [Int], stride: Int) -> Tensor {
    check(segments, rowCounts, stride)
    let (width, starts) = (columns, Self.starts(rowCounts))
    return withUnsafeElements { source in
      Tensor(shape: [rowCounts.reduce(0, +), 3 * width]) { rows in
        guard let source = source.baseAddress, let rows = rows.baseAddress else { return }
        for (index, segment) in segments.enumerated() {
          LoopSplit.forEach(rowCounts[index], elementsEach: 3 * width) { range in
            for row in range {
              let centre = segment.lowerBound + row * stride
              let seen = Swift.max(segment.lowerBound, centre - 1)..<Swift.min(segment.upperBound, centre + 2)
              let target = rows + (starts[index] + row) * 3 * width
              if seen.count < 3 { target.update(repeating: 0, count: 3 * width) }
              (target + (seen.lowerBound - (centre - 1)) * width)
                .update(from: source + seen.lowerBound * width, count: seen.count * width)
            }
          }
        }
      }
    }
  }

  /// The sum of the places in these rows at which each frame stands.
  fileprivate func summedNeighbourhoods(
    shape: [Int], segments: [Range<Int>], rowCounts: [Int], stride: Int
  ) -> Tensor {
    let (width, starts) = (shape[shape.count - 1], Self.starts(rowCounts))
    return withUnsafeElements { source in
      var sum = Tensor(shape: shape)
      sum.withUnsafeMutableElements { frames in
        guard let source = source.baseAddress, let frames = frames.baseAddress else { return }
        for (index, segment) in segments.enumerated() {
          let rows = source + starts[index] * 3 * width
          LoopSplit.forEach(segment.count, elementsEach: 3 * width) { range in
            for frame in range {
              // Tap t of row r holds frame r stride + t - 1.
              for tap in 0..<3 where (frame + 1 - tap) % stride == 0 && frame + 1 >= tap {
                let row = (frame + 1 - tap) / stride
                guard row < rowCounts[index] else { continue }
                transformer_add(
                  frames + (segment.lowerBound + frame) * width, rows + (row * 3 + tap) * width, width)
              }
            }
          }
        }
      }
      return sum
    }
  }

  private func check(_ segments: [Range<Int>], _ rowCounts: [Int], _ stride: Int) {
    precondition(
      stride > 0 && segments.count == rowCounts.count, "\(segments.count) segments, \(rowCounts.count) counts")
    for (segment, count) in zip(segments, rowCounts) {
      precondition(segment.lowerBound >= 0 && segment.upperBound <= rows, "frames \(segment) of \(rows)")
      precondition(
        count >= 0 && count <= (segment.count + stride - 1) / stride, "\(count) rows of \(segment.count) frames")
    }
  }

  /// The first row of each segment.
  private static func starts(_ rowCounts: [Int]) -> [Int] {
    var sum = 0
    return rowCounts.map { count in
      defer { sum += count }
      return sum
    }
  }
}
