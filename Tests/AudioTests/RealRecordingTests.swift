import Foundation
import Testing

@testable import Audio

@Suite(.enabled(if: realData != nil, "set EARSHOT_TEST_DATA to the folder of real recordings"))
struct RealRecordingTests {
  private let folder = realData ?? ""

  @Test func everyRecordingIsRead() throws {
    var formats: [String: Int] = [:]
    for path in try audioFiles("animals", every: 1) + audioFiles("digits", every: 20) + audioFiles("music", every: 5) {
      var reader = try AudioReader(path: path)
      var hash = SampleHash(sampleRate: reader.sampleRate)
      var count = 0
      while true {
        let samples = try reader.readMono(atMost: 50_000)
        guard !samples.isEmpty else { break }
        hash.update(samples)
        count += samples.count
      }
      // The headers of MP3 in WAV count up to a frame too much.
      let missing = reader.frames - count
      #expect(reader.format == "WAV, MP3" ? (0..<1152).contains(missing) : missing == 0, "\(path)")
      formats[reader.format, default: 0] += 1
    }

    for name in ["WAV, 8-bit PCM", "WAV, 16-bit PCM", "WAV, A-law", "WAV, MP3", "FLAC, 16-bit PCM", "Ogg, Vorbis"] {
      #expect(formats[name, default: 0] > 0, "\(formats)")
    }
  }

  @Test func windowsEqualThatPartOfTheWhole() throws {
    for path in try audioFiles("music", every: 9) + audioFiles("animals", every: 40) {
      let whole = try AudioReader.decode(path: path, maximumSeconds: 60).samples
      for start in [whole.count / 3, whole.count * 9 / 10] {
        let window = try AudioReader.decode(path: path, fromFrame: start, frames: 2000).samples

        let part = whole[start..<min(whole.count, start + 2000)]
        #expect(window.count == part.count)
        #expect(zip(window, part).allSatisfy { ($0 - $1).magnitude < 1e-6 }, "\(path) from \(start) on")
      }
    }
  }

  @Test(arguments: ["ogg", "mp3", "flac", "wav"])
  func aRecordingThatWasCutOffGivesItsBeginning(type: String) throws {
    let temporary = try TemporaryFolder()
    let path = try #require(try audioFiles("music", every: 1).first { $0.hasSuffix(type) })
    let whole = try bytes(of: path)
    let cut = try temporary.file("cut.\(type)", Array(whole.prefix(whole.count / 2)))

    let samples = try AudioReader.decode(path: cut, maximumSeconds: 60).samples

    let original = try AudioReader.decode(path: path, maximumSeconds: 60).samples
    #expect(samples.count > original.count / 4 && samples.count < original.count * 3 / 4)
    #expect(zip(samples.dropLast(5000), original).allSatisfy { ($0 - $1).magnitude < 1e-6 })
  }

  /// The audio files below `name`, every n-th of them in order of path.
  private func audioFiles(_ name: String, every step: Int) throws -> [String] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: "\(folder)/\(name)").filter { path in
      [".wav", ".WAV", ".flac", ".ogg", ".mp3"].contains { path.hasSuffix($0) }
    }
    return stride(from: 0, to: paths.count, by: step).map { "\(folder)/\(name)/\(paths.sorted()[$0])" }
  }
}
