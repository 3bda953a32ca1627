/// What keeps questions from being asked.
public enum JudgingError: Error, Equatable, Sendable {
  /// Sounds are to be heard, and the model has no audio tower.
  case deafModel(hearing: String)
  /// Likelihoods are wanted, and no item has choices.
  case noChoices(data: String)
  /// Of the prompt by its name.
  case promptWithoutQuestion(prompt: String)
  /// No item is of the tasks that are wanted; `known` are those there are.
  case noSuchTask(data: String, tasks: [String], known: [String])
  /// Choices are to be calibrated by the prompt without sound, and none is heard.
  case nothingToCalibrate(hearing: String)
  case noCaptions(path: String)
  /// The folder holds a result of other settings; `differences` names each with both values.
  case otherSettings(folder: String, differences: [String])
  /// The folder holds files that are no result.
  case notAResult(folder: String)
  case damaged(path: String, reason: String)
  case locked(folder: String)
  case notWritten(path: String, reason: String)
  case diskFull(path: String)
}

extension JudgingError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .deafModel(let hearing):
      "--hearing \(hearing): the model has no audio tower. Use --hearing none or captions, or another model."
    case .promptWithoutQuestion(let prompt):
      "prompt '\(prompt)': shows no question, so there is nothing to answer. Name one that does, such as "
        + "prompts/ask-omni-r1.md."
    case .noChoices(let data): "\(data): no item has choices to score. Use --way generate."
    case .noSuchTask(let data, let tasks, let known):
      "\(data): no item is of the task \(tasks.map { "'\($0)'" }.joined(separator: ", ")). "
        + (known.isEmpty
          ? "Its items name no tasks; leave --task out."
          : "There are: \(known.prefix(40).joined(separator: ", "))\(known.count > 40 ? ", …" : "").")
    case .nothingToCalibrate(let hearing):
      "--way calibrated: with --hearing \(hearing) there is nothing to compare with. Use --way likelihood."
    case .noCaptions(let path):
      "\(path): no row has captions of an item. Give a file with members 'id' and 'captions' as --captions."
    case .otherSettings(let folder, let differences):
      "\(folder): holds a result of other settings: \(differences.joined(separator: "; ")). Give another --output, or "
        + "set it aside with --restart."
    case .notAResult(let folder):
      "\(folder): holds files that are no result. Give an empty or a new folder as --output."
    case .damaged(let path, let reason):
      "\(path): damaged: \(reason). Set the result aside with --restart, or take it away."
    case .locked(let folder): "\(folder): another process is writing it. Wait for its end, or give another --output."
    case .notWritten(let path, let reason): "\(path): cannot be written: \(reason)."
    case .diskFull(let path): "\(path): no space left on the device. Free some and run the same command again."
    }
  }
}
