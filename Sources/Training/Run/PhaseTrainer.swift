import Audio
import Dataset
import Models

/// One method at work on its data: turns data to gradients, a step at a time.
protocol PhaseTrainer: AnyObject {
  /// Adds the gradients of the phase's step `step`, from 0, to the policy's parameters.
  func step(_ step: Int, samples: Bool) throws -> PhaseStep
  /// Whether after so many steps all that goes into the next ones can be made anew, so that a checkpoint may be written.
  func isResumable(after steps: Int) -> Bool
  /// How many places of the data's order were used; what comes next follows from it.
  var consumed: Int { get }
}

/// What came of a step's forward and backward passes.
struct PhaseStep {
  /// Whether there is anything to learn from: without, the weights stay as they are, to the bit.
  var hasGradient: Bool
  var measurements: [Measurement] = []
  /// Tokens that were trained on, prompts included.
  var tokenCount: Int
  /// Passes over the data so far.
  var epoch: Double
  var samples: [SampleGroup] = []
  var generationSeconds = 0.0
}

/// Something measured in a step.
enum Measurement {
  case mean(MetricName, Double?, weight: Double = 1)
  case smallest(MetricName, Double?)
  case largest(MetricName, Double?)
  case latest(MetricName, Double)
}

extension RunningMeans {
  mutating func add(_ measurements: [Measurement]) {
    for measurement in measurements {
      switch measurement {
      case .mean(let name, let value, let weight): add(name, value, weight: weight)
      case .smallest(let name, let value): addSmallest(name, value)
      case .largest(let name, let value): addLargest(name, value)
      case .latest(let name, let value): set(name, value)
      }
    }
  }
}

/// What a phase's trainer works with.
struct PhaseTools {
  let policy: Policy
  let prompts: PromptMaker
  let phase: TrainingPhase
  let data: TrainingSet
  /// The model that divergence is measured from, where the phase needs one.
  let reference: ReferenceModel?
  let seed: UInt64

  var options: PassOptions {
    PassOptions(
      recomputesActivations: phase.watch.recomputesActivations, mostRows: phase.optimizer.passTokens)
  }

  /// A seed for one of the run's choices.
  func seed(_ purpose: String, _ index: Int) -> UInt64 {
    stableHash("earshot training 1", "\(seed)", purpose, "\(index)")
  }

  func examples(_ turns: [ExampleOrder.Turn]) throws -> [TrainingExample] {
    try turns.map { try data.example($0.index, epoch: $0.epoch) }
  }

  /// Varies the sound of a prompt, where it is encoded anew each time; `index` counts the prompts of the phase.
  func vary(_ prompt: inout PolicyPrompt, with augment: SpecAugment?, index: Int) {
    guard let augment, case .input(var input) = prompt.audio else { return }
    var random = SplitMix64(seed: seed("augment", 0), index: UInt64(index))
    augment.apply(to: &input.frames, random: &random)
    prompt.audio = .input(input)
  }
}
