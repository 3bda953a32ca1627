/// Read-only bytes and what keeps them in memory: a mapped file or an allocation.
///
/// @unchecked because nobody writes to the bytes while the owner lives.
public struct StoredBytes: @unchecked Sendable {
  /// The bytes, there as long as this value.
  public let bytes: UnsafeRawBufferPointer
  private let owner: any AnyObject & Sendable

  /// `bytes`, which have to stay where they are, unchanged, as long as `owner` lives.
  public init(_ bytes: UnsafeRawBufferPointer, owner: any AnyObject & Sendable) {
    self.bytes = bytes
    self.owner = owner
  }

  /// A part of the bytes, which keeps the whole in memory.
  public subscript(range: Range<Int>) -> StoredBytes {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "bytes \(range) of \(bytes.count)")
    return StoredBytes(UnsafeRawBufferPointer(rebasing: bytes[range]), owner: owner)
  }
}
