/// Finds which of many recordings are the same as a given one, without comparing with each of them.
///
/// An inverted file of ``FingerprintWord``s: what shares a word at some offset is looked at closer there. Takes 14 to 16
/// bytes for each word, about 50 words a second, besides the fingerprints; ``FingerprintSet`` makes do with a few at a time.
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
  /// The places of those that are found.
  let items: Range<Int>

  /// In order of words, then of items; those of equal leading bits of their words from `starts[bits]` on.
  private let shift: UInt32
  private let starts: [UInt32]
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

  /// An index of these recordings. They and their words are less than 2^32.
  public init(_ fingerprints: [AudioFingerprint]) {
    self.init(fingerprints, items: fingerprints.indices)
  }

  /// An index of those of the recordings whose places are `items`.
  init(_ fingerprints: [AudioFingerprint], items: Range<Int>) {
    self.fingerprints = fingerprints
    self.items = items
    var total = 0
    Self.forEach(items, in: fingerprints) { _, _ in total += 1 }
    let shift = Self.shift(postings: total)
    var starts = [UInt32](repeating: 0, count: (1 << Int(32 - shift)) + 1)
    Self.forEach(items, in: fingerprints) { _, word in starts[Int(word.word >> shift) + 1] += 1 }
    for bucket in 1..<starts.count { starts[bucket] += starts[bucket - 1] }
    postings = [Posting](unsafeUninitializedCapacity: total) { buffer, count in
      Self.fill(buffer, with: items, of: fingerprints, starts: starts, shift: shift)
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
    _ buffer: UnsafeMutableBufferPointer<Posting>, with items: Range<Int>, of fingerprints: [AudioFingerprint],
    starts: [UInt32], shift: UInt32
  ) {
    var next = starts
    forEach(items, in: fingerprints) { item, word in
      let bucket = Int(word.word >> shift)
      buffer.initializeElement(
        at: Int(next[bucket]), to: Posting(word: word.word, item: UInt32(item), frame: UInt32(word.frame)))
      next[bucket] += 1
    }
    for (start, end) in zip(starts, starts.dropFirst()) where end - start > 1 {
      sort(UnsafeMutableBufferPointer(rebasing: buffer[Int(start)..<Int(end)]))
    }
  }

  /// Nearly all buckets have a few postings, in order but for their words.
  private static func sort(_ bucket: UnsafeMutableBufferPointer<Posting>) {
    guard bucket.count <= 32 else {
      var bucket = bucket
      return bucket.sort()
    }
    for end in 1..<bucket.count {
      let posting = bucket[end]
      var place = end
      while place > 0 && posting.word < bucket[place - 1].word {
        bucket[place] = bucket[place - 1]
        place -= 1
      }
      bucket[place] = posting
    }
  }

  /// Words that the index holds.
  public var wordCount: Int { postings.count }

  /// The recordings that match `fingerprint`, in order of their places.
  ///
  /// Which recordings are found does not depend on the others, but where more than 256 share a word.
  public func matches(of fingerprint: AudioFingerprint) -> [Hit] {
    matches(of: fingerprint, in: items)
  }

  /// Those whose places are in `range`.
  func matches(of fingerprint: AudioFingerprint, in range: Range<Int>) -> [Hit] {
    guard fingerprint.tellsEnough, !range.isEmpty else { return [] }
    var lyings: [Lying] = []
    FingerprintWord.forEach(in: fingerprint.frames) { word in
      collect(word, in: fingerprint, range, into: &lyings)
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
    _ word: FingerprintWord, in fingerprint: AudioFingerprint, _ range: Range<Int>, into lyings: inout [Lying]
  ) {
    let bucket = Int(word.word >> shift)
    let (first, end) = (Int(starts[bucket]), Int(starts[bucket + 1]))
    let sought = Posting(word: word.word, item: UInt32(range.lowerBound), frame: 0)
    let start = Self.lowerBound(of: sought, in: postings, first..<end)
    for posting in postings[start..<min(start + Self.mostPostings, end)] {
      guard posting.word == word.word, posting.item < range.upperBound else { break }
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

  private static func forEach(
    _ items: Range<Int>, in fingerprints: [AudioFingerprint], _ body: (Int, FingerprintWord) -> Void
  ) {
    for item in items where fingerprints[item].tellsEnough {
      FingerprintWord.forEach(in: fingerprints[item].frames) { body(item, $0) }
    }
  }
}
