import Foundation
import Testing

@testable import Audio

@Suite struct WAVWriterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The header of the RIFF specification, and samples by hand: 32,768 x, half away from zero, clamped.
  @Test func theBytesAreThoseOfTheSpecification() {
    let waveform = Waveform(samples: [0, 0.5, -1, 1, 2, 0.5 / 32_768, -0.5 / 32_768, .nan], sampleRate: 16_000)

    let bytes = WAVWriter.encode(waveform)

    #expect(Array(bytes.prefix(44)) == Array(wav(tag: 1, channels: 1, rate: 16_000, bits: 16, data: [], promising: 16)))
    #expect(
      Array(bytes.dropFirst(44)) == [0, 0, 0, 0x40, 0, 0x80, 0xFF, 0x7F, 0xFF, 0x7F, 1, 0, 0xFF, 0xFF, 0, 0])
  }

  @Test func everySampleOf16BitsComesBack() throws {
    let samples = (Int(Int16.min)...Int(Int16.max)).map { Float($0) / 32_768 }
    let path = "\(folder.path)/a.wav"

    try WAVWriter.write(Waveform(samples: samples, sampleRate: 8000), to: path)

    #expect(
      try AudioReader.decode(path: path, maximumSeconds: 100) == Waveform(samples: samples, sampleRate: 8000))
  }

  @Test func nothingButTheFileIsLeftBehind() throws {
    try WAVWriter.write(Waveform(samples: [0], sampleRate: 8000), to: "\(folder.path)/a.wav")
    try WAVWriter.write(Waveform(samples: [0, 0], sampleRate: 8000), to: "\(folder.path)/a.wav")

    #expect(try folder.names() == ["a.wav"])
    #expect(try bytes(of: "\(folder.path)/a.wav").count == 48)
  }

  @Test func aFileThatIsNotFinishedNeverAppears() throws {
    let old = try folder.file("a.wav", [1, 2, 3])
    do {
      let file = try AtomicFile(path: old)
      try file.write([9, 9])
      #expect(try folder.names().count == 2)
    }

    #expect(try folder.names() == ["a.wav"])
    #expect(try bytes(of: old) == [1, 2, 3])
  }

  @Test func aFolderThatIsMissingIsNamed() {
    let path = "\(folder.path)/none/a.wav"

    #expect(throws: AudioError.notWritten(path: path, reason: "there is no such folder")) {
      try WAVWriter.write(Waveform(samples: [0], sampleRate: 8000), to: path)
    }
  }

  @Test func aFullDiskIsNamed() {
    #expect(writingError(ENOSPC, path: "a.wav") == .diskFull(path: "a.wav"))
    #expect(writingError(EDQUOT, path: "a.wav") == .diskFull(path: "a.wav"))
    #expect(writingError(EROFS, path: "a.wav") == .notPermitted(path: "a.wav"))
  }
}
