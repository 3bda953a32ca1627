import Audio

/// The samples of `clips.py` in Tests/Fixtures/models: every tenth of a second another triangle wave and another level
/// of noise, by integer arithmetic alone.
func referenceClip(seed: UInt64, count: Int) -> [Float] {
  var draws = SplitMix64(seed: seed)
  var samples: [Float] = []
  samples.reserveCapacity(count)
  var phase = 0
  for start in stride(from: 0, to: count, by: 1_600) {
    let draw = draws.next()
    let step = 100 + Int(draw >> 48) % 12_000
    let tone = Int((draw >> 40) & 15)
    let noise = Int((draw >> 32) & 7)
    for _ in start..<min(start + 1_600, count) {
      phase = (phase + step) & 0xFFFF
      let triangle = 2 * abs(phase - 32_768) - 32_768
      let hiss = Int(draws.next() >> 48) - 32_768
      samples.append(Float((triangle * tone + hiss * noise) >> 5) / 32_768)
    }
  }
  return samples
}

/// The logits of `resting` in `clips.py`.
func referenceLogits(seed: UInt64, ordinal: UInt64, length: Int) -> [Float] {
  var draws = SplitMix64(seed: seed + ordinal)
  return (0..<length).map { _ in Float(Int(draws.next() >> 48) - 32_768) / 8_192 }
}
