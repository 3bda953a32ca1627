import CSoxr

/// Changes the sample rate with libsoxr at its quality HQ, which librosa and transformers use.
public struct Resampler: Sendable {
  public init() {}

  /// The same sound at `rate` Hz; the waveform itself where that is its rate.
  ///
  /// Its length is `count * rate / sampleRate`, rounded as soxr rounds it. The whole waveform goes through at once, so
  /// there are no seams; pieces resampled apart do not join up.
  public func resample(_ waveform: Waveform, to rate: Int) throws(AudioError) -> Waveform {
    guard rate != waveform.sampleRate else { return waveform }
    let from = waveform.sampleRate
    guard from > 0, rate > 0 else { throw .resampling(from: from, to: rate, reason: "a rate is above 0") }
    guard !waveform.samples.isEmpty else { return Waveform(samples: [], sampleRate: rate) }
    // Room for soxr's rounding; what it does not fill is cut off.
    let room = (Double(waveform.samples.count) * Double(rate) / Double(from)).rounded(.up) + 1
    guard room < Double(Int32.max) else { throw .resampling(from: from, to: rate, reason: "the result is too long") }
    var failure: String?
    let samples = [Float](unsafeUninitializedCapacity: Int(room)) { output, count in
      failure = convert(waveform, to: rate, into: output, count: &count)
    }
    if let failure { throw .resampling(from: from, to: rate, reason: failure) }
    return Waveform(samples: samples, sampleRate: rate)
  }

  /// Fills `output` and counts; returns what soxr has against it.
  private func convert(
    _ waveform: Waveform, to rate: Int, into output: UnsafeMutableBufferPointer<Float>, count: inout Int
  ) -> String? {
    var layout = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I)
    var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
    var runtime = soxr_runtime_spec(1)
    let error = waveform.samples.withUnsafeBufferPointer { input in
      soxr_oneshot(
        Double(waveform.sampleRate), Double(rate), 1, input.baseAddress, input.count, nil, output.baseAddress,
        output.count, &count, &layout, &quality, &runtime)
    }
    return error.map { String(cString: $0) }
  }
}
