extension SynthTake {
  /// One long note whose level stays, rises or falls, or a row of beeps.
  static func tone(longest: Double, using random: inout SplitMix64) -> SynthTake {
    let frequency = SynthMath.frequency(note: 50 + random.index(below: 37))
    let timbre = random.choice([[1], [1, 0.5, 0.25, 0.12], [1, 0, 0.35, 0, 0.2], [1, 0.3]])
    let beeps = random.choice([1, 1, 2, 3, 4, 5])
    let course = beeps == 1 ? random.choice(["steady", "rising", "falling"]) : "steady"
    let seconds = beeps == 1 ? random.uniform(1.2...max(1.3, longest - 1)) : random.uniform(0.15...0.5)
    var take = SynthTake.repeating(beeps, gaps: 0.25...0.6, longest: longest, using: &random) { _ in
      let note = harmonics(timbre, count: SynthTake.count(seconds)) { _ in frequency }
      return enveloped(swelling(note, course: course), attack: 0.02, release: 0.06)
    }
    take.facts = [("pitch_hz", SynthMath.text(frequency, decimals: 1)), ("loudness", course)]
    return take
  }

  /// Whistles that glide in pitch, all of them up or all of them down.
  static func chirp(longest: Double, using random: inout SplitMix64) -> SynthTake {
    let rises = random.index(below: 2) == 0
    let octaves = random.uniform(0.7...2)
    let low = random.uniform(350...1100)
    let high = low * SynthMath.powerOfTwo(octaves)
    let seconds = random.uniform(0.2...1)
    let count = 1 + random.index(below: 5)
    var take = SynthTake.repeating(count, gaps: 0.25...0.7, longest: longest, using: &random) { _ in
      let glide = harmonics([1, 0.12], count: SynthTake.count(seconds)) { progress in
        low * SynthMath.powerOfTwo(octaves * (rises ? progress : 1 - progress))
      }
      return enveloped(glide, attack: 0.03, release: 0.05)
    }
    take.facts = [
      ("pitch_start_hz", SynthMath.text(rises ? low : high, decimals: 1)),
      ("pitch_end_hz", SynthMath.text(rises ? high : low, decimals: 1)),
      ("contour", rises ? "rising" : "falling"),
    ]
    return take
  }

  /// An alarm: a slow wail, a quick yelp, or two tones in turn.
  static func siren(longest: Double, using random: inout SplitMix64) -> SynthTake {
    let manner = random.choice(["wail", "yelp", "two-tone"])
    let period =
      switch manner {
      case "wail": random.uniform(1.4...2.4)
      case "yelp": random.uniform(0.3...0.5)
      default: random.uniform(0.8...1.2)
      }
    let low = random.uniform(400...650)
    let octaves = manner == "two-tone" ? 5.0 / 12 : random.uniform(0.7...1.1)
    let seconds = random.uniform(min(2.5, longest - 0.5)...longest - 0.3)
    let sound = harmonics([1, 0.45, 0.3, 0.15, 0.1], count: SynthTake.count(seconds)) { progress in
      let turns = progress * seconds / period
      let height =
        manner == "two-tone"
        ? (turns - turns.rounded(.down) < 0.5 ? 0 : 1) : 0.5 - 0.5 * SynthMath.cosine(turns: turns)
      return low * SynthMath.powerOfTwo(octaves * height)
    }
    var take = SynthTake()
    take.addEvent(enveloped(sound, attack: 0.05, release: 0.1), at: random.uniform(0.05...0.2))
    take.facts = [
      ("manner", manner), ("pitch_low_hz", SynthMath.text(low, decimals: 1)),
      ("pitch_high_hz", SynthMath.text(low * SynthMath.powerOfTwo(octaves), decimals: 1)),
      ("period_s", SynthMath.text(period, decimals: 2)),
    ]
    return take
  }
}

/// Sines at the multiples of a frequency (Hz) that is a function of the progress 0..<1, with `strengths` from the first
/// harmonic up; those above 7.5 kHz are left out.
func harmonics(_ strengths: [Double], count: Int, frequency: (Double) -> Double) -> [Double] {
  var phase = 0.0
  return (0..<count).map { index in
    let hertz = frequency(Double(index) / Double(count))
    phase += hertz / SynthTake.rate
    var sum = 0.0
    for (number, strength) in strengths.enumerated() where strength > 0 && hertz * Double(number + 1) < 7500 {
      sum += strength * SynthMath.sine(turns: phase * Double(number + 1))
    }
    return sum
  }
}

/// The samples, made to rise or fall by 24 dB on their way.
private func swelling(_ samples: [Double], course: String) -> [Double] {
  guard course != "steady" else { return samples }
  return samples.enumerated().map { index, sample in
    let progress = Double(index) / Double(samples.count)
    return sample * SynthMath.amplitude(decibels: -24 * (course == "rising" ? 1 - progress : progress))
  }
}
