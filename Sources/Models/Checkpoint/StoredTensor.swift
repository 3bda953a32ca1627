/// A type of numbers of the safetensors format.
public struct StoredType: Equatable, Sendable {
  /// As in a header: "F32", "BF16".
  public let name: String
  /// Of one element.
  public let bits: Int

  public static let float32 = StoredType(name: "F32", bits: 32)
  public static let bfloat16 = StoredType(name: "BF16", bits: 16)
  public static let float16 = StoredType(name: "F16", bits: 16)
  public static let uint8 = StoredType(name: "U8", bits: 8)

  /// All types of version 0.8 of the format's library, so that tensors that no model uses may have any of them.
  private static let all: [String: Int] = [
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8,
    "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32,
    "C64": 64, "F64": 64, "I64": 64, "U64": 64,
  ]

  init?(name: String) {
    guard let bits = Self.all[name] else { return nil }
    self.init(name: name, bits: bits)
  }

  private init(name: String, bits: Int) {
    self.name = name
    self.bits = bits
  }

  /// The bytes of `shape` in this type; nil where they are not whole or too many to count.
  func byteCount(of shape: [Int]) -> Int? {
    var count = bits
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { return nil }
      count = product
    }
    return count % 8 == 0 ? count / 8 : nil
  }
}

/// What a safetensors header says about one tensor.
struct StoredTensor: Equatable, Sendable {
  let name: String
  let type: StoredType
  let shape: [Int]
  /// Its bytes, counted from the end of the header.
  let range: Range<Int>
}
