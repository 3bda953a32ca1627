import Foundation
import Testing

@testable import Audio

@Suite struct AudioReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  struct Encoding {
    let tag: UInt16
    let bits: Int
    let data: [UInt8]
    let samples: [Float]
    let name: String
  }

  /// Values by the definition of each encoding; A-law and mu-law from ITU-T G.711: the largest of each sign, and the
  /// least.
  static let encodings = [
    Encoding(tag: 1, bits: 8, data: [0, 128, 192], samples: [-1, 0, 0.5], name: "WAV, 8-bit PCM"),
    Encoding(tag: 1, bits: 16, data: [0, 0x80, 0, 0x40], samples: [-1, 0.5], name: "WAV, 16-bit PCM"),
    Encoding(tag: 1, bits: 24, data: [0, 0, 0x80, 0, 0, 0x40], samples: [-1, 0.5], name: "WAV, 24-bit PCM"),
    Encoding(
      tag: 3, bits: 32, data: [0, 0, 0x80, 0xBF, 0, 0, 0, 0x3F], samples: [-1, 0.5], name: "WAV, 32-bit float"),
    Encoding(
      tag: 6, bits: 8, data: [0xAA, 0x2A, 0xD5], samples: [32_256 / 32_768, -32_256 / 32_768, 8 / 32_768],
      name: "WAV, A-law"),
    Encoding(
      tag: 7, bits: 8, data: [0x80, 0x00, 0xFF], samples: [32_124 / 32_768, -32_124 / 32_768, 0], name: "WAV, mu-law"),
  ]

  @Test(arguments: encodings)
  func everyEncodingOfWAVHasItsDefinedValues(encoding: Encoding) throws {
    let bytes = wav(tag: encoding.tag, channels: 1, rate: 11_127, bits: encoding.bits, data: encoding.data)
    var reader = try AudioReader(path: folder.file("a.wav", bytes))

    #expect(reader.format == encoding.name)
    #expect(reader.sampleRate == 11_127)
    #expect(reader.channels == 1)
    #expect(reader.frames == encoding.samples.count)
    #expect(try reader.readMono(atMost: 100) == encoding.samples)
    #expect(try reader.readMono(atMost: 100) == [])
  }

  /// The fixtures hold 0.5 sin(2 pi 440 t) at 16 kHz; see Tests/Fixtures/audio/tones.py.
  @Test(arguments: [
    ("flac", 8000, "FLAC, 16-bit PCM"), ("ogg", 64_000, "Ogg, Vorbis"), ("mp3", 64_000, "MPEG, MP3"),
  ])
  func compressedFilesHoldTheToneTheyWereMadeOf(type: String, count: Int, name: String) throws {
    let waveform = try AudioReader.decode(path: fixture("audio/tone.\(type)"), maximumSeconds: 10)
    let reader = try AudioReader(path: fixture("audio/tone.\(type)"))

    #expect(reader.format == name)
    #expect(waveform.sampleRate == 16_000)
    #expect(waveform.samples.count == count)
    let difference = (1000..<7000).map { index in
      (waveform.samples[index] - Float(0.5 * sin(2 * Double.pi * 440 * Double(index) / 16_000))).magnitude
    }
    #expect(difference.max()! < (type == "flac" ? 1e-4 : 0.05))
  }

  @Test func anMP3StreamInAWAVFileIsRead() throws {
    let stream = try bytes(of: fixture("audio/tone.mp3"))
    // MPEGLAYER3WAVEFORMAT: its own size, id 1, flags 2, block size 144, 1 frame a block, codec delay 1105.
    let extra: [UInt8] = [12, 0, 1, 0, 2, 0, 0, 0, 144, 0, 1, 0, 0x51, 0x04]
    let bytes = wav(tag: 0x55, channels: 1, rate: 16_000, bits: 0, extra: extra, data: stream)
    let path = try folder.file("mp3.wav", bytes)

    let inside = try AudioReader.decode(path: path, maximumSeconds: 10)
    let reader = try AudioReader(path: path)

    #expect(reader.format == "WAV, MP3")
    #expect(inside == (try AudioReader.decode(path: fixture("audio/tone.mp3"), maximumSeconds: 10)))
  }

  @Test(arguments: [1, 2, 3, 64])
  func monoIsTheMeanOfTheChannels(channels: Int) throws {
    let frames = 20_000
    let samples = (0..<frames * channels).map { Float($0 * 37 % 101) / 101 - 0.5 }
    let path = try folder.file("a.wav", floatWAV(samples, channels: channels))

    let mono = try AudioReader.decode(path: path, maximumSeconds: 10).samples

    #expect(mono.count == frames)
    for frame in stride(from: 0, to: frames, by: 997) {
      let mean = samples[frame * channels..<(frame + 1) * channels].reduce(0) { $0 + Double($1) } / Double(channels)
      #expect((Double(mono[frame]) - mean).magnitude < 1e-6)
    }
  }

  @Test func readingInPiecesGivesTheSameSamples() throws {
    let samples = (0..<30_000).map { Float($0 % 999) / 1000 }
    let path = try folder.file("a.wav", floatWAV(samples))
    var reader = try AudioReader(path: path)

    var pieces: [Float] = []
    while true {
      let piece = try reader.readMono(atMost: 777)
      guard !piece.isEmpty else { break }
      pieces += piece
    }

    #expect(pieces == samples)
  }

  /// In the mp3 a jump to 50,000 without a run-up gives noise of amplitude 0.5.
  @Test(arguments: [("flac", 8000), ("ogg", 64_000), ("mp3", 64_000), ("wav", 8000)])
  func aWindowEqualsThatPartOfTheWhole(type: String, count: Int) throws {
    let path =
      type == "wav"
      ? try folder.file("a.wav", floatWAV((0..<count).map { Float($0) / 8000 })) : fixture("audio/tone.\(type)")
    let whole = try AudioReader.decode(path: path, maximumSeconds: 10)

    for start in [0, 3001, count * 25 / 32, count - 100] {
      let window = try AudioReader.decode(path: path, fromFrame: start, frames: 500)

      let part = whole.samples[start..<min(count, start + 500)]
      #expect(window.samples.count == part.count)
      #expect(zip(window.samples, part).allSatisfy { ($0 - $1).magnitude < 1e-6 }, "from \(start) on")
    }
  }

  @Test(arguments: ["ogg", "mp3", "flac"])
  func jumpingBackAndForthIsTheSameAsReadingOn(type: String) throws {
    let path = fixture("audio/tone.\(type)")
    let whole = try AudioReader.decode(path: path, maximumSeconds: 10).samples
    var reader = try AudioReader(path: path)

    for start in [whole.count - 500, 10, 10, 600, 5000] {
      try reader.seek(toFrame: start)
      let window = try reader.readMono(atMost: 300)
      #expect(zip(window, whole[start...]).allSatisfy { ($0 - $1).magnitude < 1e-6 }, "from \(start) on")
    }
  }

  @Test func decodingStopsAtTheMaximum() throws {
    let path = try folder.file("a.wav", floatWAV([Float](repeating: 0.1, count: 16_000)))

    #expect(try AudioReader.decode(path: path, maximumSeconds: 0.25).seconds == 0.25)
  }

  @Test func aHeaderThatPromisesTooMuchGivesWhatIsThere() throws {
    let whole = floatWAV([0.1, 0.2, 0.3], promising: 500_000_000)
    let path = try folder.file("cut.wav", whole)

    #expect(try AudioReader.decode(path: path, maximumSeconds: 1e9).samples == [0.1, 0.2, 0.3])
  }

  @Test(arguments: ["flac", "mp3"])
  func aFileThatWasCutOffGivesItsBeginning(type: String) throws {
    let whole = try bytes(of: fixture("audio/tone.\(type)"))
    let path = try folder.file("cut.\(type)", Array(whole.prefix(whole.count * 3 / 4)))

    let samples = try AudioReader.decode(path: path, maximumSeconds: 10).samples

    #expect((1000...64_000).contains(samples.count))
  }
}
