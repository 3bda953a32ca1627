import Foundation

/// Triangles over the bins of a spectrum, spaced evenly in Slaney's mel scale and each of area 1 in Hz.
///
/// As librosa's and Whisper's: 1 mel is 200/3 Hz up to 1 kHz, above which 27 mels are a factor of 6.4 (Slaney, Auditory
/// Toolbox, 1998). From 0 to 8,000 Hz over the 201 bins of windows of 400 samples at 16 kHz.
struct MelFilterBank {
  static let binCount = 201
  static let highestFrequency = 8000.0

  /// The weights of one band that are not zero.
  struct Band: Equatable {
    let firstBin: Int
    let weights: [Double]
  }

  let bands: [Band]

  init(bands count: Int) {
    precondition(count > 0, "a filter bank of \(count) bands")
    let highest = Self.mel(ofFrequency: Self.highestFrequency)
    let edges = (0...count + 1).map { Self.frequency(ofMel: highest * Double($0) / Double(count + 1)) }
    bands = (0..<count).map { Self.band(from: edges[$0], center: edges[$0 + 1], to: edges[$0 + 2]) }
  }

  private static func band(from lower: Double, center: Double, to upper: Double) -> Band {
    let weights = (0..<binCount).map { bin in
      let frequency = highestFrequency * Double(bin) / Double(binCount - 1)
      let height = min((frequency - lower) / (center - lower), (upper - frequency) / (upper - center))
      return max(0, height) * 2 / (upper - lower)
    }
    guard let first = weights.firstIndex(where: { $0 > 0 }), let last = weights.lastIndex(where: { $0 > 0 }) else {
      return Band(firstBin: 0, weights: [])
    }
    return Band(firstBin: first, weights: Array(weights[first...last]))
  }

  static func mel(ofFrequency hertz: Double) -> Double {
    hertz < 1000 ? 3 * hertz / 200 : 15 + 27 * log(hertz / 1000) / log(6.4)
  }

  static func frequency(ofMel mel: Double) -> Double {
    mel < 15 ? 200 * mel / 3 : 1000 * exp(log(6.4) * (mel - 15) / 27)
  }
}
