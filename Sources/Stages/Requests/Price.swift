import Pipelines
import Store

/// US dollars for a million tokens, where the pipeline file gives them.
struct Price: Sendable, Equatable {
  var input: Double?
  var output: Double?
  /// Of the tokens that stand for sound.
  var audio: Double?
  /// What part of that requests in batches cost.
  private var batchShare = 1.0

  init(input: Double? = nil, output: Double? = nil, audio: Double? = nil) {
    (self.input, self.output, self.audio) = (input, output, audio)
  }

  init(_ section: Section) throws {
    input = try section.optionalDouble("input", in: 0...1_000_000)
    output = try section.optionalDouble("output", in: 0...1_000_000)
    audio = try section.optionalDouble("audio", in: 0...1_000_000)
    batchShare = try section.double("batch", in: 0...1, default: 1)
  }

  /// The price of requests in batches.
  var inBatches: Price {
    Price(
      input: input.map { $0 * batchShare }, output: output.map { $0 * batchShare }, audio: audio.map { $0 * batchShare }
    )
  }

  /// Whether all that a request has is priced: both its sides, and the sound in it.
  func isKnown(withAudio: Bool = false) -> Bool { input != nil && output != nil && (audio != nil || !withAudio) }

  /// What so many tokens cost; `audio` of the prompt's stand for sound.
  func charge(prompt: Int, audio audioTokens: Int = 0, completion: Int) -> Charge {
    var charge = Charge(tokens: prompt + completion)
    if let input, let output {
      let text = Double(prompt - audioTokens) * input + Double(completion) * output
      charge.usd = (text + Double(audioTokens) * (audio ?? input)) / 1_000_000
    }
    return charge
  }

  func remember(in store: RunStore) throws {
    try store.set("price.input", to: input.map { "\($0)" })
    try store.set("price.output", to: output.map { "\($0)" })
  }
}
