/// One sound as it is being made: samples at 16 kHz, when its events start, and what is true of it.
struct SynthTake {
  static let rate = Double(Waveform.modelRate)

  var samples: [Double] = []
  /// Starts of the events, seconds, ascending.
  var onsets: [Double] = []
  /// What is known of the sound, in the order in which it is listed.
  var facts: [(key: String, value: String)] = []

  var seconds: Double { Double(samples.count) / Self.rate }

  /// The number of samples in `seconds`.
  static func count(_ seconds: Double) -> Int { Int((seconds * rate).rounded()) }

  /// Adds `sound` from `start` (seconds) on, and makes the take longer where it has to be.
  mutating func mix(_ sound: [Double], at start: Double, gain: Double = 1) {
    let first = Self.count(start)
    lengthen(toSamples: first + sound.count)
    for (index, sample) in sound.enumerated() { samples[first + index] += gain * sample }
  }

  /// Adds `sound` as an event of its own.
  mutating func addEvent(_ sound: [Double], at start: Double, gain: Double = 1) {
    mix(sound, at: start, gain: gain)
    onsets.append(start)
  }

  /// Ends the take in silence so that it lasts `seconds` at least.
  mutating func lengthen(toSeconds seconds: Double) { lengthen(toSamples: Self.count(seconds)) }

  private mutating func lengthen(toSamples count: Int) {
    if count > samples.count { samples += [Double](repeating: 0, count: count - samples.count) }
  }

  /// As many of `count` events with gaps between them as end before `longest` seconds, one at least.
  static func repeating(
    _ count: Int, gaps: ClosedRange<Double>, longest: Double, using random: inout SplitMix64,
    sound: (inout SplitMix64) -> [Double]
  ) -> SynthTake {
    var take = SynthTake()
    var start = random.uniform(0.05...0.3)
    for event in 0..<count {
      let samples = sound(&random)
      guard event == 0 || start + Double(samples.count) / rate <= longest else { break }
      take.addEvent(samples, at: start, gain: 1)
      start += Double(samples.count) / rate + random.uniform(gaps)
    }
    take.lengthen(toSeconds: min(longest, max(1, take.seconds + random.uniform(0.1...0.4))))
    return take
  }
}

/// Fades in over `attack` and out over `release` seconds, each along 3x^2 - 2x^3.
func enveloped(_ samples: [Double], attack: Double, release: Double) -> [Double] {
  var samples = samples
  let ends = [(SynthTake.count(attack), false), (SynthTake.count(release), true)]
  for (length, isEnd) in ends {
    let length = min(length, samples.count)
    for index in 0..<length {
      let x = Double(index) / Double(length)
      samples[isEnd ? samples.count - 1 - index : index] *= x * x * (3 - 2 * x)
    }
  }
  return samples
}
