/// Something that happens to one attempt at a request. That it was answered shows in `ChatClient.send` returning.
public struct AttemptEvent: Sendable {
  public enum Happening: Sendable, Equatable {
    /// The request goes out as soon as the one who is told returns.
    case sending
    case failed(AttemptFailure)
  }

  /// Counts up from 1 within one `send`; `RawResponse.attempts` is the number of the one that was answered.
  public let number: Int
  /// What this attempt asks for.
  public let output: StructuredOutput
  public let happening: Happening
}

/// Told of each attempt. What it throws keeps the request from going out, or from being made again.
public typealias AttemptHook = @Sendable (AttemptEvent) async throws -> Void
