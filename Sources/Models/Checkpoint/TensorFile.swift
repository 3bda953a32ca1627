package import Tensors

/// A safetensors file of any tensors, as adapters and optimizers have.
package struct TensorFile: Sendable {
  private let file: SafetensorsFile
  private let parts: [String: StoredPart]

  package init(path: String) throws(CheckpointError) {
    file = try SafetensorsFile(path: path)
    parts = Dictionary(
      uniqueKeysWithValues: file.header.tensors.map { [file] in
        ($0.name, StoredPart(file: file, stored: $0))
      })
  }

  package var path: String { file.path }

  /// In alphabetical order.
  package var names: [String] { parts.keys.sorted() }

  /// The shape of the tensor `name`; nil where there is none.
  package func shape(of name: String) -> [Int]? { parts[name]?.stored.shape }

  /// The tensor `name` in float32; refused when it is of no type of floats, or has a NaN or an infinity.
  package func tensor(_ name: String) throws(CheckpointError) -> Tensor {
    guard let part = parts[name] else { throw .tensor(name: name, file: path, .missing(others: 0)) }
    guard [.float32, .bfloat16, .float16].contains(part.stored.type) else {
      throw part.error(.unsupportedType(part.stored.type.name))
    }
    try part.checkFinite()
    return part.floats()
  }
}
