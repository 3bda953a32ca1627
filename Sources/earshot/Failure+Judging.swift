import Judging

extension Failure {
  static func status(_ error: JudgingError) -> Int32 {
    switch error {
    case .deafModel, .noChoices, .promptWithoutQuestion, .noSuchTask, .nothingToCalibrate, .noCaptions, .damaged:
      Status.badData
    case .otherSettings, .notAResult: Status.usage
    case .locked: Status.locked
    case .notWritten, .diskFull: Status.inputOutput
    }
  }
}
