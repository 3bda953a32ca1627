import Glibc

/// Memory of our own that starts at a 64-byte boundary.
///
/// @unchecked because it is written only before it is shared.
final class AlignedAllocation: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer

  /// Bytes without values.
  init(count: Int) {
    bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
  }

  deinit { bytes.deallocate() }

  /// The bytes, to read from now on.
  var stored: StoredBytes { StoredBytes(UnsafeRawBufferPointer(bytes), owner: self) }
}

extension StoredBytes {
  /// Bytes that `fill` writes, every one of them.
  static func filled(count: Int, by fill: (UnsafeMutableRawBufferPointer) -> Void) -> StoredBytes {
    let allocation = AlignedAllocation(count: count)
    fill(allocation.bytes)
    return allocation.stored
  }

  /// The same bytes at a 64-byte boundary.
  static func copy(of bytes: UnsafeRawBufferPointer) -> StoredBytes {
    filled(count: bytes.count) { $0.copyMemory(from: bytes) }
  }
}
