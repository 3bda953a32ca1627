/// The largest absolute value of the samples; 0 for none.
public func peakAmplitude(_ samples: [Float]) -> Float {
  let lanes = MemoryLayout<SIMD16<Float>>.stride
  let whole = samples.count / 16 * 16
  var peaks = SIMD16<Float>(repeating: 0)
  samples.withUnsafeBytes { bytes in
    for offset in stride(from: 0, to: whole * MemoryLayout<Float>.stride, by: lanes) {
      let block = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
      peaks = pointwiseMax(peaks, pointwiseMax(block, -block))
    }
  }
  return samples[whole...].reduce(peaks.max()) { max($0, abs($1)) }
}
