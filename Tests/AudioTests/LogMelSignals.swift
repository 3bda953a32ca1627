import Foundation

@testable import Audio

/// The signals of Tests/Fixtures/logmel/logmel.py, 16 kHz.
enum LogMelSignal: String, Decodable, CaseIterable {
  case noise, tone, bursts, voice

  func samples(_ count: Int) -> [Float] {
    switch self {
    case .noise: Self.noise(count).map { Float($0) }
    case .tone: (0..<count).map { Float(0.5 * sin(2 * Double.pi * 440 * Double($0) / 16_000)) }
    case .bursts: Self.bursts(count)
    case .voice: Self.voice(count)
    }
  }

  private static func noise(_ count: Int) -> [Double] {
    var random = SplitMix64(seed: 1)
    return (0..<count).map { _ in Double(random.next() >> 40) / 0x1p24 - 0.5 }
  }

  /// A loud tone and noise near the floor, 250 ms each.
  private static func bursts(_ count: Int) -> [Float] {
    noise(count).enumerated().map { (index: Int, noise: Double) -> Float in
      guard index / 4000 % 2 == 0 else { return Float(noise / 512) }
      let angle = 2 * Double.pi * 3021.7 * Double(index) / 16_000
      return Float(0.9 * sin(angle))
    }
  }

  /// 20 harmonics of a wavering pitch, swelling 4.6 times a second.
  private static func voice(_ count: Int) -> [Float] {
    (0..<count).map { index in
      let time = Double(index) / 16_000
      let phase = 2 * Double.pi * 120 * time + 5 * sin(2 * .pi * 0.7 * time)
      var sum = 0.0
      for harmonic in 1...20 { sum += sin(Double(harmonic) * phase) / Double(harmonic) }
      return Float(0.1 * abs(sin(2 * .pi * 2.3 * time)) * sum)
    }
  }
}

/// The definition, in double precision, without any of the kernel's short cuts; `[bands, frames]` row by row.
func naiveLogMel(_ samples: [Float], bands: Int, paddedTo length: Int) -> [[Double]] {
  let angles = (0..<400).map { 2 * Double.pi * Double($0) / 400 }
  let (cosines, sines) = (angles.map { cos($0) }, angles.map { sin($0) })
  let window = LogMelTables.window.map { Double($0) }
  let filters = MelFilterBank(bands: bands).bands
  var logs = [[Double]](repeating: [], count: bands)
  for frame in 0..<length / 160 {
    let heard = (0..<400).map { offset in
      let index = abs(160 * frame + offset - 200)
      let place = index < length ? index : 2 * (length - 1) - index
      return place < samples.count ? window[offset] * Double(samples[place]) : 0
    }
    let power = (0...200).map { bin in
      var (real, imaginary) = (0.0, 0.0)
      for offset in 0..<400 {
        real += heard[offset] * cosines[bin * offset % 400]
        imaginary += heard[offset] * sines[bin * offset % 400]
      }
      return real * real + imaginary * imaginary
    }
    for (band, filter) in filters.enumerated() {
      let energy = zip(filter.weights, power[filter.firstBin...]).reduce(0) { $0 + $1.0 * $1.1 }
      logs[band].append(log10(max(energy, 1e-10)))
    }
  }
  let floor = (logs.joined().max() ?? 0) - 8
  return logs.map { $0.map { (max($0, floor) + 4) / 4 } }
}
