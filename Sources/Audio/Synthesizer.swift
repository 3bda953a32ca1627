/// A labelled clip that the synthesizer made, with what is true of it by construction.
public struct SynthClip: Sendable {
  /// A file stem of letters, digits and hyphens that does not give the label away: "clip-00042".
  public let name: String
  /// What is heard; two labels for a scene.
  public let labels: [String]
  /// Parameters of the sound: "events", "pitch_hz", "tempo_bpm", ... Lists are separated by spaces.
  public let metadata: [(key: String, value: String)]
  /// Mono samples at ``Waveform/modelRate``, 1 to 6 seconds of them.
  public let waveform: Waveform
}

/// Makes labelled demo clips: the same for the same seed on every machine, each independent of how many are made.
///
/// Of every 12 clips in a row from the start, 8 hold one sound of each kind, and 4 are scenes of two sounds in which
/// each kind appears once: so every label is equally frequent.
public struct Synthesizer: Sendable {
  /// The labels that clips have.
  public static let labels = SynthKind.allCases.map(\.rawValue)

  private let seed: UInt64

  /// A synthesizer whose clips follow from `seed`.
  public init(seed: UInt64) { self.seed = seed }

  /// The first `count` clips, made as they are asked for.
  public func clips(count: Int) -> some Sequence<SynthClip> {
    (0..<max(0, count)).lazy.map { clip(at: $0) }
  }

  /// Clip `index`, counted from 0.
  public func clip(at index: Int) -> SynthClip {
    precondition(index >= 0, "clips are counted from 0")
    let kinds = plan(block: index / Self.blockSize)[index % Self.blockSize]
    var random = SplitMix64(seed: seed, index: UInt64(index))
    let take = kinds.count == 1 ? kinds[0].take(longest: 6, using: &random) : scene(of: kinds, using: &random)
    let number = String(index + 1)
    return SynthClip(
      name: "clip-" + String(repeating: "0", count: max(0, 5 - number.count)) + number,
      labels: kinds.map(\.rawValue),
      metadata: [
        ("seconds", SynthMath.text(take.seconds, decimals: 2)), ("events", String(take.onsets.count)),
        ("onsets_s", SynthMath.text(take.onsets, decimals: 2)),
      ] + take.facts,
      waveform: recorded(take, using: &random))
  }

  private static let blockSize = SynthKind.allCases.count * 3 / 2

  /// The kinds of the clips of a block, in their order.
  private func plan(block: Int) -> [[SynthKind]] {
    // The complement keeps the numbers of blocks apart from those of clips.
    var random = SplitMix64(seed: seed, index: ~UInt64(block))
    let partners = random.shuffled(SynthKind.allCases)
    let scenes = stride(from: 0, to: partners.count, by: 2).map { [partners[$0], partners[$0 + 1]] }
    return random.shuffled(SynthKind.allCases.map { [$0] } + scenes)
  }

  /// Two sounds, one after the other or over each other.
  private func scene(of kinds: [SynthKind], using random: inout SplitMix64) -> SynthTake {
    let together = random.index(below: 2) == 0
    let takes = kinds.map { normalized($0.take(longest: together ? 5 : 2.8, using: &random), peak: 1) }
    let start = together ? random.uniform(0.1...0.8) : takes[0].seconds + random.uniform(0.1...0.3)
    var scene = takes[0]
    scene.mix(takes[1].samples, at: start, gain: random.uniform(0.6...1))
    scene.onsets = (takes[0].onsets + takes[1].onsets.map { $0 + start }).sorted()
    scene.facts = [
      ("arrangement", together ? "together" : "in turn"), ("first", kinds[0].rawValue), ("second", kinds[1].rawValue),
    ]
    return scene
  }

  /// The take as a microphone would give it: at a level of its own, over a faint hiss.
  private func recorded(_ take: SynthTake, using random: inout SplitMix64) -> Waveform {
    let peak = SynthMath.amplitude(decibels: random.uniform(-14 ... -1))
    let hiss = SynthMath.amplitude(decibels: random.uniform(-76 ... -66))
    let samples = normalized(take, peak: peak).samples.map { Float($0 + hiss * random.uniform(-1...1)) }
    return Waveform(samples: samples, sampleRate: Waveform.modelRate)
  }

  private func normalized(_ take: SynthTake, peak: Double) -> SynthTake {
    let loudest = take.samples.reduce(0) { max($0, $1.magnitude) }
    guard loudest > 0 else { return take }
    var take = take
    take.samples = take.samples.map { $0 * (peak / loudest) }
    return take
  }
}
