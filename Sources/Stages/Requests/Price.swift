import Pipelines
import Store

/// US dollars for a million tokens, where the pipeline file gives them.
struct Price: Sendable, Equatable {
  var input: Double?
  var output: Double?

  init(input: Double? = nil, output: Double? = nil) {
    (self.input, self.output) = (input, output)
  }

  init(_ section: Section) throws {
    input = try section.optionalDouble("input", in: 0...1_000_000)
    output = try section.optionalDouble("output", in: 0...1_000_000)
  }

  /// Whether both sides of a request have a price.
  var isKnown: Bool { input != nil && output != nil }

  /// What so many tokens cost.
  func charge(prompt: Int, completion: Int) -> Charge {
    var charge = Charge(tokens: prompt + completion)
    if let input, let output { charge.usd = (Double(prompt) * input + Double(completion) * output) / 1_000_000 }
    return charge
  }

  func remember(in store: RunStore) throws {
    try store.set("price.input", to: input.map { "\($0)" })
    try store.set("price.output", to: output.map { "\($0)" })
  }
}
