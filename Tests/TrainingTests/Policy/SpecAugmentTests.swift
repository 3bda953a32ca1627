import Audio
import Foundation
import Tensors
import Testing

@testable import Training

@Suite struct SpecAugmentTests {
  private let frames = Tensor(shape: [60, 40]) { elements in
    for place in elements.indices { elements[place] = Float(place % 613) / 100 }
  }

  private func applied(_ augment: SpecAugment, seed: UInt64) -> Tensor {
    var (random, changed) = (SplitMix64(seed: seed), frames)
    augment.apply(to: &changed, random: &random)
    return changed
  }

  /// One change at a time.
  private static let none = SpecAugment(
    frequencyMasks: 0, frequencyWidth: 0, timeMasks: 0, timeShare: 0, shift: 0, gain: 0, pitch: 0, pace: 0,
    equalizer: 0, noise: 0)

  @Test func theSameSeedChangesTheSame() {
    #expect(applied(SpecAugment(), seed: 1) == applied(SpecAugment(), seed: 1))
    #expect(applied(SpecAugment(), seed: 1) != applied(SpecAugment(), seed: 2))
    #expect(applied(Self.none, seed: 1) == frames)
  }

  /// Frames that count up, turned round: they go on counting, with one leap back to the start.
  @Test(arguments: UInt64(0)..<20)
  func aShiftTurnsTheFramesRound(_ seed: UInt64) {
    var (augment, random) = (Self.none, SplitMix64(seed: seed))
    augment.shift = 0.5
    var counted = Tensor((0..<60).flatMap { [Float($0), Float($0)] }, shape: [60, 2])
    augment.apply(to: &counted, random: &random)

    let found = (0..<60).map { counted.values[2 * $0] }
    let steps = (0..<60).map { found[($0 + 1) % 60] - found[$0] }
    #expect(found.allSatisfy { $0 >= 0 && $0 <= 59 })
    // Beside the leap, the frame that would lie between the last and the first is the last.
    #expect(steps.count { abs($0 - 1) < 1e-3 } >= 58 && steps.count { $0 < -57 } == 1)
    #expect(min(found[0], 60 - found[0]) <= 30)
  }

  /// A ramp stays a ramp where it is read faster, slower, higher or lower.
  @Test(arguments: UInt64(0)..<20)
  func paceAndPitchScaleTheAxes(_ seed: UInt64) {
    var (augment, random) = (Self.none, SplitMix64(seed: seed))
    (augment.pace, augment.pitch) = (0.2, 0.3)
    var ramp = Tensor((0..<60).flatMap { frame in (0..<45).map { Float(100 * frame + $0) } }, shape: [60, 45])
    augment.apply(to: &ramp, random: &random)

    func at(_ frame: Int, _ band: Int) -> Float { ramp.values[frame * 45 + band] }
    let pace = (at(20, 0) - at(0, 0)) / 2_000
    #expect(pace >= 0.8 && pace <= 1.2)
    #expect((0..<40).allSatisfy { abs(at($0, 0) - at(0, 0) - 100 * pace * Float($0)) < 0.1 })
    // Scaled below a third of the bands, shifted above.
    let pitch = (at(0, 10) - at(0, 0)) / 10
    #expect(pitch >= 0.7 && pitch <= 1.3)
    #expect((0..<15).allSatisfy { abs(at(0, $0) - pitch * Float($0)) < 0.1 })
    #expect((15..<40).allSatisfy { abs(at(0, $0) - (Float($0) + 15 * (pitch - 1))) < 0.1 })
  }

  @Test(arguments: UInt64(0)..<20)
  func aGainIsOfAllFramesAlike(_ seed: UInt64) {
    var augment = Self.none
    augment.gain = 0.5
    let differences = zip(applied(augment, seed: seed).values, frames.values).map { $0 - $1 }
    #expect(abs(differences[0]) <= 0.125 && differences.allSatisfy { abs($0 - differences[0]) < 1e-5 })
  }

  /// Each band moves by its own, all frames of it alike, and neighbours by nearly the same.
  @Test(arguments: UInt64(0)..<20)
  func anEqualizerIsOneSmoothCurveOverTheBands(_ seed: UInt64) {
    var augment = Self.none
    augment.equalizer = 0.8
    let moved = zip(applied(augment, seed: seed).values, frames.values).map { $0 - $1 }
    let curve = Array(moved.prefix(40))
    #expect((0..<60).allSatisfy { frame in (0..<40).allSatisfy { abs(moved[frame * 40 + $0] - curve[$0]) < 1e-5 } })
    #expect(curve.allSatisfy { abs($0) <= 0.2 + 1e-5 } && curve.contains { abs($0 - curve[0]) > 1e-3 })
    // Six knots: five straight lines, each of 39 / 5 bands, that rise or fall by 0.4 at most.
    #expect(zip(curve, curve.dropFirst()).allSatisfy { abs($0 - $1) <= 0.4 * 5 / 39 + 1e-5 })
  }

