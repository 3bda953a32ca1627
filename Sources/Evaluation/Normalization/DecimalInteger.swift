/// A whole number of any length as its decimal digits: all that numbers spelled out need, whose factors are powers of
/// ten.
struct DecimalInteger: Equatable, CustomStringConvertible {
  /// From the highest digit on, without zeros in front; zero is one digit.
  private(set) var digits: [UInt8]

  init(digits: some Sequence<UInt8>) {
    let significant = Array(digits.drop { $0 == 0 })
    self.digits = significant.isEmpty ? [0] : significant
  }

  init(_ number: Int) { self.init(digits: String(number).utf8.map { $0 - 0x30 }) }

  var description: String { String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self) }

  var isZero: Bool { digits == [0] }

  /// The number that the last `count` digits make.
  func remainder(lastDigits count: Int) -> Int { digits.suffix(count).reduce(0) { $0 * 10 + Int($1) } }

  func timesTen(toThe power: Int) -> DecimalInteger {
    DecimalInteger(digits: digits + Array(repeating: 0, count: power))
  }

  /// What a multiplier such as "thousand" makes of a number before it: its last three digits are multiplied.
  func multiplyingLastThreeDigits(byTenToThe power: Int) -> DecimalInteger {
    let thousands = DecimalInteger(digits: digits.dropLast(3)).timesTen(toThe: 3)
    return thousands + DecimalInteger(remainder(lastDigits: 3)).timesTen(toThe: power)
  }

  static func + (left: DecimalInteger, right: DecimalInteger) -> DecimalInteger {
    var sum: [UInt8] = []
    var carry: UInt8 = 0
    let (low, high) = (Array(left.digits.reversed()), Array(right.digits.reversed()))
    for place in 0..<max(low.count, high.count) {
      let digit = (place < low.count ? low[place] : 0) + (place < high.count ? high[place] : 0) + carry
      sum.append(digit % 10)
      carry = digit / 10
    }
    if carry > 0 { sum.append(carry) }
    return DecimalInteger(digits: sum.reversed())
  }
}
