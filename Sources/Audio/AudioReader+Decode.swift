extension AudioReader {
  /// The file from its start, at its own rate, cut after `maximumSeconds`.
  public static func decode(path: String, maximumSeconds: Double) throws(AudioError) -> Waveform {
    var reader = try AudioReader(path: path)
    let limit = (maximumSeconds * Double(reader.sampleRate)).rounded(.up)
    return try reader.rest(atMost: limit < Double(Int32.max) ? max(1, Int(limit)) : Int(Int32.max))
  }

  /// The window of `frames` frames from `fromFrame` on, at the file's own rate; shorter where the file ends in it.
  public static func decode(path: String, fromFrame: Int, frames: Int) throws(AudioError) -> Waveform {
    var reader = try AudioReader(path: path)
    if fromFrame != 0 { try reader.seek(toFrame: fromFrame) }
    return try reader.rest(atMost: frames)
  }

  private mutating func rest(atMost frames: Int) throws(AudioError) -> Waveform {
    let start = position
    let samples = try readMono(atMost: frames)
    guard !samples.isEmpty || frames <= 0 else {
      throw start == 0 ? .empty(path: path) : .endsBefore(path: path, frame: start)
    }
    return Waveform(samples: samples, sampleRate: sampleRate)
  }
}
