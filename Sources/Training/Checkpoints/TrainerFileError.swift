public import Models

/// Why a checkpoint of a training run, or the cache of features, cannot be used or written.
public enum TrainerFileError: Error, Equatable, Sendable {
  /// A file of weights or settings, or one of JSON.
  case checkpoint(CheckpointError)
  /// trainer_state.json of a later version of Earshot.
  case newerState(file: String, version: Int)
  /// A setting of trainer_state.json; `needed` as in "a whole number".
  case state(file: String, key: String, needed: String)
  /// The checkpoint is of a run with another model, other data or other settings.
  case otherRun(file: String, RunPart)
  /// The optimizer's file and the parameters do not fit; `tensor` by the name in the file.
  case optimizer(file: String, tensor: String, OptimizerProblem)
  /// Another program writes checkpoints to the folder.
  case locked(folder: String)
  /// A folder or file that cannot be made, renamed, removed or put on the disk.
  case notWritten(path: String, reason: String)
  case diskFull(path: String)

  public enum RunPart: String, Sendable, CaseIterable {
    case model, data, settings
  }

  public enum OptimizerProblem: Equatable, Sendable {
    case missing
    case unexpected
    case wrongShape([Int], needed: [Int])
  }
}

extension TrainerFileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .checkpoint(let error): "\(error)"
    case .newerState(let file, let version):
      "\(plain(file)): written by a later version of Earshot (format \(version)). Resume with that version."
    case .state(let file, let key, let needed):
      "\(plain(file)): \(plain(key)) has to be \(needed). Remove the checkpoint's folder to resume from the one before."
    case .otherRun(let file, let part):
      "\(plain(file)): the run had \(part.text). Resume with the same, or start anew in another folder."
    case .optimizer(let file, let tensor, let problem):
      "\(plain(file)): tensor '\(plain(tensor))' \(problem.text) Resume with the settings that the run began with."
    case .locked(let folder):
      "\(plain(folder)): another training run writes its checkpoints here. Wait for its end, or give another folder."
    case .notWritten(let path, let reason):
      "\(plain(path)): not written: \(plain(reason)). Check the path and its permissions."
    case .diskFull(let path): "\(plain(path)): the disk is full. Make room and resume; the last checkpoint is whole."
    }
  }

  /// The error of the system's call that has just failed on `path`.
  static func system(_ path: String, code: Int32) -> TrainerFileError {
    switch writingError(code, path: path) {
    case .file(_, .diskFull): .diskFull(path: path)
    case .file(_, .notWritten(let reason)): .notWritten(path: path, reason: reason)
    default: .notWritten(path: path, reason: systemText(code))
    }
  }
}

extension TrainerFileError.RunPart {
  fileprivate var text: String {
    switch self {
    case .model: "another model"
    case .data: "other data"
    case .settings: "other settings"
    }
  }
}

extension TrainerFileError.OptimizerProblem {
  fileprivate var text: String {
    switch self {
    case .missing: "is missing."
    case .unexpected: "belongs to nothing that is trained."
    case .wrongShape(let shape, let needed): "has the shape \(shape), the parameter has \(needed)."
    }
  }
}

/// Runs `body`, with errors of models' files as those of this module.
func withCheckpointErrors<Value>(
  _ body: () throws(CheckpointError) -> Value
) throws(TrainerFileError) -> Value {
  do throws(CheckpointError) {
    return try body()
  } catch {
    throw .checkpoint(error)
  }
}
