/// How the numbers of a matrix of weights are kept.
public enum WeightFormat: String, Sendable, CaseIterable {
  /// 4 bytes a weight.
  case float32
  /// 2 bytes a weight: the upper half of a float32.
  case bfloat16
  /// 8.5 bits a weight: blocks of 32 signed bytes with a float16 scale.
  case int8
  /// 4.5 bits a weight: blocks of 32 numbers -8...7 with a float16 scale.
  case int4

  /// Whether activations are quantised too.
  var isQuantized: Bool { self == .int8 || self == .int4 }

  /// The bits of one number, without its share of a scale.
  var bits: Int {
    switch self {
    case .float32: 32
    case .bfloat16: 16
    case .int8: 8
    case .int4: 4
    }
  }
}
