public import Audio

/// What is wrong with what a policy is to be trained on.
public enum TrainingDataError: Error, Equatable, Sendable {
  /// `count` of `of` files cannot be read; the first one is told.
  case unreadableAudio(AudioError, count: Int, of: Int)
  /// No row of these files can be used in a phase.
  case nothingUsable(files: [String], phase: String, reason: String)
  /// A file of rows that is not there.
  case noFile(String)
  /// A part that a set needs is not there.
  case noSet(String)
  /// Sounds that are both trained on and watched.
  case sharedSounds(count: Int, first: String, part: String)
  /// A prompt that asks rows for what their form does not give.
  case promptShowsQuestion(prompt: String, form: String)
  case promptEndsWrong(prompt: String)
}

extension TrainingDataError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadableAudio(let first, let count, let total):
      "\(first)"
        + (total > 1 ? " \(count) of \(total) sound files cannot be read; nothing is trained without its sound." : "")
    case .nothingUsable(let files, let phase, let reason):
      "\(files.first ?? "data.train"): no row can be used in '\(phase)': \(reason)."
    case .noFile(let path): "\(path): there is no such file. Check the files of 'data'."
    case .noSet(let folder):
      "\(folder): holds no train.jsonl, as an export or a run of Earshot's does. Give the run's folder, or name the "
        + "files in data.train."
    case .sharedSounds(let count, let first, let part):
      "\(first): is in data.train and data.\(part), as \(count == 1 ? "the only sound" : "\(count) sounds are"). "
        + "A score on what was trained on says nothing; take them out of one."
    case .promptShowsQuestion(let prompt, let form):
      "\(prompt): shows the question, but the '\(form)' of a sound answers none. Name a prompt without it, such as "
        + "prompts/train-caption.md."
    case .promptEndsWrong(let prompt):
      "\(prompt): the last message is not the user's. End it with a '## user' message."
    }
  }
}
