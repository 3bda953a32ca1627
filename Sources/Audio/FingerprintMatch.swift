import CKernels

/// How two recordings lie upon each other where they are the same one.
public struct FingerprintMatch: Sendable, Equatable {
  /// What of the two is the same.
  public enum Extent: String, Sendable {
    /// All or most of the shorter one: they are one recording, or one is an excerpt of the other.
    case recording
    /// A part of either, as of neighbouring windows of one recording.
    case part
  }

  /// How far the signs agree where the two lie upon each other: 1 for the same samples, 0 for others.
  ///
  /// It is (e - 8 o) / sqrt(a b) of the signs that are set in the one (a), in the other (b), in both and equal (e), and
  /// in both and opposite (o); the cosine but for the 8. Coders make signs appear and disappear, but turn hardly any
  /// round; a bird that sings its song again does.
  public var similarity: Double
  /// Where the second begins in the first, in seconds; negative where the first begins later.
  public var offset: Double
  /// How long they lie upon each other, in seconds.
  public var overlap: Double
  /// Stretches of equal signs in what lies upon each other, of the one that has fewer.
  public var information: Int
  public var extent: Extent

  // Found by measurement (docs/fingerprint.md).
  /// A second, of frames that lie upon each other.
  static let fewestFrames = 22
  static let leastInformation = 32
  /// Of the shorter one's frames, for the two to be the same recording.
  static let leastShare = 0.75
  /// What tells less has to agree more: the similarity is above 0.5 + 3 / sqrt(information).
  static let leastSimilarity = 0.5
  static let similarityOfInformation = 3.0
  static let weightOfOpposites = 8.0
  /// Frames and similarity of a part. Rendered music repeats its notes to the sample.
  static let fewestFramesOfPart = 125
  static let leastSimilarityOfPart = 0.75

  /// Whether this is enough to say that the two are the same.
  var isMatch: Bool {
    guard information >= Self.leastInformation else { return false }
    let least = Self.leastSimilarity + Self.similarityOfInformation / Double(information).squareRoot()
    return similarity >= (extent == .recording ? least : max(least, Self.leastSimilarityOfPart))
  }

  /// The same, with the two recordings exchanged.
  var reversed: FingerprintMatch {
    var reversed = self
    reversed.offset = 0 - offset
    return reversed
  }

  /// Whether `other` is the better account of how the two recordings lie.
  func isWeaker(than other: FingerprintMatch) -> Bool {
    extent == other.extent ? similarity < other.similarity : extent == .part
  }
}

extension AudioFingerprint {
  /// The best match with `other` over all offsets; nil where they are different recordings, or too little is known.
  ///
  /// Takes time in proportion to the product of the lengths.
  public func match(_ other: AudioFingerprint) -> FingerprintMatch? {
    guard tellsEnough, other.tellsEnough else { return nil }
    return best(with: other) { $0.isMatch }
  }

  /// How `other` lies upon most of this one, or this one on most of it, with the greatest similarity, however small:
  /// what ``match(_:)`` decides on. Nil where what lies upon each other tells too little at all offsets.
  public func likeness(to other: AudioFingerprint) -> FingerprintMatch? {
    best(with: other) { $0.extent == .recording && $0.information >= FingerprintMatch.leastInformation }
  }

  private func best(
    with other: AudioFingerprint, where isWanted: (FingerprintMatch) -> Bool
  ) -> FingerprintMatch? {
    let least = FingerprintMatch.fewestFrames
    guard frames.count >= least, other.frames.count >= least else { return nil }
    var best: FingerprintMatch?
    for offset in (least - other.frames.count)...(frames.count - least) {
      guard let lying = lying(other, atFrame: offset, above: best), isWanted(lying) else { continue }
      best = lying
    }
    return best
  }

  /// How `other` lies with its first frame upon frame `offset`; nil where that is too short for any match, or no better
  /// than `best`.
  func lying(_ other: AudioFingerprint, atFrame offset: Int, above best: FingerprintMatch? = nil) -> FingerprintMatch? {
    let overlap = overlap(other, atFrame: offset)
    let isMost = Double(overlap.count) >= FingerprintMatch.leastShare * Double(min(frames.count, other.frames.count))
    guard overlap.count >= (isMost ? FingerprintMatch.fewestFrames : FingerprintMatch.fewestFramesOfPart) else {
      return nil
    }
    var lying = FingerprintMatch(
      similarity: similarity(other, overlap, atFrame: offset), offset: Double(offset) * Self.frameSeconds,
      overlap: Self.seconds(frames: overlap.count), information: 0, extent: isMost ? .recording : .part)
    if let best, !best.isWeaker(than: lying) { return nil }
    let shifted = overlap.lowerBound - offset..<overlap.upperBound - offset
    lying.information = min(Self.information(of: frames[overlap]), Self.information(of: other.frames[shifted]))
    return lying
  }

  /// The frames of this one that the other's lie upon.
  func overlap(_ other: AudioFingerprint, atFrame offset: Int) -> Range<Int> {
    let lower = max(0, offset)
    return lower..<max(lower, min(frames.count, offset + other.frames.count))
  }

  /// How far the frames in `range` agree with those of `other` that lie upon them; 0 where one has no signs.
  func similarity(_ other: AudioFingerprint, _ range: Range<Int>, atFrame offset: Int) -> Double {
    let counts = frames.withUnsafeBufferPointer { own in
      other.frames.withUnsafeBufferPointer { others in
        guard let own = own.baseAddress, let others = others.baseAddress, !range.isEmpty else {
          return ckernels_sign_counts()
        }
        return ckernels_compare_signs(own + range.lowerBound, others + (range.lowerBound - offset), range.count)
      }
    }
    guard counts.first > 0, counts.second > 0 else { return 0 }
    let agreement = Double(counts.equal) - FingerprintMatch.weightOfOpposites * Double(counts.opposite)
    return max(0, agreement / (Double(counts.first) * Double(counts.second)).squareRoot())
  }
}
