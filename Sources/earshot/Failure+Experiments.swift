import Experiments

extension Failure {
  static func status(_ error: ExperimentError) -> Int32 {
    switch error {
    case .noTestRows: Status.badData
    case .notOneMadeSet: Status.usage
    }
  }
}
