import Foundation

/// The pitch of each block of a clip, along the most plausible path through its candidates.
///
/// The path and its costs are those of Boersma, "Accurate short-term analysis of the fundamental frequency of periodic
/// sounds" (Proc. Institute of Phonetic Sciences 17, Amsterdam, 1993), section 2.1.
struct PitchTrack {
  /// Blocks less clear than this have no pitch. Boersma's 0.45 is for clean voices; outdoors, wind and rain reach 0.5.
  static let voicingThreshold: Float = 0.6
  /// Highest pitch: beyond the top of a piano the ear hears no notes.
  static let highestHz: Float = 5_000
  /// The cost of a jump by an octave between blocks, as in Praat.
  private static let octaveJumpCost: Float = 0.35
  /// The cost of beginning or ending a pitch, as in Praat.
  private static let voicingChangeCost: Float = 0.14
  /// Shorter stretches are chance.
  private static let shortestSegment = 5

  /// Hz for each block, 0 where there is no pitch.
  private(set) var hertz: [Float]
  /// The best candidate's likeness of one period to the next, 0...1, for each block; 0 where it is silent.
  private(set) var clarity: [Float]
  /// Stretches of sounding blocks.
  let sounding: [Range<Int>]

  init(_ samples: [Float], loudness: Loudness) {
    hertz = [Float](repeating: 0, count: loudness.isSounding.count)
    clarity = hertz
    sounding = loudness.isSounding.ranges()
    var (steady, gliding) = (PitchCandidates(.steady), PitchCandidates(.gliding))
    for blocks in sounding {
      let candidates = blocks.map { block in
        let middle = block * Loudness.blockSize + Loudness.blockSize / 2
        let found = steady.find(in: samples, around: middle)
        let isClear = found.contains { $0.clarity >= Self.voicingThreshold }
        return isClear ? found : gliding.find(in: samples, around: middle) + found
      }
      for (block, found) in zip(blocks, candidates) { clarity[block] = found.map(\.clarity).max() ?? 0 }
      for (block, pitch) in zip(blocks, Self.bestPath(candidates)) {
        hertz[block] = pitch <= Self.highestHz ? pitch : 0
      }
    }
    silence(PitchNotes(self).undertones)
    silence(segments.filter { $0.count < Self.shortestSegment })
  }

  private mutating func silence(_ stretches: [Range<Int>]) {
    for block in stretches.joined() { hertz[block] = 0 }
  }

  /// Stretches of blocks that have a pitch, none of which contains a silence.
  var segments: [Range<Int>] { hertz.map { $0 > 0 }.ranges() }

  /// The path of greatest strength less cost (Viterbi); 0 for no pitch.
  private static func bestPath(_ frames: [[PitchCandidates.Candidate]]) -> [Float] {
    var choices: [[Choice]] = []
    for candidates in frames {
      let previous = choices.last ?? []
      let unvoiced = Choice(pitch: 0, strength: voicingThreshold, after: previous)
      choices.append([unvoiced] + candidates.map { Choice(pitch: $0.hertz, strength: $0.strength, after: previous) })
    }
    var path: [Float] = []
    var index = choices.last?.indices.max { (choices.last?[$0].total ?? 0) < (choices.last?[$1].total ?? 0) } ?? 0
    for frame in choices.reversed() {
      path.append(frame[index].pitch)
      index = frame[index].origin
    }
    return path.reversed()
  }

  /// A candidate with the best way to it.
  private struct Choice {
    let pitch: Float
    let logPitch: Float
    let total: Float
    /// Index among the choices of the frame before.
    let origin: Int

    init(pitch: Float, strength: Float, after previous: [Choice]) {
      self.pitch = pitch
      logPitch = pitch > 0 ? log2(pitch) : 0
      var (best, origin) = (-Float.infinity, 0)
      for (index, choice) in previous.enumerated() {
        let total = choice.total - Self.cost(from: choice, to: (pitch, logPitch))
        if total > best { (best, origin) = (total, index) }
      }
      total = strength + (previous.isEmpty ? 0 : best)
      self.origin = origin
    }

    private static func cost(from choice: Choice, to next: (pitch: Float, log: Float)) -> Float {
      switch (choice.pitch > 0, next.pitch > 0) {
      case (true, true): octaveJumpCost * abs(choice.logPitch - next.log)
      case (false, false): 0
      default: voicingChangeCost
      }
    }
  }
}

extension [Bool] {
  /// Stretches of `true`.
  func ranges() -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start: Int?
    for (index, isIn) in enumerated() {
      if isIn, start == nil { start = index }
      if !isIn, let first = start {
        found.append(first..<index)
        start = nil
      }
    }
    if let start { found.append(start..<count) }
    return found
  }
}
