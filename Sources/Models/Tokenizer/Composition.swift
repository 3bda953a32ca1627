/// Unicode's normal form C, as `tokenizers` 0.23 makes it: by the tables of Unicode 9.0, to which later characters
/// are unassigned, so that they neither compose nor move.
enum Composition {
  private enum Kind {
    /// Neither changes nor composes with what is before it, but may with what comes after it.
    case starter
    /// Stays as it is, whatever is around it.
    case fixed
    /// May change: a mark, or a character in which the two others may be wrong.
    case unsettled
  }

  /// `bytes` (UTF-8) in normal form C; nil if they are in it already. Only the stretches that may change are worked
  /// on, from the character before them on.
  static func composed(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    // Below U+0300, whose lead byte is 0xCC, nothing composes and nothing is a mark.
    guard bytes.contains(where: { $0 >= 0xCC }) else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    bytes.withUnsafeBufferPointer { bytes in
      var (copied, stretch, isUnsettled, position) = (0, 0, false, 0)
      while position < bytes.count {
        let (scalar, length) = UTF8Text.scalar(in: bytes, at: position)
        let kind = kind(scalar)
        if kind == .unsettled {
          isUnsettled = true
        } else {
          if isUnsettled {
            output.append(contentsOf: bytes[copied..<stretch])
            append(bytes[stretch..<position], to: &output)
            copied = position
          }
          (stretch, isUnsettled) = (kind == .fixed ? position + length : position, false)
        }
        position += length
      }
      output.append(contentsOf: bytes[copied..<(isUnsettled ? stretch : position)])
      if isUnsettled { append(bytes[stretch..<position], to: &output) }
    }
    return output
  }

  /// Appends a stretch in normal form C.
  private static func append(_ stretch: Slice<UnsafeBufferPointer<UInt8>>, to output: inout [UInt8]) {
    let scalars = Array(String(decoding: stretch, as: UTF8.self).unicodeScalars)
    for scalar in compose(CompositionTables.shared.decomposed(scalars)) {
      output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    switch scalar.value {
    case 0..<0x300, 0x400..<0x483, 0x48A..<0x530, 0x2010..<0x2060, 0x3041..<0x3097, 0x30A1..<0x30FB,
      0x4E00..<0xA000, 0xAC00..<0xD7A4:
      return .starter
    default: return scalar.isAssigned(inUnicode: 9) ? .unsettled : .fixed
    }
  }

  /// Composes what has been taken apart and put in order (Unicode 3.11, D117): each character with the last one of
  /// combining class 0, unless one between them has at least its own class.
  private static func compose(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var output: [Unicode.Scalar] = []
    var starter: Int?
    var lastClass: UInt8 = 0
    for scalar in scalars {
      let combiningClass = scalar.combiningClass
      let isNext = starter == output.count - 1
      if let place = starter, isNext || lastClass < combiningClass,
        let composite = CompositionTables.shared.composite(output[place], scalar)
      {
        output[place] = composite
        continue
      }
      if combiningClass == 0 { starter = output.count }
      lastClass = combiningClass
      output.append(scalar)
    }
    return output
  }
}

extension Unicode.Scalar {
  var combiningClass: UInt8 { properties.canonicalCombiningClass.rawValue }
}
