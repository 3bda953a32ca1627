import Foundation

/// Whether a clip is made of tones or of noise: whether its blocks repeat a period, or have their energy in peaks.
struct Tonality {
  /// Share of tones from which a clip is tonal.
  private static let tonalFrom: Float = 0.75
  /// Share of tones up to which a clip is noisy.
  private static let noisyUpTo: Float = 0.45

  /// Mean over the blocks, weighted by their amplitude, 0...1; nil for silence.
  let share: Float?

  init(loudness: Loudness, clarity: [Float], peakiness: [Float]) {
    var (sum, weights): (Float, Float) = (0, 0)
    for block in loudness.isSounding.indices where loudness.isSounding[block] {
      let weight = pow(10, loudness.levels[block] / 20)
      sum += weight * max(clarity[block], peakiness[block])
      weights += weight
    }
    share = weights > 0 ? sum / weights : nil
  }

  /// Silence is neither tonal nor noisy: mixed.
  var character: AcousticMeasurements.Noisiness.Character {
    guard let share else { return .mixed }
    if share >= Self.tonalFrom { return .tonal }
    return share <= Self.noisyUpTo ? .noisy : .mixed
  }
}
