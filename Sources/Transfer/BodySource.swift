/// The body of a POST, given a piece at a time while it is sent, instead of memory.
///
/// `read` is called on the client's one thread: what it takes long for holds up every other transfer. It fills the
/// buffer with what begins at the offset and returns how many bytes that were; fewer than fit are fine, none or less
/// ends the transfer with `TransferError.unreadableBody`. A body that has to be sent again is read again.
public struct BodySource: Sendable {
  /// Bytes in all.
  public let size: Int
  private let reading: @Sendable (UnsafeMutableRawBufferPointer, Int) -> Int

  public init(size: Int, read: @escaping @Sendable (UnsafeMutableRawBufferPointer, Int) -> Int) {
    self.size = size
    reading = read
  }

  /// Fills `buffer` with what begins at `offset`; returns how many bytes that were.
  public func read(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int { reading(buffer, offset) }
}
