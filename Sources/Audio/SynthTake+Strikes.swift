extension SynthTake {
  /// A short melody on a plucked string, up, down or to and fro on a pentatonic scale.
  static func pluckedString(longest: Double, using random: inout SplitMix64) -> SynthTake {
    let root = 43 + random.index(below: 20)
    let contour = random.choice(["rising", "falling", "varying"])
    let spacing = random.uniform(0.25...0.5)
    let start = random.uniform(0.05...0.2)
    let ring = random.uniform(0.9...1.4)
    let most = max(1, Int((longest - start - ring) / spacing) + 1)
    let count = min(most, contour == "varying" ? 4 + random.index(below: 4) : 3 + random.index(below: 4))
    let steps = [0, 2, 4, 7, 9, 12, 14, 16, 19, 21]
    let rising = Array(steps.prefix(count))
    let melody =
      switch contour {
      case "rising": rising
      case "falling": Array(rising.reversed())
      default: random.shuffled(rising)
      }
    let frequencies = melody.map { SynthMath.frequency(note: root + $0) }
    var take = SynthTake()
    for (index, frequency) in frequencies.enumerated() {
      let string = pluck(frequency: frequency, seconds: ring, using: &random)
      take.addEvent(string, at: start + Double(index) * spacing, gain: random.uniform(0.8...1))
    }
    take.facts = [
      ("pitches_hz", SynthMath.text(frequencies, decimals: 1)), ("contour", count > 1 ? contour : "steady"),
    ]
    return take
  }

  /// A bell struck once or several times.
  static func bell(longest: Double, using random: inout SplitMix64) -> SynthTake {
    let frequency = SynthMath.frequency(note: 60 + random.index(below: 25))
    let strikes = 1 + random.index(below: 4)
    let spacing = random.uniform(0.5...0.9)
    let ring = min(longest - 0.5, random.uniform(1.6...2.6))
    let start = random.uniform(0.05...0.3)
    var take = SynthTake()
    for strike in 0..<strikes where strike == 0 || start + Double(strike) * spacing + ring <= longest {
      take.addEvent(struckBell(frequency: frequency, seconds: ring), at: start + Double(strike) * spacing)
    }
    take.facts = [("pitch_hz", SynthMath.text(frequency, decimals: 1))]
    return take
  }

  /// A drum and a snare in turn, on every beat of a tempo.
  static func drum(longest: Double, using random: inout SplitMix64) -> SynthTake {
    let tempo = Double(80 + 4 * random.index(below: 21))
    let start = random.uniform(0.05...0.2)
    let most = Int((longest - start - 0.3) * tempo / 60) + 1
    let beats = max(2, min(most, 6 + random.index(below: 7)))
    let deep = random.uniform(45...65)
    var take = SynthTake()
    for beat in 0..<beats {
      let hit = beat.isMultiple(of: 2) ? drumHit(deep: deep) : snareHit(using: &random)
      take.addEvent(hit, at: start + Double(beat) * 60 / tempo)
    }
    take.facts = [("tempo_bpm", SynthMath.text(tempo, decimals: 0))]
    return take
  }
}

/// Karplus and Strong's string ("Digital synthesis of plucked-string and drum timbres", 1983), tuned with the allpass
/// of Jaffe and Smith ("Extensions of the Karplus-Strong plucked-string algorithm", 1983).
func pluck(frequency: Double, seconds: Double, using random: inout SplitMix64) -> [Double] {
  // The loop's own mean of two samples delays by half a sample.
  let period = SynthTake.rate / frequency - 0.5
  let length = max(2, Int(period - 0.1))
  let fraction = period - Double(length)
  let coefficient = (1 - fraction) / (1 + fraction)
  // The amplitude halves in 0.7 s at 200 Hz, in 0.4 s at 1000 Hz.
  let loss = SynthMath.powerOfTwo(-3 / (frequency + 200))
  var line = (0..<length).map { _ in random.uniform(-1...1) }
  for index in line.indices.dropFirst() { line[index] = 0.5 * (line[index] + line[index - 1]) }
  var position = 0
  var (lastRead, lastMean, lastTuned) = (0.0, 0.0, 0.0)
  let samples = (0..<SynthTake.count(seconds)).map { _ in
    let read = line[position]
    let mean = loss * 0.5 * (read + lastRead)
    let tuned = coefficient * (mean - lastTuned) + lastMean
    line[position] = tuned
    position = position + 1 == length ? 0 : position + 1
    (lastRead, lastMean, lastTuned) = (read, mean, tuned)
    return read
  }
  return enveloped(samples, attack: 0.002, release: 0.15)
}

/// Partials at the ratios of a church bell (hum, prime, tierce, quint, nominal and above), the high ones soon gone.
private func struckBell(frequency: Double, seconds: Double) -> [Double] {
  let partials: [(ratio: Double, strength: Double, halfLife: Double)] = [
    (0.5, 0.5, 0.9), (1, 1, 0.6), (1.19, 0.5, 0.45), (1.5, 0.3, 0.35), (2, 0.8, 0.3), (2.51, 0.3, 0.2),
    (2.66, 0.25, 0.18), (3.01, 0.3, 0.14), (4.16, 0.2, 0.08), (5.43, 0.1, 0.05),
  ]
  var samples = [Double](repeating: 0, count: SynthTake.count(seconds))
  for partial in partials where partial.ratio * frequency < 7500 {
    let step = partial.ratio * frequency / SynthTake.rate
    let decay = SynthMath.powerOfTwo(-1 / (partial.halfLife * SynthTake.rate))
    var strength = partial.strength
    for index in samples.indices {
      samples[index] += strength * SynthMath.sine(turns: step * Double(index))
      strength *= decay
    }
  }
  return enveloped(samples, attack: 0.002, release: 0.2)
}

/// A membrane whose pitch drops to `deep` Hz within 0.1 s, with a click of the stick.
private func drumHit(deep: Double) -> [Double] {
  var phase = 0.0
  let samples = (0..<SynthTake.count(0.28)).map { index in
    let time = Double(index) / SynthTake.rate
    phase += (deep + 140 * SynthMath.powerOfTwo(-time / 0.02)) / SynthTake.rate
    let click = 0.25 * SynthMath.powerOfTwo(-time / 0.002) * SynthMath.sine(turns: 1800 * time)
    return SynthMath.powerOfTwo(-time / 0.07) * SynthMath.sine(turns: phase) + click
  }
  return enveloped(samples, attack: 0.001, release: 0.05)
}

/// Noise that dies away in 0.1 s over a short tone of 185 Hz.
private func snareHit(using random: inout SplitMix64) -> [Double] {
  let samples = (0..<SynthTake.count(0.22)).map { index in
    let time = Double(index) / SynthTake.rate
    let noise = 0.6 * SynthMath.powerOfTwo(-time / 0.035) * random.uniform(-1...1)
    return noise + 0.5 * SynthMath.powerOfTwo(-time / 0.03) * SynthMath.sine(turns: 185 * time)
  }
  return enveloped(samples, attack: 0.001, release: 0.04)
}
