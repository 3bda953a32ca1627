import Audio
import Foundation
import Models
import Tensors

@testable import Training

/// The samples of `clips.py` in Tests/Fixtures/models: every tenth of a second another triangle wave and another level
/// of noise, by integer arithmetic alone.
func policyClip(seed: UInt64, count: Int) -> [Float] {
  var draws = SplitMix64(seed: seed)
  var samples: [Float] = []
  var phase = 0
  for start in stride(from: 0, to: count, by: 1_600) {
    let draw = draws.next()
    let step = 100 + Int(draw >> 48) % 12_000
    let (tone, noise) = (Int((draw >> 40) & 15), Int((draw >> 32) & 7))
    for _ in start..<min(start + 1_600, count) {
      phase = (phase + step) & 0xFFFF
      let triangle = 2 * abs(phase - 32_768) - 32_768
      let hiss = Int(draws.next() >> 48) - 32_768
      samples.append(Float((triangle * tone + hiss * noise) >> 5) / 32_768)
    }
  }
  return samples
}

/// Adapters of the decoder's query and value projections, without dropout.
func queryValueAdapters(rank: Int = 4, alpha: Double = 8, dropout: Double = 0) -> TrainedPart.LowRank {
  TrainedPart.LowRank(
    rank: rank, alpha: alpha, dropout: dropout,
    targets: [NamePattern("decoder.*.q_proj"), NamePattern("decoder.*.v_proj")])
}

/// One of the tiny checkpoints of Tests/Fixtures/models in training.
func tinyPolicy(_ name: String, _ part: TrainedPart = TrainedPart(), seed: UInt64 = 3) throws -> Policy {
  try Policy(checkpoint: PeftFixture.model(name), part: part, seed: seed)
}

extension Policy {
  /// The number of the vocabulary's tokens that stand for text alone.
  private var textTokens: Int { min(512, model.configuration.decoder.vocabularySize) }

  /// A prompt of text, with a clip of this many samples in its middle where the policy hears.
  func someGroup(seed: UInt64, text: Int = 9, samples: Int = 4_000, completions lengths: [Int]) -> PolicyGroup {
    var random = SplitMix64(seed: seed)
    func tokens(_ count: Int) -> [Int] { (0..<count).map { _ in random.index(below: textTokens) } }
    var prompt = tokens(text)
    let clip = policyClip(seed: seed, count: samples)
    if let encoder = model.encoder, let placeholder = model.configuration.audioToken, samples > 0 {
      prompt.insert(
        contentsOf: Array(repeating: placeholder, count: encoder.rowCount(samples: samples)), at: text / 2)
    }
    return PolicyGroup(
      tokens: TokenGroup(prompt: prompt, completions: lengths.map(tokens)), audio: samples > 0 ? audio(clip) : nil)
  }

  /// Groups of several shapes.
  func someGroups(_ count: Int = 8) -> [PolicyGroup] {
    (0..<count).map { place in
      someGroup(
        seed: UInt64(70 + place), text: 6 + 3 * place % 7, samples: 1_900 + 700 * (place % 3),
        completions: [[4, 1, 6], [2, 7, 3], [5, 5, 1]][place % 3])
    }
  }

  func clearGradients() {
    for parameter in parameters { parameter.clearGradient() }
  }

  /// The gradients that `body` adds, by the parameters' names.
  func gradients(_ body: () throws -> Void) rethrows -> [String: Tensor] {
    clearGradients()
    try body()
    return Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.gradient) })
  }

  /// The elements of all parameters.
  var values: [String: [Float]] { Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value.values) }) }

  /// Writes `value(place)` into the elements of the parameters whose names end in `end`, each of which has a number.
  func fill(_ end: String, _ value: (_ parameter: Int, _ place: Int) -> Double) {
    for (number, parameter) in parameters.filter({ $0.name.hasSuffix(end) }).enumerated() {
      parameter.update { elements, _ in
        for place in elements.indices { elements[place] = Float(value(number, place)) }
      }
    }
  }

  /// Gives the adapters' second factors, which begin at zero, some values.
  func awakeAdapters() { fill(".lora_B") { 0.2 * cos(0.53 * Double($1) + Double($0)) } }
}

/// The largest difference of two policies' gradients, as a share of the norm of all gradients together, and the name
/// of the parameter where it is.
func largestShare(_ a: [String: Tensor], _ b: [String: Tensor]) -> (share: Double, name: String) {
  guard Set(a.keys) == Set(b.keys) else { return (.infinity, "names") }
  let norm = b.values.reduce(0.0) { $0 + $1.values.reduce(0) { $0 + Double($1) * Double($1) } }.squareRoot()
  guard norm > 0 else { return (.infinity, "no gradient") }
  var worst = (share: 0.0, name: "")
  for (name, tensor) in a {
    guard let other = b[name] else { continue }
    let share = Double(largestDifference(tensor, other)) / norm
    if !share.isFinite || share > worst.share { worst = (share, name) }
  }
  return worst
}

/// The place of each completion of groups among all of them.
func rows(of groups: [PolicyGroup]) -> [Range<Int>] { consecutive(groups.map(\.tokens.completions.count)) }
