/// The simplest course that explains a series of numbers: the shapes of loudness over time and of pitch over time.
enum CourseShape {
  case steady, rising, falling, risingThenFalling, fallingThenRising, irregular

  /// What counts as a move, in the unit of the series.
  struct Tolerance {
    /// A series that spans less than this is steady.
    let steadySpan: Float
    /// A series that spans less than this, and is no clear rise or fall, is steady.
    let wanderingSpan: Float
  }

  /// Share of the variance that a shape has to explain. Noisy glides of real voices explain 80 to 95 %.
  private static let explained: Float = 0.8
  /// Share of a shape's span that each of its two arms must cover for the turn to be heard.
  private static let armShare: Float = 0.4

  init(_ series: [Float], tolerance: Tolerance) {
    let sorted = series.sorted()
    guard let span = Self.innerSpan(sorted), span >= tolerance.steadySpan else {
      self = .steady
      return
    }
    let mean = series.reduce(0, +) / Float(series.count)
    let variance = series.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let allowed = (1 - Self.explained) * variance
    let rise = IsotonicFit(series)
    let fall = IsotonicFit(series.map { -$0 })
    if min(rise.totalError, fall.totalError) <= allowed {
      self = rise.totalError < fall.totalError ? .rising : .falling
    } else if span < tolerance.wanderingSpan {
      self = .steady
    } else if Self.turns(rise: rise, reversed: IsotonicFit(series.reversed()), allowed: allowed, span: span) {
      self = .risingThenFalling
    } else if Self.turns(
      rise: fall, reversed: IsotonicFit(series.reversed().map { -$0 }), allowed: allowed, span: span)
    {
      self = .fallingThenRising
    } else {
      self = .irregular
    }
  }

  /// The distance between the 5th and 95th percentiles; nil for fewer than two values.
  private static func innerSpan(_ sorted: [Float]) -> Float? {
    guard sorted.count >= 2 else { return nil }
    let last = Float(sorted.count - 1)
    return sorted[Int((0.95 * last).rounded())] - sorted[Int((0.05 * last).rounded())]
  }

  /// Whether a rise up to some point and a fall from there explain the series, with two arms that both count.
  private static func turns(rise: IsotonicFit, reversed: IsotonicFit, allowed: Float, span: Float) -> Bool {
    let count = rise.prefixErrors.count
    let turn = (1..<count).min { first, second in
      rise.prefixErrors[first - 1] + reversed.prefixErrors[count - first - 1]
        < rise.prefixErrors[second - 1] + reversed.prefixErrors[count - second - 1]
    }
    guard let turn else { return false }
    let error = rise.prefixErrors[turn - 1] + reversed.prefixErrors[count - turn - 1]
    let arms = min(rise.prefixSpans[turn - 1], reversed.prefixSpans[count - turn - 1])
    return error <= allowed && arms >= armShare * span
  }
}

/// The closest never-falling series, by pooling adjacent violators (Ayer et al. 1955), for every prefix at once.
private struct IsotonicFit {
  /// Sum of squared distances of the first `index + 1` values from their own fit.
  var prefixErrors: [Float] = []
  /// Last minus first value of the fit of the first `index + 1` values.
  var prefixSpans: [Float] = []

  var totalError: Float { prefixErrors.last ?? 0 }

  private struct Pool {
    var sum: Double
    var squares: Double
    var count: Double
    var mean: Double { sum / count }
    var error: Double { max(0, squares - sum * sum / count) }
  }

  init(_ series: [Float]) {
    var pools: [Pool] = []
    var error = 0.0
    for value in series {
      var pool = Pool(sum: Double(value), squares: Double(value) * Double(value), count: 1)
      while let last = pools.last, last.mean >= pool.mean {
        error -= last.error
        pool = Pool(sum: pool.sum + last.sum, squares: pool.squares + last.squares, count: pool.count + last.count)
        pools.removeLast()
      }
      error += pool.error
      pools.append(pool)
      prefixErrors.append(Float(max(0, error)))
      prefixSpans.append(Float(pool.mean - pools[0].mean))
    }
  }
}
