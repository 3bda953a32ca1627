/// The samples of a WAV file, as far as the stand-in listens.
struct WaveSound {
  /// Hz.
  let sampleRate: Int
  /// Mono: the mean of the channels; 1 is full scale.
  let samples: [Float]

  var seconds: Double { Double(samples.count) / Double(sampleRate) }

  /// Reads PCM of 16 bits (format 1, or the extensible one); nil for anything else, and for a file that lies about its
  /// chunks.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 12, bytes.starts(with: "RIFF".utf8), bytes[8..<12].elementsEqual("WAVE".utf8) else {
      return nil
    }
    var place = 12
    var form: (channels: Int, rate: Int)?
    while place + 8 <= bytes.count {
      let length = Self.number(bytes[place + 4..<place + 8])
      let body = bytes[place + 8..<min(place + 8 + length, bytes.count)]
      if bytes[place..<place + 4].elementsEqual("fmt ".utf8) {
        form = Self.form(body)
      } else if bytes[place..<place + 4].elementsEqual("data".utf8), let form {
        sampleRate = form.rate
        samples = Self.samples(body, channels: form.channels)
        return
      }
      place += 8 + length + length % 2
    }
    return nil
  }

  private static func form(_ chunk: ArraySlice<UInt8>) -> (channels: Int, rate: Int)? {
    guard chunk.count >= 16 else { return nil }
    let field = { (offset: Int, size: Int) in number(chunk.dropFirst(offset).prefix(size)) }
    let (format, channels, rate, bits) = (field(0, 2), field(2, 2), field(4, 4), field(14, 2))
    guard format == 1 || format == 0xFFFE, bits == 16, (1...64).contains(channels), (1...1_000_000).contains(rate)
    else { return nil }
    return (channels, rate)
  }

  private static func samples(_ data: ArraySlice<UInt8>, channels: Int) -> [Float] {
    let frame = 2 * channels
    return (0..<data.count / frame).map { index in
      var sum: Float = 0
      for channel in 0..<channels {
        let place = data.startIndex + index * frame + 2 * channel
        sum += Float(Int16(bitPattern: UInt16(data[place]) | UInt16(data[place + 1]) << 8))
      }
      return sum / (Float(channels) * 32_768)
    }
  }

  /// Little-endian, at most 4 bytes.
  private static func number(_ bytes: some Collection<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
