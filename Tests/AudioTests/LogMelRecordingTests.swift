import Foundation
import Testing

@testable import Audio

@Suite(.enabled(if: realData != nil, "set EARSHOT_TEST_DATA to the folder of real recordings"))
struct LogMelRecordingTests {
  @Test func recordingsGiveWhatTheDefinitionGives() throws {
    let folder = "\(realData ?? "")/animals"
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { $0.hasSuffix(".wav") }.sorted()
    for path in stride(from: 0, to: paths.count, by: 40).map({ "\(folder)/\(paths[$0])" }) {
      let decoded = try AudioReader.decode(path: path, maximumSeconds: 60)
      let samples = Array(try Resampler().resample(decoded, to: 16_000).samples.prefix(40_000))

      let result = LogMel(bands: 128)(samples, paddedTo: 40_000)

      let largest = largestDifference(result, naiveLogMel(samples, bands: 128, paddedTo: 40_000))
      #expect(largest <= 3e-5, "\(path): the largest difference is \(largest)")
    }
  }
}
