/// What keeps a training run from starting or going on.
public enum TrainingError: Error, Equatable, Sendable {
  case nothingToTrain
  /// A pattern of the key `key` fits no name of the model; `nearest` is the most similar one.
  case noMatch(key: String, pattern: String, nearest: String?)
  /// A pattern fits weights alone that no adapter can be put to, `name` among them.
  case notAdaptable(pattern: String, name: String)
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
    case .noMatch(let key, let pattern, let nearest):
      "train.\(key): nothing in the model has a name like '\(pattern)'"
        + (nearest.map { "; the nearest is '\($0)'" } ?? "")
        + ". 'earshot models show MODEL --tensors' lists the names."
    case .notAdaptable(let pattern, let name):
      "train.lora.targets: '\(pattern)' names \(name), which gets no adapter: only the layers of the decoder, of the "
        + "audio tower and its projection do. Train it itself, with 'also_trained'."
    case .noEndToken:
      "train.model: its tokenizer has no <|im_end|> and its settings no 'eos_token_id', so no answer would end. Add one "
        + "to generation_config.json."
    case .noTargets(let patterns):
      "train.lora: every layer with a name like \(patterns.joined(separator: ", ")) is frozen, so there is nothing to "
        + "adapt. Take a pattern out of 'frozen'."
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
