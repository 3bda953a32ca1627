import Audio
import Models

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
      let target = tools.prompts.target(text)
      var prompt = try tools.prompts.prompt(example, completionTokens: target.count)
      augment(&prompt, index: step * turns.count + place)
      groups.append(prompt.group([target]))
    }
    let report = try tools.policy.learn(
      targets: groups, options: tools.options, dropoutSeed: tools.seed("dropout", step))
    return result(report, groups: groups)
  }

  private func augment(_ prompt: inout PolicyPrompt, index: Int) {
    guard let augment = settings.specAugment, case .input(var input) = prompt.audio else { return }
    var random = SplitMix64(seed: tools.seed("augment", 0), index: UInt64(index))
    augment.apply(to: &input.frames, random: &random)
    prompt.audio = .input(input)
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
