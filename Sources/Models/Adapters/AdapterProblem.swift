extension CheckpointError {
  /// Why an adapter cannot be used.
  public enum AdapterProblem: Equatable, Sendable {
    case noAdapter
    /// A setting that changes what the adapter does in a way that is not computed here.
    case unsupported(setting: String, value: String)
    /// A tensor that belongs to nothing in the base model; the count of further ones.
    case unmatched(tensor: String, others: Int)
    /// A tensor that has to be there; the count of further ones.
    case missing(tensor: String, others: Int)
    case wrongShape(tensor: String, shape: [Int], needed: [Int])
    case twice(tensor: String, other: String)
    /// A layer to write that has factors and was trained itself too, which an adapter's files have no place for.
    case trainedTwice(layer: String)
    /// No layer has low-rank factors.
    case noLayers
    /// Tensors that were trained themselves, so that what they were before is not known.
    case notReversible(tensor: String)
  }
}

extension CheckpointError.AdapterProblem {
  var text: String {
    switch self {
    case .noAdapter: "there is no adapter_config.json. Give the folder that Earshot or PEFT wrote an adapter to."
    case .unsupported(let setting, let value):
      "\(plain(setting)) is \(plain(value)), which is not supported. "
        + "Merge the adapter with PEFT, and use the merged model."
    case .unmatched(let tensor, let others):
      "tensor '\(plain(tensor))' belongs to no layer of the model\(more(others)). "
        + "Is it the adapter of another model?"
    case .missing(let tensor, let others):
      "tensor '\(plain(tensor))' is missing\(more(others)). Save the adapter again."
    case .wrongShape(let tensor, let shape, let needed):
      "tensor '\(plain(tensor))' has the shape \(list(shape)), the model and its settings need \(list(needed)). "
        + "Is it the adapter of another model?"
    case .twice(let tensor, let other):
      "tensors '\(plain(tensor))' and '\(plain(other))' mean the same. Save the adapter again."
    case .trainedTwice(let layer):
      "layer '\(plain(layer))' has an adapter and is trained itself. Take it out of one of the two."
    case .noLayers: "no layer has low-rank factors. Save the adapter again."
    case .notReversible(let tensor):
      "'\(plain(tensor))' was trained itself, and what it was before is not in the adapter. "
        + "Use the model that the adapter was merged into."
    }
  }
}
