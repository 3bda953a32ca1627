import Audio
import CKernels
import Foundation
import Tensors

/// Chooses one sequence's tokens.
///
/// Works in the order of transformers 5.23 (`_get_logits_processor`): repetition penalty, temperature, top-k, top-p,
/// min-p, on float32 logits.
struct TokenSampler {
  private let sampling: Sampling
  private var seen: Set<Int>
  private var random: SplitMix64

  /// A sampler for the sequence with this `index` among those of its seed, behind `prompt`.
  init(sampling: Sampling, prompt: [Int], index: Int) {
    self.sampling = sampling
    seen = sampling.repetitionPenalty == 1 ? [] : Set(prompt)
    random = SplitMix64(seed: sampling.seed, index: UInt64(index))
  }

  /// Whether choosing changes logits.
  var changesLogits: Bool { sampling.repetitionPenalty != 1 }

  /// The next token for `logits` `[vocabulary]`, which are changed.
  mutating func next(_ logits: UnsafeMutableBufferPointer<Float>) -> Int {
    penalise(logits)
    // Below that, all but the most probable token have no probability left in float32.
    let token: Int
    if sampling.temperature < 1e-6 {
      token = indexOfLargest(UnsafeBufferPointer(logits))
    } else if sampling.keepsAll {
      token = drawFromAll(UnsafeBufferPointer(logits))
    } else {
      token = draw(from: candidates(logits))
    }
    if sampling.repetitionPenalty != 1 { seen.insert(token) }
    return token
  }

  private func penalise(_ logits: UnsafeMutableBufferPointer<Float>) {
    for token in seen where logits.indices.contains(token) {
      let logit = logits[token]
      logits[token] = logit > 0 ? logit / sampling.repetitionPenalty : logit * sampling.repetitionPenalty
    }
  }

  /// The tokens to choose from and their logits over the temperature, the most probable first where any is left out.
  func candidates(_ logits: UnsafeMutableBufferPointer<Float>) -> [Candidate] {
    let highest = logits[indexOfLargest(UnsafeBufferPointer(logits))]
    let scaled = { (logit: Float) in logit / sampling.temperature }
    guard sampling.topK > 0 || sampling.topP < 1 || sampling.minP > 0 else {
      return logits.indices.map { Candidate(token: $0, logit: scaled(logits[$0])) }
    }
    var (kept, mass) = mostProbable(logits, highest: highest)
    for index in kept.indices { kept[index].logit = kept[index].logit / sampling.temperature }
    if sampling.topP < 1 { kept.removeLast(kept.count - nucleus(kept, mass: mass)) }
    if sampling.minP > 0, let top = kept.first?.logit {
      kept.removeAll { expf($0.logit - top) < sampling.minP }
    }
    return kept
  }

  /// The candidates of top-k, or all that top-p and min-p can ask for, in falling order; and the probability, as a
  /// multiple of the most probable one's, of all that top-p has to share out.
  ///
  /// Sorting a vocabulary of 150,000 takes longer than a small model's step, so only those near the top are sorted.
  private func mostProbable(
    _ logits: UnsafeMutableBufferPointer<Float>, highest: Float
  ) -> (candidates: [Candidate], mass: Double) {
    func mass(_ logit: Float) -> Double { exp(Double((logit - highest) / sampling.temperature)) }
    let needsMass = sampling.topK == 0 && sampling.topP < 1
    let whole = needsMass ? logits.reduce(0) { $0 + mass($1) } : 0
    var reach: Float = 8 * sampling.temperature
    while true {
      var near: [Candidate] = []
      for index in logits.indices where logits[index] >= highest - reach {
        near.append(Candidate(token: index, logit: logits[index]))
      }
      let isEnough =
        if sampling.topK > 0 {
          near.count >= sampling.topK
        } else if needsMass {
          near.reduce(0) { $0 + mass($1.logit) } > Double(sampling.topP) * whole
        } else {
          expf(-reach / sampling.temperature) < sampling.minP
        }
      if isEnough || near.count == logits.count || reach == .infinity {
        near.sort { $0.logit != $1.logit ? $0.logit > $1.logit : $0.token < $1.token }
        if sampling.topK > 0 { near = withinTopK(near) }
        return (near, needsMass ? whole : near.reduce(0) { $0 + mass($1.logit) })
      }
      reach *= 2
    }
  }

  /// Top-k keeps those that equal the k-th, as transformers does.
  private func withinTopK(_ sorted: [Candidate]) -> [Candidate] {
    guard sorted.count > sampling.topK else { return sorted }
    let last = sorted[sampling.topK - 1].logit
    return Array(sorted.prefix { $0.logit >= last })
  }

  /// How many of the candidates, in falling order, it takes to exceed the share asked for of `mass`.
  private func nucleus(_ sorted: [Candidate], mass: Double) -> Int {
    guard let top = sorted.first?.logit else { return 0 }
    var before = 0.0
    for (count, candidate) in sorted.enumerated() {
      if count > 0, before >= Double(sampling.topP) * mass { return count }
      before += exp(Double(candidate.logit - top))
    }
    return sorted.count
  }

  /// Draws where nothing is left out: from the sums of a few thousand tokens each, then among those of one sum.
  private mutating func drawFromAll(_ logits: UnsafeBufferPointer<Float>) -> Int {
    let top = logits[indexOfLargest(logits)]
    let size = 2_048
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * size) { memory in
      let masses = UnsafeMutableBufferPointer(rebasing: memory[..<size])
      let scaled = UnsafeMutableBufferPointer(rebasing: memory[size...])
      func weigh(from start: Int) -> (count: Int, sum: Double) {
        let count = min(size, logits.count - start)
        for index in 0..<count { scaled[index] = (logits[start + index] - top) / sampling.temperature }
        guard let from = scaled.baseAddress, let to = masses.baseAddress else { return (0, 0) }
        transformer_exp(from, count, to)
        return (count, (0..<count).reduce(0.0) { $0 + Double(masses[$1]) })
      }
      let starts = Array(stride(from: 0, to: logits.count, by: size))
      let sums = starts.map { weigh(from: $0).sum }
      var rest = Double.random(in: 0..<1, using: &random) * sums.reduce(0, +)
      // Rounding may leave nothing for the last block: it falls back to the last one that weighs anything.
      var chosen = sums.lastIndex { $0 > 0 } ?? 0
      for (block, sum) in sums.enumerated() where block < chosen {
        if rest < sum {
          chosen = block
          break
        }
        rest -= sum
      }
      let count = weigh(from: starts[chosen]).count
      var last = 0
      for index in 0..<count where masses[index] > 0 {
        last = index
        rest -= Double(masses[index])
        if rest < 0 { break }
      }
      return starts[chosen] + last
    }
  }

  private mutating func draw(from candidates: [Candidate]) -> Int {
    let top = candidates.reduce(-Float.infinity) { max($0, $1.logit) }
    let masses = candidates.map { exp(Double($0.logit - top)) }
    var rest = Double.random(in: 0..<1, using: &random) * masses.reduce(0, +)
    for (candidate, mass) in zip(candidates, masses) {
      rest -= mass
      if rest < 0 { return candidate.token }
    }
    return candidates.last { $0.logit > -.infinity }?.token ?? candidates[0].token
  }
}

/// A token that may come next.
struct Candidate: Equatable {
  var token: Int
  var logit: Float
}
