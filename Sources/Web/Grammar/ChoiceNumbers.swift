/// Makes wrong numbers around a true one. Where the true one stands among them in order of size is left to chance
/// alone: every place is as likely, so that "the second smallest" is no better a guess than any other.
struct ChoiceNumbers {
  /// How far neighbours lie apart.
  enum Spacing {
    /// Each is this many times the one below.
    case ratio(ClosedRange<Double>)
    /// Each is this much more than the one below.
    case step(ClosedRange<Int>)
  }

  var truth: Int
  var bounds: ClosedRange<Int>
  /// Wrong numbers are multiples of it, as the true one is.
  var grain = 1
  var spacing: Spacing

  /// Rounding to the grain may narrow a ratio to this share of what was asked for.
  private static let roundingSlack = 0.92
  private static let tries = 32

  /// Ratios that a listener can tell, and that leave `wrong` numbers on one side within a factor of about 6.
  static func ratio(wrong: Int) -> Spacing {
    switch wrong {
    case ...2: .ratio(1.8...2.4)
    case 3: .ratio(1.5...1.85)
    case 4: .ratio(1.36...1.56)
    case 5: .ratio(1.28...1.43)
    default: .ratio(1.19...1.3)
    }
  }

  /// The choices, with `wrong` wrong ones, each written by `text`; `nil` where they do not fit within the bounds at
  /// every place of the true one, or with `anyPlace`, at no place at all.
  func choices(wrong: Int, anyPlace: Bool, random: inout SplitMix64, text: (Int) -> String) -> Choices? {
    let places = (0...wrong).filter { fits(below: $0, above: wrong - $0) }
    guard !places.isEmpty, anyPlace || places.count == wrong + 1 else { return nil }
    let below = random.pick(places)
    for _ in 0..<Self.tries {
      guard let smaller = series(down: true, length: below, random: &random),
        let larger = series(down: false, length: wrong - below, random: &random)
      else { continue }
      let texts = random.shuffled((smaller + larger).map(text))
      if let choices = Choices(correct: text(truth), wrong: texts) { return choices }
    }
    return nil
  }

  private func fits(below: Int, above: Int) -> Bool {
    switch spacing {
    case .ratio(let ratio):
      Double(truth) / power(ratio.lowerBound, below) >= Double(bounds.lowerBound)
        && Double(truth) * power(ratio.lowerBound, above) <= Double(bounds.upperBound)
    case .step(let step):
      truth - below * step.lowerBound >= bounds.lowerBound && truth + above * step.lowerBound <= bounds.upperBound
    }
  }

  /// Numbers from the true one outwards; `nil` where rounding has spoilt them.
  private func series(down: Bool, length: Int, random: inout SplitMix64) -> [Int]? {
    var numbers: [Int] = []
    var last = truth
    for left in stride(from: length, to: 0, by: -1) {
      guard let number = neighbour(of: last, down: down, left: left - 1, random: &random), bounds.contains(number)
      else { return nil }
      numbers.append(number)
      last = number
    }
    return numbers
  }

  /// The next number out from `last`, with room for `left` more after it.
  private func neighbour(of last: Int, down: Bool, left: Int, random: inout SplitMix64) -> Int? {
    switch spacing {
    case .ratio(let ratio):
      let room = down ? Double(last) / Double(max(1, bounds.lowerBound)) : Double(bounds.upperBound) / Double(last)
      let most = min(ratio.upperBound, room / power(ratio.lowerBound, left))
      let factor = ratio.lowerBound + random.unit() * max(0, most - ratio.lowerBound)
      let exact = down ? Double(last) / factor : Double(last) * factor
      let number = Int((exact / Double(grain)).rounded()) * grain
      let apart = Double(max(number, last)) / Double(max(1, min(number, last)))
      return number > 0 && apart >= ratio.lowerBound * Self.roundingSlack ? number : nil
    case .step(let step):
      let room = (down ? last - bounds.lowerBound : bounds.upperBound - last) - left * step.lowerBound
      let most = max(step.lowerBound, min(step.upperBound, room))
      let size = random.within(step.lowerBound / grain...most / grain) * grain
      return down ? last - size : last + size
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { power, _ in power * base }
  }
}
