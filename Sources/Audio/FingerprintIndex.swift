/// Finds which of many recordings are the same as a given one, without comparing with each of them.
///
/// An inverted file of ``FingerprintWord``s: what shares a word at some offset is looked at closer there. Holds 12 bytes
/// for each word, about 40 words a second, besides the fingerprints.
public struct FingerprintIndex: Sendable {
  /// A recording of the index and how it lies on the one that was looked for.
  public struct Hit: Sendable, Equatable {
    /// The recording's place in ``fingerprints``.
    public var item: Int
    /// Offsets are those of the item in the recording that was looked for.
    public var match: FingerprintMatch
  }

  /// The recordings, those that tell too little included.
  public let fingerprints: [AudioFingerprint]

  /// In order of words, then of items; those of equal leading bits of their words from `starts[bits]` on.
  private let shift: UInt32
  private let starts: [Int]
  private let postings: [Posting]

  private struct Posting: Comparable {
    var word: UInt32
    var item: UInt32
    var frame: UInt32

    static func < (one: Posting, other: Posting) -> Bool {
      (one.word, one.item, one.frame) < (other.word, other.item, other.frame)
    }
  }

  /// What lies closer is looked at only where this many frames around a common word agree this much.
  private static let reach = 12
  private static let leastLikeness = 0.25
  /// Of a word that very many recordings have, as many postings are looked at; they have other words in common too.
  private static let mostPostings = 256

  /// An index of these recordings, of which there are less than 2^32.
  public init(_ fingerprints: [AudioFingerprint]) {
    self.fingerprints = fingerprints
    var total = 0
    Self.forEach(in: fingerprints) { _, _ in total += 1 }
    let shift = Self.shift(postings: total)
    var starts = [Int](repeating: 0, count: (1 << Int(32 - shift)) + 1)
    Self.forEach(in: fingerprints) { _, word in starts[Int(word.word >> shift) + 1] += 1 }
    for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
    postings = [Posting](unsafeUninitializedCapacity: total) { buffer, count in
      Self.fill(buffer, with: fingerprints, starts: starts, shift: shift)
      count = total
    }
    self.shift = shift
    self.starts = starts
  }

  /// Four postings to a bucket, so that its beginning takes less room than they do.
  private static func shift(postings: Int) -> UInt32 {
    let bits = Int.bitWidth - (postings / 4).leadingZeroBitCount
    return 32 - UInt32(min(max(bits, 1), 28))
  }

  private static func fill(
    _ buffer: UnsafeMutableBufferPointer<Posting>, with fingerprints: [AudioFingerprint], starts: [Int], shift: UInt32
  ) {
    var next = starts
    forEach(in: fingerprints) { item, word in
      let bucket = Int(word.word >> shift)
      buffer.initializeElement(
        at: next[bucket], to: Posting(word: word.word, item: UInt32(item), frame: UInt32(word.frame)))
      next[bucket] += 1
    }
    for (start, end) in zip(starts, starts.dropFirst()) where end - start > 1 {
      var bucket = UnsafeMutableBufferPointer(rebasing: buffer[start..<end])
      bucket.sort()
    }
  }

  /// Words that the index holds.
  public var wordCount: Int { postings.count }

  /// The recordings that match `fingerprint`, in order of their places, from place `first` on.
  ///
  /// Which recordings are found does not depend on the others, but where more than 256 share a word.
  public func matches(of fingerprint: AudioFingerprint, from first: Int = 0) -> [Hit] {
    guard fingerprint.tellsEnough else { return [] }
    var lyings: [Lying] = []
    FingerprintWord.forEach(in: fingerprint.frames) { word in
      collect(word, in: fingerprint, from: first, into: &lyings)
    }
    lyings.sort()
    return hits(lyings, in: fingerprint)
  }

  /// A recording whose first frame may lie upon a frame of the one looked for.
  private struct Lying: Comparable {
    var item: Int
    var offset: Int

    static func < (one: Lying, other: Lying) -> Bool {
      (one.item, one.offset) < (other.item, other.offset)
    }
  }

  private func collect(
    _ word: FingerprintWord, in fingerprint: AudioFingerprint, from first: Int, into lyings: inout [Lying]
  ) {
    let bucket = Int(word.word >> shift)
    let sought = Posting(word: word.word, item: UInt32(first), frame: 0)
    let start = Self.lowerBound(of: sought, in: postings, starts[bucket]..<starts[bucket + 1])
    for posting in postings[start..<min(start + Self.mostPostings, starts[bucket + 1])] {
      guard posting.word == word.word else { break }
      let lying = Lying(item: Int(posting.item), offset: word.frame - Int(posting.frame))
      // Neighbouring words of copies lie the same.
      if lyings.last != lying && agrees(lying, with: fingerprint, around: word.frame) { lyings.append(lying) }
    }
  }

  /// The first place in `range` whose posting is not before `sought`.
  private static func lowerBound(of sought: Posting, in postings: [Posting], _ range: Range<Int>) -> Int {
    var range = range
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = postings[middle] < sought ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }

  private func agrees(_ lying: Lying, with fingerprint: AudioFingerprint, around frame: Int) -> Bool {
    let other = fingerprints[lying.item]
    let near = (frame - Self.reach..<frame + Self.reach).clamped(to: fingerprint.overlap(other, atFrame: lying.offset))
    return fingerprint.similarity(other, near, atFrame: lying.offset) >= Self.leastLikeness
  }

  /// The best match with each item of `lyings`, which are in order.
  private func hits(_ lyings: [Lying], in fingerprint: AudioFingerprint) -> [Hit] {
    var hits: [Hit] = []
    var before: Lying?
    for lying in lyings where lying != before {
      before = lying
      guard fingerprints[lying.item].tellsEnough else { continue }
      // Words may be a frame off where a copy's frames fall between the original's.
      for offset in lying.offset - 1...lying.offset + 1 {
        let best = hits.last?.item == lying.item ? hits.last?.match : nil
        guard let match = fingerprint.lying(fingerprints[lying.item], atFrame: offset, above: best), match.isMatch
        else { continue }
        if best != nil { hits.removeLast() }
        hits.append(Hit(item: lying.item, match: match))
      }
    }
    return hits
  }

  private static func forEach(in fingerprints: [AudioFingerprint], _ body: (Int, FingerprintWord) -> Void) {
    for (item, fingerprint) in fingerprints.enumerated() where fingerprint.tellsEnough {
      FingerprintWord.forEach(in: fingerprint.frames) { body(item, $0) }
    }
  }
}