  /// Energies add: what is loud stays, what is quieter than the noise becomes noise, and nothing falls below the floor.
  @Test(arguments: UInt64(0)..<20)
  func noiseFillsTheQuietPlacesAlone(_ seed: UInt64) {
    var (augment, random) = (Self.none, SplitMix64(seed: seed))
    augment.noise = 1
    // Frames in turn loud and as quiet as Whisper's front end lets them be.
    let clean = (0..<60).flatMap { frame in [Float](repeating: frame % 2 == 0 ? 1.5 : -0.5, count: 40) }
    var noisy = Tensor(clean, shape: [60, 40])
    augment.apply(to: &noisy, random: &random)

    func frames(from first: Int) -> [Float] {
      stride(from: first, to: 60, by: 2).flatMap { frame in Array(noisy.values[(frame * 40)..<(frame * 40 + 40)]) }
    }
    let (loud, quiet): ([Float], [Float]) = (frames(from: 0), frames(from: 1))
    // At its loudest the noise is 20 dB below, its colour adds 14, its own movement 8: 2 dB above at the very most.
    #expect(loud.allSatisfy { $0 >= 1.5 && $0 < 1.62 })
    #expect(quiet.allSatisfy { $0 >= -0.5 && $0 < 1.55 } && quiet.contains { $0 > -0.45 })
  }

  @Test func twoEqualEnergiesAreThreeDecibelsMore() {
    let sums: [(Float, Float)] = [(0.5, 0.5), (1, 0.75), (-0.25, 1)]
    for (first, second) in sums {
      let expected = log10(pow(10, 4 * Double(first)) + pow(10, 4 * Double(second))) / 4
      #expect(abs(Double(SteadyNoise.sum(first, second)) - expected) < 1e-5)
      #expect(SteadyNoise.sum(first, second) == SteadyNoise.sum(second, first))
    }
  }

  /// A share of one half is about half of the sounds.
  @Test func soManySoundsGetNoiseAsAreAsked() {
    var augment = Self.none
    augment.noise = 0.5
    let changed = (0..<200).count { applied(augment, seed: UInt64($0)) != frames }
    #expect((70...130).contains(changed))
  }

  @Test(arguments: UInt64(0)..<20)
  func masksAreNoWiderThanTheyMayBe(_ seed: UInt64) {
    var bands = Self.none
    (bands.frequencyMasks, bands.frequencyWidth) = (1, 7)
    let banded = applied(bands, seed: seed)
    let changedBands = (0..<40).filter { band in
      (0..<60).contains { banded.values[$0 * 40 + band] != frames.values[$0 * 40 + band] }
    }
    #expect(changedBands.count <= 7 && changedBands.last.map { $0 - changedBands[0] < 7 } ?? true)
    var times = Self.none
    (times.timeMasks, times.timeShare) = (1, 0.1)
    let timed = applied(times, seed: seed)
    let changed = (0..<60).filter { timed.rows($0..<$0 + 1) != frames.rows($0..<$0 + 1) }
    #expect(changed.count <= 6 && changed.last.map { $0 - changed[0] < 6 } ?? true)
    // What is masked reads like the mean.
    let mean = frames.values.reduce(0, +) / 2_400
    if let frame = changed.first { #expect(timed.rows(frame..<frame + 1).values.allSatisfy { abs($0 - mean) < 1e-3 }) }
  }

  @Test func widestMasksOfTheSmallestSoundsAreNoTrap() {
    let augment = SpecAugment(
      frequencyMasks: 3, frequencyWidth: 128, timeMasks: 3, timeShare: 0.5, shift: 0.5, gain: 4, pitch: 0.5, pace: 0.5,
      equalizer: 4, noise: 1)
    for (rows, columns) in [(0, 40), (1, 40), (2, 2), (3, 128), (2, 1)] {
      for seed in UInt64(0)..<20 {
        var (random, frames) = (SplitMix64(seed: seed), Tensor(shape: [rows, columns]))
        augment.apply(to: &frames, random: &random)
        #expect(frames.shape == [rows, columns] && frames.values.allSatisfy(\.isFinite))
      }
    }
  }
}
