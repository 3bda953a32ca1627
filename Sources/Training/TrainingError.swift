/// What keeps a training run from starting or going on.
public enum TrainingError: Error, Equatable, Sendable {
  case nothingToTrain
  case noEndToken
  case noTargets([String])
  case trainedTwice(layer: String)
  case outputExists(String)
  case nothingToResume(String)
  case nothingLeft(phase: String)
  case otherAdapter(String, layer: String)
  case interrupted(checkpoint: String)
  case noReference(String, step: Int)
  /// By a stop rule; the checkpoint is the last one from before the trouble.
  case stopped(String, checkpoint: String?)
}

extension TrainingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nothingToTrain:
      "train: every weight of the model is frozen, so there is nothing to learn. Take a pattern out of 'frozen'."
    case .noEndToken:
      "train.model: its tokenizer has no <|im_end|> and its settings no 'eos_token_id', so no answer would end. Add one "
        + "to generation_config.json."
    case .noTargets(let patterns):
      "train.lora: no layer of the model has a name like \(patterns.joined(separator: ", ")). "
        + "'earshot models show MODEL --tensors' lists the names."
    case .trainedTwice(let layer):
      "train.also_trained: \(layer) gets an adapter and is to be trained itself too. Take it out of one of the two."
    case .outputExists(let folder):
      "\(folder): holds a training run already. Go on with it (--resume), or give another folder (--output)."
    case .nothingToResume(let folder): "\(folder): holds no checkpoint to resume from. Leave --resume out."
    case .nothingLeft(let phase):
      "\(phase).curriculum: every question was always or never solved, so none is left. Keep one of the two kinds."
    case .otherAdapter(let folder, let layer):
      "\(folder): has no weights for \(layer), which this run trains. Resume with the settings it was written with."
    case .interrupted(let folder): "stopped; \(folder) is whole. Go on with --resume."
    case .noReference(let folder, let step):
      "\(folder): the checkpoint of step \(step), from which the divergence is measured, is gone. Begin anew, or set "
        + "beta to 0."
    case .stopped(let reason, let checkpoint):
      reason + " "
        + (checkpoint.map { "The last checkpoint from before: \($0)" } ?? "There is no checkpoint from before.")
    }
  }
}
