import Foundation
import Testing

@testable import Audio

@Suite struct FLACWriterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Noise, a tone and silence, of a length that is no whole number of FLAC's blocks.
  private func waveform(frames: Int = 50_001) -> Waveform {
    var random = SplitMix64(seed: 7)
    let samples = (0..<frames).map { frame in
      let noise = Float(random.next() >> 40) / Float(1 << 24) - 0.5
      return frame % 3_000 < 1_000 ? 0 : 0.7 * sin(Float(frame) * 0.05) + 0.6 * noise
    }
    return Waveform(samples: samples, sampleRate: 16_000)
  }

  @Test func itDecodesToWhatTheWAVFileOfTheSameSamplesDoes() throws {
    let whole = waveform()
    try FLACWriter.write(whole, to: "\(folder.path)/a.flac")
    try WAVWriter.write(whole, to: "\(folder.path)/a.wav")

    let flac = try AudioReader.decode(path: "\(folder.path)/a.flac", maximumSeconds: 100)
    #expect(flac == (try AudioReader.decode(path: "\(folder.path)/a.wav", maximumSeconds: 100)))
    #expect(flac.samples.count == 50_001 && flac.sampleRate == 16_000)
    #expect(flac.samples.contains { abs($0) > 0.99 } && flac.samples.contains(0))
  }

  @Test func everySampleOf16BitsComesBack() throws {
    let samples = (Int(Int16.min)...Int(Int16.max)).map { Float($0) / 32_768 }

    try FLACWriter.write(Waveform(samples: samples, sampleRate: 8000), to: "\(folder.path)/a.flac")

    #expect(
      try AudioReader.decode(path: "\(folder.path)/a.flac", maximumSeconds: 100)
        == Waveform(samples: samples, sampleRate: 8000))
  }

  /// The length stands in the header (RFC 9639, 8.2), which is written over at the end.
  @Test func theSameSamplesGiveTheSameBytesAndATrueHeader() throws {
    try FLACWriter.write(waveform(), to: "\(folder.path)/a.flac")
    try FLACWriter.write(waveform(), to: "\(folder.path)/b.flac")

    let first = try bytes(of: "\(folder.path)/a.flac")
    #expect(try first == bytes(of: "\(folder.path)/b.flac"))
    #expect(Array(first.prefix(4)) == Array("fLaC".utf8))
    #expect(first[22..<26].reduce(0) { $0 << 8 | Int($1) } == 50_001)
    #expect(first.count < 2 * 50_001)
    #expect(try folder.names() == ["a.flac", "b.flac"])
  }

  @Test func aFileThatCannotBeWrittenIsNamedAndLeavesNothing() throws {
    let path = "\(folder.path)/none/a.flac"
    #expect(throws: AudioError.notWritten(path: path, reason: "there is no such folder")) {
      try FLACWriter.write(waveform(), to: path)
    }

    // A rate that FLAC has no place for.
    let odd = "\(folder.path)/a.flac"
    #expect(throws: AudioError.self) {
      try FLACWriter.write(Waveform(samples: [0, 0.5], sampleRate: 2_000_000), to: odd)
    }
    #expect(try folder.names().isEmpty)
  }

  /// What there is no room for fails with its reason, at whatever byte, though libsndfile does not tell of all.
  @Test(arguments: [0, 30, 4_000, 40_000]) func aFileThatMayNotGrowFailsWhereverItsEndIs(room: Int) throws {
    // memfd_create(2) with MFD_ALLOW_SEALING, then F_ADD_SEALS with F_SEAL_GROW: Swift's headers hide them.
    let symbol = try #require(dlsym(nil, "memfd_create"))
    let create = unsafeBitCast(symbol, to: (@convention(c) (UnsafePointer<CChar>, UInt32) -> Int32).self)
    let descriptor = create("flac", 2)
    defer { close(descriptor) }
    try #require(descriptor >= 0)
    try #require(ftruncate(descriptor, off_t(room)) == 0)
    try #require(fcntl(descriptor, 1033, 4) == 0)

    #expect(throws: AudioError.notPermitted(path: "a.flac")) {
      try FLACWriter.encode(waveform(), to: descriptor, path: "a.flac")
    }
  }

  @Test func aFullDiskIsNamed() {
    let full = open("/dev/full", O_WRONLY)
    defer { close(full) }

    #expect(throws: AudioError.diskFull(path: "a.flac")) {
      try FLACWriter.encode(waveform(), to: full, path: "a.flac")
    }
  }
}
