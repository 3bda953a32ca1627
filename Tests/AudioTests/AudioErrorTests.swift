import Foundation
import Testing

@testable import Audio

@Suite struct AudioErrorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func eachKindOfUnusableFileHasItsOwnError() throws {
    let missing = "\(folder.path)/none.wav"
    let nothing = try folder.file("nothing.wav", [])
    let noFrames = try folder.file("noframes.wav", wav(tag: 1, channels: 1, rate: 8000, bits: 16, data: []))
    let text = try folder.file("text.wav", Array("this is not audio, whatever its name says".utf8))

    #expect(error(missing) == .missing(path: missing))
    #expect(error(missing + "\0.wav") == .missing(path: missing + "\0.wav"))
    #expect(error(folder.path) == .notAFile(path: folder.path))
    #expect(error(nothing) == .empty(path: nothing))
    #expect(error(noFrames) == .empty(path: noFrames))
    guard case .notAudio(text, _) = error(text) else {
      Issue.record("\(text) was read")
      return
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything")) func aForbiddenFileSaysSo() throws {
    let path = try folder.file("mine.wav", floatWAV([0.5]))
    chmod(path, 0)

    #expect(error(path) == .notPermitted(path: path))
  }

  @Test func layoutsOutOfBoundsAreRefused() throws {
    let many = try folder.file("many.wav", floatWAV([Float](repeating: 0, count: 65), channels: 65))
    let slow = try folder.file("slow.wav", floatWAV([0.5], rate: 99))
    let fast = try folder.file("fast.wav", floatWAV([0.5], rate: 1_000_001))

    #expect(error(many) == .channelCount(path: many, channels: 65))
    #expect(error(slow) == .sampleRate(path: slow, rate: 99))
    #expect(error(fast) == .sampleRate(path: fast, rate: 1_000_001))
  }

  @Test(arguments: [Float.infinity, -Float.infinity, 1e30])
  func aSampleThatIsNoAmplitudeIsNamedByItsFrame(value: Float) throws {
    var samples = [Float](repeating: 0.25, count: 20_000)
    samples[12_345] = value
    let path = try folder.file("a.wav", floatWAV(samples))
    var reader = try AudioReader(path: path)

    _ = try reader.readMono(atMost: 10_000)

    #expect(throws: AudioError.unusableSample(path: path, frame: 12_345, value: value)) {
      _ = try reader.readMono(atMost: 10_000)
    }
  }

  @Test func aNaNIsRefused() throws {
    let path = try folder.file("a.wav", floatWAV([0, .nan, 0]))

    guard case .unusableSample(path, frame: 1, _) = error(path) else {
      Issue.record("a NaN was read")
      return
    }
  }

  @Test func aWindowBehindTheEndIsRefused() throws {
    let path = try folder.file("a.wav", floatWAV([0.1, 0.2]))

    #expect(throws: AudioError.endsBefore(path: path, frame: 2)) {
      try AudioReader.decode(path: path, fromFrame: 2, frames: 10)
    }
    #expect(throws: AudioError.endsBefore(path: path, frame: -1)) {
      try AudioReader.decode(path: path, fromFrame: -1, frames: 10)
    }
  }

  @Test func aWindowThatOnlyTheHeaderPromisesIsRefused() throws {
    let path = try folder.file("a.wav", floatWAV([0.1, 0.2], promising: 1000))

    #expect(throws: AudioError.self) { try AudioReader.decode(path: path, fromFrame: 500, frames: 10) }
  }

  @Test func aStreamOfUnknownLengthIsReadToItsEnd() throws {
    var stream = try bytes(of: fixture("audio/tone.flac"))
    // The 36 bits of STREAMINFO for the number of samples; 0 is unknown.
    stream[21] &= 0xF0
    stream.replaceSubrange(22..<26, with: [0, 0, 0, 0])
    let path = try folder.file("stream.flac", stream)

    #expect(try AudioReader(path: path).frames == .max)
    #expect(try AudioReader.decode(path: path, maximumSeconds: 1e9).samples.count == 8000)
  }

  /// Seeded damage to real headers: any outcome is fine, save a crash, a hang or a sample that is no amplitude.
  @Test(arguments: ["flac", "ogg", "mp3", "wav"])
  func damagedBytesNeverCrash(type: String) throws {
    let whole =
      type == "wav" ? floatWAV([Float](repeating: 0.5, count: 500)) : try bytes(of: fixture("audio/tone.\(type)"))
    var random = SplitMix64(seed: 1)
    for _ in 0..<150 {
      var bytes = whole
      for _ in 0...random.index(below: 8) {
        let region = random.index(below: 2) == 0 ? min(64, bytes.count) : bytes.count
        bytes[random.index(below: region)] = UInt8(truncatingIfNeeded: random.next())
      }
      let path = try folder.file("damaged.\(type)", bytes)
      guard let waveform = try? AudioReader.decode(path: path, maximumSeconds: 5) else { continue }
      #expect(waveform.samples.allSatisfy { $0.magnitude <= AudioReader.largestAmplitude })
    }
  }

  @Test func descriptionsNameTheFileAndWhatToDo() {
    #expect(
      "\(AudioError.missing(path: "a/b.wav"))" == "a/b.wav: there is no such file. Check the path.")
    #expect(
      "\(AudioError.sampleRate(path: "b.wav", rate: 3))"
        == "b.wav: a sample rate of 3 Hz; 100 to 1000000 Hz are read. Convert it first.")
    #expect(
      "\(AudioError.diskFull(path: "out/c.wav"))"
        == "out/c.wav: no space left on the device. Free some space and run the command again.")
  }

  private func error(_ path: String) -> AudioError? {
    do {
      _ = try AudioReader.decode(path: path, maximumSeconds: 10)
      return nil
    } catch { return error }
  }
}
