import Audio
import Foundation
import Tensors

/// Computes the log-mel spectrogram of the float32 samples in a file; the other side of Benchmarks/log-mel.
///
///     log-mel-benchmark BANDS SAMPLES PADDED-TO [RESULT]
///
/// Answers each line of input with the seconds that one spectrogram took. With RESULT, writes it there and ends.
@main struct LogMelBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 4, let bands = Int(arguments[1]), let length = Int(arguments[3]) else {
      print("log-mel-benchmark BANDS SAMPLES PADDED-TO [RESULT]")
      exit(2)
    }
    let data = try Data(contentsOf: URL(fileURLWithPath: arguments[2]))
    let samples = [Float](unsafeUninitializedCapacity: data.count / 4) { buffer, count in
      count = data.copyBytes(to: buffer) / 4
    }
    let logMel = LogMel(bands: bands)
    if arguments.count > 4 {
      let values = logMel(samples, paddedTo: length).values
      try values.withUnsafeBytes { Data($0) }.write(to: URL(fileURLWithPath: arguments[4]))
      return
    }
    while readLine() != nil {
      let start = ContinuousClock.now
      let result = logMel(samples, paddedTo: length)
      let elapsed = start.duration(to: .now)
      print(elapsed / .seconds(1))
      fflush(nil)
      withExtendedLifetime(result) {}
    }
  }
}
