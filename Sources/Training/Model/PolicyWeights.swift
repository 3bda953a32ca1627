import Models
import Tensors

/// The weights of a policy by the engine's names: those in training, and the rest as the files have them.
struct PolicyWeights {
  let source: WeightSource
  let parameters: [String: Parameter]
  /// By the name of the layer.
  let adapters: [String: LowRankAdapter]

  func matrix(_ name: String, atLeast least: WeightFormat = .int4) throws -> MatrixWeight {
    if let parameter = parameters[name] { return .trained(parameter) }
    return .frozen(try source.matrix(name, atLeast: least))
  }

  func vector(_ name: String) throws -> VectorWeight {
    if let parameter = parameters[name] { return .trained(parameter) }
    return .frozen(try source.tensor(name))
  }

  func linear(_ name: String) throws -> LinearWeights {
    LinearWeights(
      weight: try matrix("\(name).weight"),
      bias: source.contains("\(name).bias") ? try vector("\(name).bias") : nil,
      adapter: adapters[name])
  }

  /// A convolution's taps as a matrix, and its bias.
  func convolution(_ name: String) throws -> LinearWeights {
    let weight: MatrixWeight =
      if let parameter = parameters["\(name).weight"] {
        .trained(parameter)
      } else {
        .frozen(WeightMatrix(Convolution.taps(of: try source.tensor("\(name).weight"))))
      }
    return LinearWeights(weight: weight, bias: try vector("\(name).bias"))
  }

  func contains(_ name: String) -> Bool { source.contains(name) }
}
