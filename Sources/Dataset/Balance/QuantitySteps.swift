import Foundation

/// How numbers are rounded, in their order.
struct QuantitySteps {
  /// How many of the nearest numbers with as many decimals are looked at, among how many on either side.
  private static let mostNear = 24
  private static let window = 40
  /// This share of them are multiples of the step.
  private static let share = 0.9
  private static let multiples: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

  /// Nil where there is no number to be changed, as in a note.
  private let texts: [QuantityText?]
  private let numbers: [Double]

  init(_ answers: [String]) {
    texts = answers.map { ChoiceValue($0)?.shape == "note" ? nil : QuantityText($0) }
    numbers = answers.map { ChoiceValue($0)?.number ?? 0 }
  }

  /// The largest step that nearly all numbers around one are multiples of; nil where there is no number.
  func step(around number: Int) -> (text: QuantityText, step: Double)? {
    guard let text = texts[number] else { return nil }
    let around = (max(0, number - Self.window)...min(numbers.count - 1, number + Self.window))
      .filter { texts[$0]?.decimals == text.decimals }
      .sorted { abs($0 - number) < abs($1 - number) }
      .prefix(Self.mostNear)
    let unit = pow(10, -Double(text.decimals))
    let step = Self.multiples.map { $0 * unit }.last { step in
      let even = around.count { abs(numbers[$0] / step - (numbers[$0] / step).rounded()) < 1e-6 }
      return Double(even) >= Self.share * Double(around.count)
    }
    return (text, step ?? unit)
  }
}
