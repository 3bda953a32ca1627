import Synchronization
import Tensors

/// Two recordings of a set that match.
public struct FingerprintPair: Sendable, Equatable {
  /// Places in the set; `first` is the lower one.
  public var first: Int
  public var second: Int
  /// Offsets are those of the second in the first.
  public var match: FingerprintMatch
}

/// Recordings that are compared with each other.
///
/// Only a block of them is in an index at any time, and the whole set is looked for in it: besides the fingerprints, 250
/// bytes a second, the search takes the same memory for a million recordings as for some ten thousand.
public struct FingerprintSet: Sendable {
  public let fingerprints: [AudioFingerprint]
  private let framesAtOnce: Int

  /// Frames of a block: about 150 hours, which make 30 million words and take less than 500 MB.
  public static let usualFramesAtOnce = 1 << 24

  /// Less than 2^32 recordings.
  public init(_ fingerprints: [AudioFingerprint], framesAtOnce: Int = usualFramesAtOnce) {
    self.fingerprints = fingerprints
    self.framesAtOnce = framesAtOnce
  }

  /// All pairs that match, in order, found on all cores.
  ///
  /// Where more than 256 recordings share a word, as all copies of one recording do, not every pair is there, but each
  /// recording is paired with many of the following ones.
  public func pairs() -> [FingerprintPair] {
    let found = Mutex<[FingerprintPair]>([])
    forEachPairs { pairs in found.withLock { $0 += pairs } }
    return found.withLock { $0 }.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  /// Calls `body` with an index of one block after another; what they find are places in the set.
  public func forEachIndex(_ body: (FingerprintIndex) throws -> Void) rethrows {
    for block in blocks() { try body(FingerprintIndex(fingerprints, items: block)) }
  }

  /// Calls `body` with all pairs, some at a time, from all cores.
  func forEachPairs(_ body: @Sendable ([FingerprintPair]) -> Void) {
    forEachIndex { index in
      let first = index.items.lowerBound
      Parallel.forEach(fingerprints.count - first, grain: 16) { range in
        let found = range.flatMap { pairs(of: first + $0, with: index) }
        if !found.isEmpty { body(found) }
      }
    }
  }

  /// The pairs of a recording with those of the index that come after it, or with all where it is not among them.
  private func pairs(of item: Int, with index: FingerprintIndex) -> [FingerprintPair] {
    let isOwn = index.items.contains(item)
    let range = isOwn ? item + 1..<index.items.upperBound : index.items
    return index.matches(of: fingerprints[item], in: range).map { hit in
      isOwn
        ? FingerprintPair(first: item, second: hit.item, match: hit.match)
        : FingerprintPair(first: hit.item, second: item, match: hit.match.reversed)
    }
  }

  /// Ranges of recordings that follow each other, of no more frames than are taken at once, or of one recording.
  private func blocks() -> [Range<Int>] {
    var blocks: [Range<Int>] = []
    var (start, frames) = (0, 0)
    for (place, fingerprint) in fingerprints.enumerated() {
      let own = fingerprint.frames.count
      if frames + own > framesAtOnce && place > start {
        blocks.append(start..<place)
        (start, frames) = (place, 0)
      }
      frames += own
    }
    return start < fingerprints.count ? blocks + [start..<fingerprints.count] : blocks
  }
}
