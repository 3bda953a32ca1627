import Models
import Training

extension Failure {
  static func status(_ error: CheckpointError) -> Int32 {
    switch error {
    case .folder(_, .missing), .folder(_, .notAFolder), .file(_, .missing): Status.missingInput
    case .file(_, .unreadable), .file(_, .notWritten), .file(_, .diskFull): Status.inputOutput
    default: Status.badData
    }
  }

  static func status(_ error: HubError) -> Int32 {
    switch error {
    case .badEndpoint, .badToken, .badModelName, .badRevision: Status.usage
    case .accessDenied: Status.key
    case .noSuchModel, .noSuchRevision, .noSuchFile, .noMatch, .noWeights: Status.missingInput
    case .noSuchFolder, .notAFolder, .notPulled, .notWhole, .offline: Status.missingInput
    case .unreachable, .refused: Status.endpoint
    case .badListing, .unsafeFileName, .badAnswer, .wrongChecksum: Status.badData
    case .diskTooSmall, .notWritten: Status.inputOutput
    case .locked: Status.locked
    case .cancelled: Status.interrupted
    }
  }

  static func status(_ error: TrainingError) -> Int32 {
    switch error {
    case .interrupted: Status.interrupted
    case .outputExists: Status.usage
    case .nothingToResume, .noReference: Status.missingInput
    default: Status.badData
    }
  }

  static func status(_ error: TrainingDataError) -> Int32 {
    switch error {
    case .noFile, .noSet: Status.missingInput
    case .unusableRow(_, .audio(let error), _, _): status(error)
    default: Status.badData
    }
  }

  static func status(_ error: TrainerFileError) -> Int32 {
    switch error {
    case .checkpoint(let error): status(error)
    case .locked: Status.locked
    case .notWritten, .diskFull: Status.inputOutput
    default: Status.badData
    }
  }
}
