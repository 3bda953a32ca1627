import Foundation
import Testing

@testable import Audio

/// On real recordings. mp3 and ogg need an encoder: Benchmarks/fingerprint measures those.
@Suite(.enabled(if: realData != nil, "set EARSHOT_TEST_DATA to the folder of real recordings"), .serialized)
struct FingerprintRecordingTests {
  private let folder = realData ?? ""

  @Test func copiesOfRealRecordingsAreFoundAndNothingElse() throws {
    let recordings = try recordings()
    let index = FingerprintIndex(try recordings.map { try AudioFingerprint($0.waveform) })
    #expect(recordings.count >= 200)

    // What the folder holds twice, whole or in part, is the same samples; the pairs are few.
    let known = Set(FingerprintSet(index.fingerprints).pairs().map { [$0.first, $0.second] })
    #expect(known.count < recordings.count / 8)
    var (found, sought) = (0, 0)
    for (place, recording) in recordings.enumerated() {
      for copy in try copies(of: recording.waveform) {
        let hits = index.matches(of: try AudioFingerprint(copy))
        sought += 1
        if hits.contains(where: { $0.item == place && $0.match.extent == .recording }) { found += 1 }
        for hit in hits where hit.item != place {
          let pair = [min(hit.item, place), max(hit.item, place)]
          #expect(known.contains(pair), "\(recording.path) is taken for \(recordings[hit.item].path)")
        }
      }
    }

    #expect(Double(found) >= 0.995 * Double(sought), "\(found) of \(sought)")
  }

  @Test func pairsOfTheFolderAreTheSameSamples() throws {
    let recordings = try recordings(every: 1).filter { $0.path.contains("/cat/") }
    let pairs = FingerprintSet(try recordings.map { try AudioFingerprint($0.waveform) }).pairs()
    #expect(pairs.count >= 10)

    for pair in pairs {
      let correlation = try Self.correlation(
        recordings[pair.first].waveform, recordings[pair.second].waveform, around: pair.match.offset)
      #expect(correlation > 0.8, "\(recordings[pair.first].path) and \(recordings[pair.second].path)")
    }
  }

  private struct Recording {
    var path: String
    var waveform: Waveform
  }

  /// Every second recording of at least 3 s.
  private func recordings(every step: Int = 2) throws -> [Recording] {
    let paths = try ["animals", "music"].flatMap { name in
      try FileManager.default.subpathsOfDirectory(atPath: "\(folder)/\(name)")
        .filter { !$0.hasSuffix(".csv") && $0.contains(".") }.sorted().map { "\(folder)/\(name)/\($0)" }
    }
    return try stride(from: 0, to: paths.count, by: step).compactMap { place in
      let waveform = try AudioReader.decode(path: paths[place], maximumSeconds: 60)
      return waveform.seconds >= 3 ? Recording(path: paths[place], waveform: waveform) : nil
    }
  }

  private func copies(of original: Waveform) throws -> [Waveform] {
    let peak = max(original.samples.reduce(0) { max($0, abs($1)) }, 1e-6)
    let trimmed = FingerprintSounds.part(original, 1.0..<original.seconds)
    return [
      FingerprintSounds.rounded(try Resampler().resample(trimmed, to: 8000)),
      FingerprintSounds.rounded(try Resampler().resample(original, to: 44_100)),
      FingerprintSounds.rounded(FingerprintSounds.scaled(original, by: min(3.98, 1 / peak))),
      FingerprintSounds.rounded(
        FingerprintSounds.scaled(FingerprintSounds.part(original, 0.0..<original.seconds - 1), by: 0.251)),
      FingerprintSounds.coded(trimmed),
    ]
  }

  /// Largest correlation of the samples where `other` begins within a frame of `offset` seconds.
  private static func correlation(_ one: Waveform, _ other: Waveform, around offset: Double) throws -> Double {
    let a = try Resampler().resample(one, to: 16_000).samples
    let b = try Resampler().resample(other, to: 16_000).samples
    let middle = Int(offset * 16_000)
    return (middle - 520...middle + 520).map { shift in
      let range = max(0, shift)..<min(a.count, b.count + shift)
      var (product, first, second) = (0.0, 1e-12, 1e-12)
      for index in range {
        product += Double(a[index] * b[index - shift])
        first += Double(a[index] * a[index])
        second += Double(b[index - shift] * b[index - shift])
      }
      return abs(product) / (first * second).squareRoot()
    }.max() ?? 0
  }
}
