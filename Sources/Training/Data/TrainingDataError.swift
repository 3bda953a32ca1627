public import Audio
public import Models

/// What is wrong with what a policy is to be trained on.
public enum TrainingDataError: Error, Equatable, Sendable {
  /// Why a row cannot be used.
  public enum Obstacle: Error, Equatable, Sendable {
    case audio(AudioError)
    case prompt(ModelError)
    case tooLong(prompt: Int, answer: Int, limit: Int)
  }

  /// `count` of `of` rows cannot be used; the first one is told.
  case unusableRow(id: String, Obstacle, count: Int, of: Int)
  /// No row of these files can be used in a phase.
  case nothingUsable(files: [String], phase: String, reason: String)
  /// A file of rows that is not there.
  case noFile(String)
  /// A part that a set needs is not there.
  case noSet(String)
  /// A set whose part for training is empty.
  case emptySet(String)
  /// Sounds, clips or recordings that are in two parts.
  case sharedSounds(count: Int, first: String, parts: [String])
  /// A curriculum without anything to go by.
  case noPassRates(phase: String)
  case noAudioContributions(phase: String)
  /// `known` are the tasks that rows have.
  case noTasks(phase: String, [String], known: [String])
  /// A prompt that asks rows for what their form does not give.
  case promptShowsQuestion(prompt: String, form: String)
  case promptEndsWrong(prompt: String)
}

extension TrainingDataError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unusableRow(let id, let first, let count, let total):
      "row '\(id)': \(first)"
        + (total > 1 ? " \(count) of \(total) rows cannot be used; mend them or take them out." : "")
    case .nothingUsable(let files, let phase, let reason):
      "\(files.first ?? "data.train"): no row can be used in '\(phase)': \(reason)."
    case .noFile(let path): "\(path): there is no such file. Check the files of 'data'."
    case .noSet(let folder):
      "\(folder): holds no train.jsonl, as an export or a run of Earshot's does. Give the run's folder, or name the "
        + "files in data.train."
    case .emptySet(let file):
      "\(file): is empty, so there is nothing to train on. Export a set with a part for training."
    case .sharedSounds(let count, let first, let parts):
      "\(first): is in \(parts.map { "data.\($0)" }.joined(separator: " and ")), \(count == 1 ? "alone" : "as \(count) are"). "
        + "A score on what was trained or chosen by says nothing; take them out of one."
    case .noPassRates(let phase):
      "\(phase).curriculum: no row has a 'pass_rate', so there is no order from easy to hard. Add to each row the share of "
        + "the model's own answers that were right, or leave 'curriculum' out."
    case .noAudioContributions(let phase):
      "\(phase).data.audio_contribution: no row says whether its sound is needed. Add 'audio-contribution', strong or weak, "
        + "to each row, or leave the setting out."
    case .noTasks(let phase, let tasks, let known):
      "\(phase).data.tasks: no row is of \(tasks.joined(separator: ", ")). The rows' tasks are "
        + "\(known.filter { !$0.isEmpty }.isEmpty ? "not told" : known.filter { !$0.isEmpty }.joined(separator: ", "))."
    case .promptShowsQuestion(let prompt, let form):
      "\(prompt): shows the question, but the '\(form)' of a sound answers none. Name a prompt without it, such as "
        + "prompts/ask-caption.md."
    case .promptEndsWrong(let prompt):
      "\(prompt): the last message is not the user's. End it with a '## user' message."
    }
  }
}

extension TrainingDataError.Obstacle: CustomStringConvertible {
  public var description: String {
    switch self {
    case .audio(let error): "\(error)"
    case .prompt(let error): "\(error)"
    case .tooLong(let prompt, let answer, let limit):
      "a prompt of \(prompt) tokens and an answer of up to \(answer) exceed the model's \(limit) positions. "
        + "Shorten the clip or the question, or lower 'max_tokens'."
    }
  }
}
