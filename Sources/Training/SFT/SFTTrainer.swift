/// Supervised training: the policy learns to write its examples' targets.
final class SFTTrainer: PhaseTrainer {
  private let tools: PhaseTools
  private let settings: SFTSettings
  private let order: ExampleOrder
  private(set) var consumed: Int

  init(_ tools: PhaseTools, settings: SFTSettings, consumed: Int) {
    self.tools = tools
    self.settings = settings
    self.consumed = consumed
    order = ExampleOrder(count: tools.data.count, seed: tools.seed("order", 0))
  }

  func isResumable(after steps: Int) -> Bool { true }

  func step(_ step: Int, samples: Bool) throws -> PhaseStep {
    let turns = order.turns(consumed..<consumed + tools.phase.optimizer.batch)
    consumed += turns.count
    var groups: [PolicyGroup] = []
    for (place, example) in try tools.examples(turns).enumerated() {
      guard let text = example.target else { continue }
      let target = try tools.prompts.target(text)
      var prompt = try tools.prompts.prompt(example, completionTokens: target.count)
      tools.vary(&prompt, with: settings.specAugment, index: step * turns.count + place)
      groups.append(prompt.group([target]))
    }
    let report = try tools.policy.learn(
      targets: groups, options: tools.options, dropoutSeed: tools.seed("dropout", step))
    return result(report, groups: groups)
  }

  private func result(_ report: SFTReport, groups: [PolicyGroup]) -> PhaseStep {
    let weight = Double(report.tokenCount)
    return PhaseStep(
      hasGradient: report.tokenCount > 0,
      measurements: [
        .mean(.loss, report.loss),
        .mean(.entropy, report.entropy, weight: weight),
        .mean(.tokenAccuracy, Double(report.rightTokens) / max(weight, 1), weight: weight),
      ], tokenCount: groups.reduce(0) { $0 + $1.tokens.rowCount },
      epoch: Double(consumed) / Double(order.epochLength))
  }
}
