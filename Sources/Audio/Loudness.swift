import Foundation

/// The loudness of a clip in blocks of 10 ms, and which of them are silent.
struct Loudness {
  /// Samples in a block.
  static let blockSize = Waveform.modelRate / 100
  static let blockSeconds = 0.01

  /// Blocks this far below the loudest are silent: the distance from speech at 65 dB to a quiet room at 25 dB.
  static let silenceBelowPeakDB: Float = 40
  /// Blocks below this are silent in any clip: where speech is at -20 dBFS and 65 dB, it is 15 dB, under any room.
  static let silenceFloorDBFS: Float = -70
  /// Gaps shorter than this are heard as part of the sound around them (a rattle, a low hum), not as silence.
  static let shortestGapSeconds = 0.05

  /// Root mean square of each block, dBFS, at least -120.
  let levels: [Float]
  /// `levels` of mean squares smoothed over four blocks by the weights 1 2 1, to see no single periods of low tones.
  let smoothLevels: [Float]
  /// Levels below this are silent, dBFS.
  let threshold: Float
  /// Whether each block belongs to a sound; gaps shorter than `shortestGapSeconds` do.
  let isSounding: [Bool]

  init(_ samples: [Float]) {
    let powers = Self.blockPowers(samples)
    levels = powers.map(decibels(power:))
    smoothLevels = powers.indices.map { index in
      let (before, after) = (powers[max(0, index - 1)], powers[min(powers.count - 1, index + 1)])
      return decibels(power: (before + 2 * powers[index] + after) / 4)
    }
    let threshold = max(Self.silenceFloorDBFS, (levels.max() ?? Self.silenceFloorDBFS) - Self.silenceBelowPeakDB)
    self.threshold = threshold
    isSounding = Self.bridgingShortGaps(levels.map { $0 > threshold })
  }

  /// From the first sounding block to the last; empty for silence.
  var soundingSpan: Range<Int> {
    guard let first = isSounding.firstIndex(of: true), let last = isSounding.lastIndex(of: true) else { return 0..<0 }
    return first..<last + 1
  }

  /// Silent samples over all samples, 0...1.
  func silenceShare(sampleCount: Int) -> Double {
    guard sampleCount > 0 else { return 1 }
    let silent = isSounding.indices.reduce(0) { sum, block in
      isSounding[block] ? sum : sum + min(Self.blockSize, sampleCount - block * Self.blockSize)
    }
    return Double(silent) / Double(sampleCount)
  }

  private static func blockPowers(_ samples: [Float]) -> [Float] {
    stride(from: 0, to: samples.count, by: blockSize).map { start in
      let block = samples[start..<min(start + blockSize, samples.count)]
      return block.reduce(0) { $0 + $1 * $1 } / Float(block.count)
    }
  }

  private static func bridgingShortGaps(_ sounding: [Bool]) -> [Bool] {
    var bridged = sounding
    var lastSounding: Int?
    for index in sounding.indices where sounding[index] {
      if let last = lastSounding, Double(index - last - 1) * blockSeconds < shortestGapSeconds - 1e-9 {
        for gap in last..<index { bridged[gap] = true }
      }
      lastSounding = index
    }
    return bridged
  }
}

/// Decibels of a mean square, at least -120.
func decibels(power: Float) -> Float { 10 * log10(max(power, 1e-12)) }

/// Decibels of a magnitude, at least -120.
func decibels(amplitude: Float) -> Float { 20 * log10(max(amplitude, 1e-6)) }
