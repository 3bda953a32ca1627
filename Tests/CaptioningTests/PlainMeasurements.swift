import Audio

extension AcousticMeasurements {
  /// Two seconds of a steady something.
  static let plain = AcousticMeasurements(
    seconds: 2,
    level: .init(averageDBFS: -20, peakDBFS: -3, course: .steady, changeDB: 0, loudestSeconds: 1),
    events: [], silenceShare: 0, pitch: nil, brightness: .init(centroidHz: 1_000, rolloffHz: 2_000),
    noisiness: .init(flatness: 0.02, character: .tonal), tempo: nil)
}

extension AcousticMeasurements.Pitch {
  /// From 220 to 880 Hz, between 200 and 900 Hz, 440 Hz in the middle.
  static func plain(_ contour: Contour) -> Self {
    .init(medianHz: 440, startHz: 220, endHz: 880, lowHz: 200, highHz: 900, contour: contour, voicedShare: 0.9)
  }
}
