public import Store

extension RunStore {
  /// What requests cost in US dollars, at the prices of the pipeline file; nil where it gives none.
  public func cost(of usage: RunStatus.Usage) throws -> Double? {
    guard let input = try setting("price.input").flatMap(Double.init),
      let output = try setting("price.output").flatMap(Double.init)
    else { return nil }
    return (Double(usage.promptTokens) * input + Double(usage.completionTokens) * output) / 1_000_000
  }
}
