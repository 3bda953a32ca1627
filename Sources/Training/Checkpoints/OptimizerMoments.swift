import Models
public import Tensors

/// What AdamW keeps of one parameter: the running means of its gradient and of the gradient's square.
public struct OptimizerMoments: Sendable {
  /// The parameter's.
  public let name: String
  public let first: Tensor
  public let second: Tensor

  public init(name: String, first: Tensor, second: Tensor) {
    precondition(first.shape == second.shape, "moments of \(first.shape) and \(second.shape)")
    self.name = name
    self.first = first
    self.second = second
  }
}

/// optimizer.safetensors: the moments in float32, as "NAME.first" and "NAME.second".
enum OptimizerFile {
  static let name = "optimizer.safetensors"

  static func write(_ moments: [OptimizerMoments], to path: String) throws(CheckpointError) {
    let tensors = moments.flatMap { [("\($0.name).first", $0.first), ("\($0.name).second", $0.second)] }
    var writer = try SafetensorsWriter(
      path: path, tensors: tensors.map { .init(name: $0.0, type: .float32, shape: $0.1.shape) })
    for (name, tensor) in tensors { try writer.write(name, tensor) }
    try writer.finish()
  }

  /// The moments of `parameters`, in their order: none missing, none left over, all of the parameter's shape.
  static func read(
    _ path: String, parameters: [(name: String, shape: [Int])]
  ) throws(TrainerFileError) -> [OptimizerMoments] {
    let file = try withCheckpointErrors { () throws(CheckpointError) in try TensorFile(path: path) }
    let expected = Set(parameters.flatMap { ["\($0.name).first", "\($0.name).second"] })
    if let stranger = file.names.first(where: { !expected.contains($0) }) {
      throw .optimizer(file: path, tensor: stranger, .unexpected)
    }
    var moments: [OptimizerMoments] = []
    for (name, shape) in parameters {
      let first = try tensor("\(name).first", shape: shape, of: file)
      let second = try tensor("\(name).second", shape: shape, of: file)
      moments.append(OptimizerMoments(name: name, first: first, second: second))
    }
    return moments
  }

  private static func tensor(_ name: String, shape: [Int], of file: TensorFile) throws(TrainerFileError) -> Tensor {
    guard let stored = file.shape(of: name) else { throw .optimizer(file: file.path, tensor: name, .missing) }
    guard stored == shape else {
      throw .optimizer(file: file.path, tensor: name, .wrongShape(stored, needed: shape))
    }
    return try withCheckpointErrors { () throws(CheckpointError) in try file.tensor(name) }
  }
}
