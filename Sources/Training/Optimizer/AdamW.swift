import CKernels
import Glibc
public import Tensors

/// Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101), as torch.optim.AdamW computes it.
public final class AdamW {
  public let parameters: [Parameter]
  /// The steps done.
  public private(set) var stepCount = 0
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Float
  private let weightDecay: Float
  /// Of each parameter, whether it decays.
  private let decay: [Bool]
  private var first: [Tensor]
  private var second: [Tensor]

  /// `decays` says which parameters shrink by `weightDecay` times the learning rate in each step.
  public init(
    parameters: [Parameter], beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0,
    decays: (Parameter) -> Bool = { _ in true }
  ) {
    precondition((0..<1).contains(beta1) && (0..<1).contains(beta2), "betas of \(beta1) and \(beta2)")
    self.parameters = parameters
    (self.beta1, self.beta2, self.epsilon, self.weightDecay) = (beta1, beta2, epsilon, weightDecay)
    decay = parameters.map(decays)
    first = parameters.map { Tensor(shape: $0.value.shape) }
    second = first.map { Tensor(shape: $0.shape) }
  }

  /// Changes every parameter by its gradient, which stays.
  public func step(learningRate: Float) {
    stepCount += 1
    for index in parameters.indices { step(index, settings(index, Double(learningRate))) }
  }

  private func settings(_ index: Int, _ learningRate: Double) -> training_adamw {
    let count = Double(stepCount)
    return training_adamw(
      decay: decay[index] ? Float(1 - learningRate * Double(weightDecay)) : 1, first_share: Float(1 - beta1),
      beta2: Float(beta2), second_share: Float(1 - beta2), step_size: Float(learningRate / (1 - pow(beta1, count))),
      second_factor: Float(1 / (1 - pow(beta2, count)).squareRoot()), epsilon: epsilon)
  }

  private func step(_ index: Int, _ settings: training_adamw) {
    parameters[index].update { value, gradient in
      first[index].withUnsafeMutableElements { first in
        second[index].withUnsafeMutableElements { second in
          guard let value = value.baseAddress, let gradient = gradient.baseAddress, let first = first.baseAddress,
            let second = second.baseAddress
          else { return }
          Parallel.forEach(parameters[index].count, grain: 16_384) { range in
            let start = range.lowerBound
            withUnsafePointer(to: settings) {
              training_adamw_step(value + start, gradient + start, first + start, second + start, range.count, $0)
            }
          }
        }
      }
    }
  }
}

extension AdamW {
  /// The running means of each parameter's gradient and of its square, under the parameter's name, for a checkpoint.
  public var moments: [(name: String, first: Tensor, second: Tensor)] {
    parameters.indices.map { (parameters[$0].name, first[$0], second[$0]) }
  }

  /// Goes on from a checkpoint, which must have the moments of exactly these parameters, in any order.
  public func restore(
    _ moments: [(name: String, first: Tensor, second: Tensor)], stepCount: Int
  ) throws(OptimizerError) {
    guard stepCount >= 0 else { throw .negativeStepCount(stepCount) }
    var found: [String: (Tensor, Tensor)] = [:]
    for (name, first, second) in moments {
      guard found.updateValue((first, second), forKey: name) == nil else { throw .repeatedMoments(name) }
    }
    var (first, second) = ([Tensor](), [Tensor]())
    for parameter in parameters {
      guard let own = found.removeValue(forKey: parameter.name) else { throw .missingMoments(parameter.name) }
      for shape in [own.0.shape, own.1.shape] where shape != parameter.value.shape {
        throw .wrongShape(parameter.name, found: shape, expected: parameter.value.shape)
      }
      first.append(own.0)
      second.append(own.1)
    }
    if let name = found.keys.min() { throw .unknownMoments(name) }
    (self.first, self.second, self.stepCount) = (first, second, stepCount)
  }
}
