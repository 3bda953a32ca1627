import Experiments

extension Failure {
  static func status(_ error: ExperimentError) -> Int32 {
    switch error {
    case .noTestRows, .asksWhatWasLearned: Status.badData
    case .notOneMadeSet, .unnamedAudio, .nameTaken: Status.usage
    }
  }
}
