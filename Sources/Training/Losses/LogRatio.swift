/// Where logarithms of probability ratios are cut off: `exp` then stays under 5e8, so that no loss or gradient
/// overflows, in single precision neither, and squares of gradients do not. Beyond it the loss is flat.
let logRatioLimit = 20.0

/// The nearest number of the range; not a number stays one, so that a broken policy shows.
func clamped(_ value: Double, to range: ClosedRange<Double>) -> Double {
  if value < range.lowerBound { return range.lowerBound }
  return value > range.upperBound ? range.upperBound : value
}

/// The logarithm of a probability ratio, cut off at ``logRatioLimit``.
func limitedLogRatio(_ value: Double) -> Double { clamped(value, to: -logRatioLimit...logRatioLimit) }

/// Whether a cut off log-ratio was, or just was not.
func isLimit(_ logRatio: Double) -> Bool { logRatio.magnitude >= logRatioLimit }
