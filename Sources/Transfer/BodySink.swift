/// Takes the body of an answer as it comes, instead of memory.
///
/// Both functions are called on the client's one thread, one after the other: what they take long for holds up every
/// other transfer.
public struct BodySink: Sendable {
  /// Whether the body of the answer with this head is wanted here; else it is collected in the response as ever. Not
  /// asked about an answer without a body.
  let takes: @Sendable (HTTPResponse) -> Bool
  /// Takes the next bytes, which are gone afterwards; false ends the transfer with `TransferError.cancelled`.
  let receive: @Sendable (UnsafeRawBufferPointer) -> Bool

  public init(
    takes: @escaping @Sendable (HTTPResponse) -> Bool, receive: @escaping @Sendable (UnsafeRawBufferPointer) -> Bool
  ) {
    self.takes = takes
    self.receive = receive
  }
}
