/// The largest absolute value of the samples; 0 for none. No sample may be NaN.
public func peakAmplitude(_ samples: [Float]) -> Float {
  // Of floats without their sign, the bits are in the order of the values, and a maximum of integers is vectorised
  // where one of floats is not.
  var largest: UInt32 = 0
  for sample in samples { largest = max(largest, sample.bitPattern & 0x7fff_ffff) }
  return Float(bitPattern: largest)
}
