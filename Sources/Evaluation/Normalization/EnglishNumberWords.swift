/// What a word means where numbers are spelled out, after the tables of openai-whisper's English normalizer; it knows
/// no "ninth", but "nineth".
enum NumberWord: Equatable {
  case zero
  /// 1 to 19.
  case one(Int)
  /// "second", "fives": a number of ``one`` and what is written behind its digits.
  case oneEnding(Int, String)
  /// 20, 30, to 90.
  case ten(Int)
  case tenEnding(Int, String)
  /// A power of ten: 2, or 3 to 33 in threes.
  case multiplier(Int)
  case multiplierEnding(Int, String)
  /// "minus": a sign for the number that follows.
  case sign(String)
  /// "dollars": a sign for the number before.
  case currency(String)
  case per
  case percent
  case and
  /// "double" and "triple": how often the next digit stands.
  case times(Int)
  case point

  static let all: [String: NumberWord] = {
    var words: [String: NumberWord] = [
      "o": .zero, "oh": .zero, "zero": .zero, "zeroth": .oneEnding(0, "th"),
      "minus": .sign("-"), "negative": .sign("-"), "plus": .sign("+"), "positive": .sign("+"),
      "pound": .currency("£"), "pounds": .currency("£"), "euro": .currency("€"), "euros": .currency("€"),
      "dollar": .currency("$"), "dollars": .currency("$"), "cent": .currency("¢"), "cents": .currency("¢"),
      "per": .per, "percent": .percent, "and": .and, "double": .times(2), "triple": .times(3), "point": .point,
    ]
    for (index, name) in ones.enumerated() {
      words[name] = .one(index + 1)
      words[name == "six" ? "sixes" : name + "s"] = .oneEnding(index + 1, "s")
      let (ordinal, ending) = oddOrdinals[name] ?? (name + (name.hasSuffix("t") ? "h" : "th"), "th")
      words[ordinal] = .oneEnding(index + 1, ending)
    }
    for (index, stem) in tens.enumerated() {
      words[stem + "y"] = .ten(20 + 10 * index)
      words[stem + "ies"] = .tenEnding(20 + 10 * index, "s")
      words[stem + "ieth"] = .tenEnding(20 + 10 * index, "th")
    }
    for (index, name) in multipliers.enumerated() {
      let power = index == 0 ? 2 : 3 * index
      words[name] = .multiplier(power)
      words[name + "s"] = .multiplierEnding(power, "s")
      words[name + "th"] = .multiplierEnding(power, "th")
    }
    return words
  }()

  private static let ones = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
  ]
  private static let oddOrdinals = [
    "one": ("first", "st"), "two": ("second", "nd"), "three": ("third", "rd"), "five": ("fifth", "th"),
    "twelve": ("twelfth", "th"),
  ]
  private static let tens = ["twent", "thirt", "fort", "fift", "sixt", "sevent", "eight", "ninet"]
  private static let multipliers = [
    "hundred", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion", "septillion",
    "octillion", "nonillion", "decillion",
  ]

  /// Whether a decimal point can be followed by it: a digit, a teen or a ten.
  var followsPoint: Bool {
    switch self {
    case .zero, .one, .ten: true
    default: false
    }
  }

  var isOne: Bool { if case .one = self { true } else { false } }
  var isTen: Bool { if case .ten = self { true } else { false } }
  var isMultiplier: Bool { if case .multiplier = self { true } else { false } }
}
