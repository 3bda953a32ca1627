public import ArgumentParser
import Audio
import Foundation
import Models
public import Tensors

/// Our side of Benchmarks/engine: holds a model and times what each line of input asks for.
///
///     encoder SECONDS          one clip through front end, encoder and projector
///     prefill TOKENS           a prompt of so many tokens, up to the logits of its last
///     decode BATCH TOKENS      so many sequences side by side, so many tokens each behind a prompt of 32
///     sgemm                    GFLOPS of a product of 2048 x 2048 x 2048 in float32
///     read                     GB/s of reading 256 MB
///
/// Answers each with the seconds it took (decode: of one step), or the speed.
@main struct EngineBenchmark: ParsableCommand {
  @Argument var model: String
  @Option var weights: WeightFormat?
  @Option var threads: Int?

  func run() throws {
    if let threads { Parallel.threads = threads }
    let model = try AudioLanguageModel(folder: model, weights: weights)
    while let line = readLine() {
      let words = line.split(separator: " ")
      let numbers = words.dropFirst().compactMap { Int($0) }
      switch (words.first, numbers.count) {
      case ("encoder", 1): answer(encoder(model, seconds: numbers[0]))
      case ("prefill", 1): answer(try prefill(model, tokens: numbers[0]))
      case ("decode", 2): answer(try decode(model, batch: numbers[0], tokens: numbers[1]))
      case ("sgemm", 0): answer(BLAS.measureGFLOPS(size: 2_048))
      case ("read", 0): answer(readBandwidth())
      default: throw ValidationError("There is no measurement '\(line)'.")
      }
    }
  }

  private func answer(_ value: Double) {
    print(value)
    fflush(nil)
  }

  /// As fast as a check of all elements goes through them, the best of three.
  private func readBandwidth() -> Double {
    let numbers = Tensor(shape: [1 << 26])
    return (0..<3).map { _ in 256 * 1.048576e6 / time { _ = numbers.allFinite } / 1e9 }.max() ?? 0
  }

  private func encoder(_ model: AudioLanguageModel, seconds: Int) -> Double {
    let clip = Array(Synthesizer(seed: 1).clip(at: 0).waveform.samples.prefix(1_600))
    let samples = (0..<seconds * 16_000).map { clip[$0 % clip.count] }
    return time { _ = model.encoder?([samples]) }
  }

  private func prefill(_ model: AudioLanguageModel, tokens: Int) throws -> Double {
    let request = request(prompt: tokens, new: 1)
    return try time { _ = try Generator(model: model, batch: 1).complete([request])[0].get() }
  }

  /// The time of a step, from the first token of all sequences to the last.
  private func decode(_ model: AudioLanguageModel, batch: Int, tokens: Int) throws -> Double {
    let requests = (0..<batch).map { request(prompt: 32, new: tokens + 1, first: $0) }
    var counts = [Int](repeating: 0, count: batch)
    var start = ContinuousClock.now
    var end = start
    let results = Generator(model: model, batch: batch).complete(requests) { step in
      counts[step.request] += 1
      let reached = counts.min() ?? 0
      if reached == 1, counts.allSatisfy({ $0 == 1 }) { start = .now }
      if reached == tokens + 1 { end = .now }
      return true
    }
    for result in results { _ = try result.get() }
    return start.duration(to: end) / .seconds(1) / Double(tokens)
  }

  private func request(prompt: Int, new: Int, first: Int = 0) -> GenerationRequest {
    GenerationRequest(
      prompt: (0..<prompt).map { 1 + (first * 31 + $0 * 7) % 500 }, maximumTokens: new, endTokens: [])
  }

  private func time(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return start.duration(to: .now) / .seconds(1)
  }
}

extension WeightFormat: ExpressibleByArgument {}
