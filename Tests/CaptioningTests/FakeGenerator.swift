import Captioning
import Synchronization

/// A model that says how much of which sound it was given, and keeps what it was asked.
final class FakeGenerator: AudioTextGenerator {
  let model = "fake-7b"
  let revision = "r1"
  let longestSound = 30.0
  let mostTokens = 4_096
  private let answer: @Sendable (AudioTextRequest) -> Result<GeneratedText, AudioTextError>
  private let state = Mutex<[[AudioTextRequest]]>([])

  /// The requests of each call.
  var calls: [[AudioTextRequest]] { state.withLock { $0 } }

  init(_ answer: @escaping @Sendable (AudioTextRequest) -> Result<GeneratedText, AudioTextError> = FakeGenerator.said) {
    self.answer = answer
  }

  func generate(_ requests: [AudioTextRequest], batch: Int) -> [Result<GeneratedText, AudioTextError>] {
    state.withLock { $0.append(requests) }
    return requests.map(answer)
  }

  static let said: @Sendable (AudioTextRequest) -> Result<GeneratedText, AudioTextError> = { request in
    .success(
      GeneratedText(
        text: "\(request.samples.count) samples.", tokens: 2, meanLogProbability: -0.5, finish: .end))
  }
}
