public import Store

extension RunStore {
  /// What requests cost in US dollars: as far as it was told when they were made, and else at the prices of the pipeline
  /// file; nil where neither is known.
  public func cost() throws -> Double? {
    let unpriced = try unpricedAnswers()
    let spent = try spending().usd
    guard unpriced.answers > 0 else { return try hasPricedAnswers() || spent > 0 ? spent : nil }
    let price = Price(
      input: try setting("price.input").flatMap(Double.init), output: try setting("price.output").flatMap(Double.init))
    return price.charge(prompt: unpriced.promptTokens, completion: unpriced.completionTokens).usd.map { $0 + spent }
  }
}
