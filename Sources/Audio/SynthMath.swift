/// Elementary functions of + - * / alone, which IEEE 754 fixes to the bit: those of the C library differ in their last
/// bits from one machine to the next, and a demo set must not.
enum SynthMath {
  /// sin(2 pi `turns`), within 1e-13.
  static func sine(turns: Double) -> Double {
    var turn = turns - turns.rounded()
    if turn > 0.25 { turn = 0.5 - turn } else if turn < -0.25 { turn = -0.5 - turn }
    let x = 2 * Double.pi * turn
    var sum = 0.0
    for index in taylorOfSine.indices { sum = sum * x * x + taylorOfSine[index] }
    return sum * x
  }

  /// The coefficients of x^17, x^15, ... x, by falling power: -1^k / (2k + 1)!.
  private static let taylorOfSine: [9 of Double] = [
    1 / 355_687_428_096_000, -1 / 1_307_674_368_000, 1 / 6_227_020_800, -1 / 39_916_800, 1 / 362_880, -1 / 5040,
    1 / 120, -1 / 6, 1,
  ]

  /// cos(2 pi `turns`), within 1e-13.
  static func cosine(turns: Double) -> Double { sine(turns: turns + 0.25) }

  /// 2 to the power of `exponent`, within a relative 1e-13.
  static func powerOfTwo(_ exponent: Double) -> Double {
    let whole = exponent.rounded()
    // ln 2
    let x = (exponent - whole) * 0.693_147_180_559_945_3
    var sum = 0.0
    for index in taylorOfExponential.indices { sum = sum * x + taylorOfExponential[index] }
    return Double(sign: .plus, exponent: Int(min(max(whole, -1000), 1000)), significand: sum)
  }

  /// The coefficients of x^11, x^10, ... 1, by falling power: 1 / k!.
  private static let taylorOfExponential: [12 of Double] = [
    1 / 39_916_800, 1 / 3_628_800, 1 / 362_880, 1 / 40_320, 1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2, 1, 1,
  ]

  /// e to the power of `exponent`.
  static func exponential(_ exponent: Double) -> Double {
    // 1 / ln 2
    powerOfTwo(exponent * 1.442_695_040_888_963_4)
  }

  /// The amplitude of a level in dBFS.
  static func amplitude(decibels: Double) -> Double {
    // log2(10) / 20
    powerOfTwo(decibels * 0.166_096_404_744_368_1)
  }

  /// The equal-tempered pitch of a MIDI note number, Hz: 69 is A4, 440 Hz.
  static func frequency(note: Int) -> Double { 440 * powerOfTwo(Double(note - 69) / 12) }

  /// `number` with a fixed count of `decimals`, in every locale alike.
  static func text(_ number: Double, decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((number.magnitude * scale).rounded())
    let digits = String(scaled)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = number < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + padded }
    return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
  }

  /// Several numbers in one field: "0.12 0.80".
  static func text(_ numbers: [Double], decimals: Int) -> String {
    numbers.map { text($0, decimals: decimals) }.joined(separator: " ")
  }
}
