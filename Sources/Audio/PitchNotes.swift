import Foundation

/// Stretches of nearly one pitch within a track: notes, held vowels, and steps of a glide.
struct PitchNotes {
  private struct Note {
    let blocks: Range<Int>
    /// Mean pitch, semitones above 1 Hz.
    let semitones: Float
  }

  /// Blocks this far from the mean of a stretch begin a new one.
  private static let widthSemitones: Float = 0.6
  /// A note lasts 80 ms; what is shorter has no pitch to compare with.
  private static let shortestNote = 8
  /// Undertones deviate this little from a whole fraction, semitones.
  private static let undertoneTolerance: Float = 0.5

  private let all: [Note]

  init(_ track: PitchTrack) {
    let semitones = track.hertz.map { $0 > 0 ? 12 * log2($0) : 0 }
    all = track.segments.flatMap { Self.notes(in: $0, of: semitones) }
  }

  /// Stretches at a whole fraction of the pitch beside them: two notes that sound together, one dying away, repeat at
  /// the period that both fit in, which is not heard as a note.
  var undertones: [Range<Int>] {
    all.indices.compactMap { index in
      let before = index > 0 ? isUndertone(all[index], of: all[index - 1]) : nil
      let after = index + 1 < all.count ? isUndertone(all[index], of: all[index + 1]) : nil
      let isBelow = (before != nil || after != nil) && before?.isBelow != false && after?.isBelow != false
      return isBelow && (before?.fits == true || after?.fits == true) ? all[index].blocks : nil
    }
  }

  /// Whether `note` lies far below `other`, and at a fraction of it; a half only if it is too short for a note.
  private func isUndertone(_ note: Note, of other: Note) -> (isBelow: Bool, fits: Bool) {
    let interval = other.semitones - note.semitones
    let fraction = exp2(interval / 12).rounded()
    let isShort = note.blocks.count < Self.shortestNote
    let fits = fraction <= 8 && abs(interval - 12 * log2(fraction)) < Self.undertoneTolerance
    return (interval > 10, fits && fraction >= (isShort ? 2 : 3))
  }

  private static func notes(in segment: Range<Int>, of semitones: [Float]) -> [Note] {
    var notes: [Note] = []
    var (start, sum): (Int, Float) = (segment.lowerBound, 0)
    for block in segment {
      if block > start, abs(semitones[block] - sum / Float(block - start)) > widthSemitones {
        notes.append(note(start..<block, of: semitones))
        (start, sum) = (block, 0)
      }
      sum += semitones[block]
    }
    notes.append(note(start..<segment.upperBound, of: semitones))
    return notes
  }

  private static func note(_ blocks: Range<Int>, of semitones: [Float]) -> Note {
    Note(blocks: blocks, semitones: semitones[blocks].reduce(0, +) / Float(max(1, blocks.count)))
  }
}
