import Tensors

/// The keys and values of a sequence's positions so far, in all layers.
///
/// Sequences that begin alike can share that beginning: ``fork(capacity:)`` starts another one behind it. The shared
/// part is never written to again.
public final class KeyValueCache {
  /// Segments in order of position; all but the last are shared and complete.
  private var segments: [[KeyValueBlock]]
  private let heads: Int
  private let dimension: Int

  /// An empty cache with room for `capacity` positions, which grows when they are used up.
  public init(configuration: DecoderConfiguration, capacity: Int) {
    heads = configuration.keyValueHeads
    dimension = configuration.headDimension
    segments = [
      (0..<configuration.layers).map { [heads, dimension] _ in
        KeyValueBlock(heads: heads, dimension: dimension, capacity: max(1, capacity))
      }
    ]
  }

  private init(behind segments: [[KeyValueBlock]], of cache: KeyValueCache, capacity: Int) {
    heads = cache.heads
    dimension = cache.dimension
    self.segments = segments
    self.segments.append(
      cache.segments[0].map { [heads, dimension] _ in
        KeyValueBlock(heads: heads, dimension: dimension, capacity: max(1, capacity))
      })
  }

  /// The number of positions held.
  public var count: Int { segments.reduce(0) { $0 + ($1.first?.count ?? 0) } }

  /// The memory of the part that is not shared, bytes.
  public var ownBytes: Int { segments.last?.reduce(0) { $0 + $1.byteCount } ?? 0 }

  /// A sequence that goes on where this one stands; this one must not grow as long as the new one is in use.
  public func fork(capacity: Int) -> KeyValueCache { KeyValueCache(behind: segments, of: self, capacity: capacity) }

  /// A sequence that begins with the first `position` positions of this one and goes its own way from there.
  public func fork(at position: Int, capacity: Int) -> KeyValueCache {
    var shared: [[KeyValueBlock]] = []
    var left = position
    for segment in segments where left > 0 {
      let count = min(left, segment.first?.count ?? 0)
      shared.append(count == segment.first?.count ? segment : segment.map { $0.prefix(count) })
      left -= count
    }
    precondition(left == 0, "a fork at \(position) of \(count) positions")
    return KeyValueCache(behind: shared, of: self, capacity: capacity)
  }

  func blocks(ofLayer layer: Int) -> [KeyValueBlock] { segments.map { $0[layer] } }
}

/// Rows of a batch that belong to one sequence, and that sequence's cache.
struct DecoderRows {
  var rows: Range<Int>
  var cache: KeyValueCache
}
