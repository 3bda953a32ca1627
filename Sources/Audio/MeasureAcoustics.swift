import Foundation

/// Measures a mono clip at ``Waveform/modelRate`` of any length; every number is finite, and the same on every run.
///
/// Uses no threads and about 10 bytes of memory a sample beyond the clip's own.
public func measureAcoustics(_ waveform: Waveform) -> AcousticMeasurements {
  precondition(
    waveform.sampleRate == Waveform.modelRate,
    "Measuring a clip of \(waveform.sampleRate) Hz: resample it to \(Waveform.modelRate) Hz first.")
  let audible = removingRumble(waveform.samples)
  let loudness = Loudness(audible)
  let pitch = PitchTrack(audible, loudness: loudness)
  var shape = SpectralShape(blocks: loudness.levels.count)
  var onsets = OnsetStrength(loudness)
  var spectrogram = Spectrogram()
  spectrogram.visit(audible, blocks: loudness.levels.count) { block, power in
    if loudness.isSounding[block] { shape.add(power, block: block) }
    onsets.add(power)
  }
  let tonality = Tonality(loudness: loudness, clarity: pitch.clarity, peakiness: shape.peakiness)
  return AcousticMeasurements(
    seconds: waveform.seconds,
    level: .init(waveform.samples, course: LoudnessCourse(loudness)),
    events: EventDetection(loudness, novelty: onsets.novelty).events().map { .init($0, of: waveform.samples) },
    silenceShare: loudness.silenceShare(sampleCount: waveform.samples.count),
    pitch: .init(pitch),
    brightness: shape.brightness,
    noisiness: .init(flatness: shape.flatness, character: tonality.character),
    tempo: TempoEstimation(onsets.novelty).tempo)
}

/// `samples` without a constant offset and what lies below 20 Hz, neither of which is heard.
private func removingRumble(_ samples: [Float]) -> [Float] {
  let mean = Float(samples.reduce(0.0) { $0 + Double($1) } / Double(max(1, samples.count)))
  let decay = Float(exp(-2 * .pi * 20 / Double(Waveform.modelRate)))
  var (input, output): (Float, Float) = (0, 0)
  return samples.map { sample in
    output = sample - mean - input + decay * output
    input = sample - mean
    return output
  }
}

extension AcousticMeasurements.Level {
  fileprivate init(_ samples: [Float], course: LoudnessCourse) {
    let energy = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
    self.init(
      averageDBFS: Double(decibels(power: Float(energy / Double(max(1, samples.count))))),
      peakDBFS: samples[...].peakDBFS,
      course: course.course, changeDB: course.changeDB,
      loudestSeconds: min(course.loudestSeconds, Double(samples.count) / Double(Waveform.modelRate)))
  }
}

extension AcousticMeasurements.Event {
  fileprivate init(_ blocks: Range<Int>, of samples: [Float]) {
    let range = blocks.lowerBound * Loudness.blockSize..<min(blocks.upperBound * Loudness.blockSize, samples.count)
    self.init(
      start: Double(range.lowerBound) / Double(Waveform.modelRate),
      end: Double(range.upperBound) / Double(Waveform.modelRate), peakDBFS: samples[range].peakDBFS)
  }
}

extension ArraySlice<Float> {
  fileprivate var peakDBFS: Double { Double(decibels(amplitude: reduce(0) { Swift.max($0, abs($1)) })) }
}
