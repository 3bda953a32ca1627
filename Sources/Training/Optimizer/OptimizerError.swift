/// What is wrong with the stored state of an optimizer.
public enum OptimizerError: Error, Equatable {
  case negativeStepCount(Int)
  case missingMoments(String)
  case repeatedMoments(String)
  case unknownMoments(String)
  case wrongShape(String, found: [Int], expected: [Int])
}

extension OptimizerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .negativeStepCount(let count):
      "the optimizer's state – \(count) steps done – take an earlier checkpoint"
    case .missingMoments(let name):
      "\(name) – the optimizer's state has no moments for it – resume with the settings of the checkpoint"
    case .repeatedMoments(let name):
      "\(name) – the optimizer's state has its moments twice – take an earlier checkpoint"
    case .unknownMoments(let name):
      "\(name) – the optimizer's state has moments for it, but it is not trained – resume with the settings of the "
        + "checkpoint"
    case .wrongShape(let name, let found, let expected):
      "\(name) – its moments have the shape \(found), not \(expected) – resume with the model of the checkpoint"
    }
  }
}
