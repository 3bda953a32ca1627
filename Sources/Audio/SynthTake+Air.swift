extension SynthTake {
  /// Bursts of white, dark or hissing noise.
  static func noiseBurst(longest: Double, using random: inout SplitMix64) -> SynthTake {
    let colour = random.choice(["white", "dark", "hissing"])
    let cutoff = random.uniform(500...1100)
    let seconds = random.uniform(0.15...0.8)
    let count = 1 + random.index(below: 5)
    var take = SynthTake.repeating(count, gaps: 0.25...0.7, longest: longest, using: &random) { random in
      let white = (0..<SynthTake.count(seconds)).map { _ in random.uniform(-1...1) }
      return enveloped(coloured(white, colour, cutoff: cutoff), attack: 0.005, release: 0.4 * seconds)
    }
    take.facts = [("colour", colour)]
    return take
  }

  /// A sung vowel: glottal pulses through the resonances of a throat.
  static func vowel(longest: Double, using random: inout SplitMix64) -> SynthTake {
    let voice = random.choice(["low", "high"])
    let (letter, formants) = random.choice(vowelFormants)
    let pitch = voice == "low" ? random.uniform(95...150) : random.uniform(180...260)
    let contour = random.choice(["steady", "rising", "falling"])
    let octaves = contour == "steady" ? 0 : (contour == "rising" ? 0.6 : -0.6)
    let seconds = random.uniform(0.6...1.4)
    let count = 1 + random.index(below: 3)
    var take = SynthTake.repeating(count, gaps: 0.3...0.6, longest: longest, using: &random) { random in
      var sound = glottalPulses(from: pitch, octaves: octaves, seconds: seconds, using: &random)
      for (frequency, width) in zip(formants + [3400, 4400], [80.0, 90, 120, 170, 250]) {
        sound = resonant(sound, frequency: (voice == "low" ? 1 : 1.16) * frequency, bandwidth: width)
      }
      return enveloped(sound, attack: 0.04, release: 0.1)
    }
    take.facts = [
      ("vowel", letter), ("voice", voice), ("pitch_start_hz", SynthMath.text(pitch, decimals: 1)),
      ("pitch_end_hz", SynthMath.text(pitch * SynthMath.powerOfTwo(octaves), decimals: 1)), ("contour", contour),
    ]
    return take
  }
}

/// First to third formant of a man's voice, Hz, after Peterson and Barney, "Control methods used in a study of the
/// vowels" (1952); e and o, which English lacks as pure vowels, lie between their neighbours.
private let vowelFormants: [(letter: String, hertz: [Double])] = [
  ("a", [730, 1090, 2440]), ("e", [400, 2060, 2550]), ("i", [270, 2290, 3010]), ("o", [435, 850, 2400]),
  ("u", [300, 870, 2240]),
]

/// The slope of the flow through the glottis, as Rosenberg ("Effect of glottal pulse shape on the quality of natural
/// vowels", 1971) draws it: opens for 0.4 of a period, closes in 0.16. The pitch glides by `octaves`, with a vibrato of
/// 5.5 Hz.
private func glottalPulses(
  from pitch: Double, octaves: Double, seconds: Double, using random: inout SplitMix64
) -> [Double] {
  let (opening, closing) = (0.4, 0.16)
  let vibrato = random.uniform(0.1...0.25)
  var phase = 0.0
  return (0..<SynthTake.count(seconds)).map { index in
    let time = Double(index) / SynthTake.rate
    let bend = octaves * time / seconds + vibrato / 12 * SynthMath.sine(turns: 5.5 * time)
    phase += pitch * SynthMath.powerOfTwo(bend) / SynthTake.rate
    phase -= phase.rounded(.down)
    let breath = 0.02 * random.uniform(-1...1)
    if phase < opening { return 0.5 / opening * SynthMath.sine(turns: 0.5 * phase / opening) + breath }
    if phase < opening + closing {
      return -0.5 / closing * SynthMath.sine(turns: 0.25 * (phase - opening) / closing) + breath
    }
    return breath
  }
}

/// Klatt's two-pole resonator ("Software for a cascade/parallel formant synthesizer", 1980), gain 1 at 0 Hz.
private func resonant(_ samples: [Double], frequency: Double, bandwidth: Double) -> [Double] {
  let radius = SynthMath.exponential(-Double.pi * bandwidth / SynthTake.rate)
  let c = -radius * radius
  let b = 2 * radius * SynthMath.cosine(turns: frequency / SynthTake.rate)
  let a = 1 - b - c
  var (last, beforeLast) = (0.0, 0.0)
  return samples.map { sample in
    let out = a * sample + b * last + c * beforeLast
    (last, beforeLast) = (out, last)
    return out
  }
}

/// White noise below `cutoff` Hz ("dark", 12 dB an octave), without its low end ("hissing"), or as it is.
private func coloured(_ white: [Double], _ colour: String, cutoff: Double) -> [Double] {
  switch colour {
  case "dark":
    let keep = SynthMath.exponential(-2 * Double.pi * cutoff / SynthTake.rate)
    var (once, twice) = (0.0, 0.0)
    return white.map { sample in
      once = keep * once + (1 - keep) * sample
      twice = keep * twice + (1 - keep) * once
      return twice
    }
  case "hissing":
    var last = 0.0
    var lastSlope = 0.0
    return white.map { sample in
      let slope = sample - last
      defer { (last, lastSlope) = (sample, slope) }
      return slope - lastSlope
    }
  default: return white
  }
}
