/// English words for whole numbers.
enum NumberWords {
  private static let small = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
  ]
  private static let tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
  private static let ordinals = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
  ]

  /// 0 to 19, and whole tens up to 90.
  static func value(_ word: String) -> Int? {
    small.firstIndex(of: word) ?? tens.firstIndex(of: word).map { 20 + 10 * $0 }
  }

  /// 1 for "first" and "1st", up to 10.
  static func ordinal(_ word: String) -> Int? {
    if let place = ordinals.firstIndex(of: word) { return place + 1 }
    guard let number = Int(word.dropLast(2)), (1...10).contains(number) else { return nil }
    return ["st", "nd", "rd", "th"].contains { word.hasSuffix($0) } ? number : nil
  }

  /// Takes the number that words begin with: "one thousand nine hundred and ninety two". Nil for none.
  static func take(_ words: inout ArraySlice<String>) -> Int? {
    var (total, group) = (0, 0)
    var rest = words
    var isFirst = true
    while let word = rest.first {
      if let number = value(word), isFirst || joins(number, group) {
        group += number
      } else if word == "hundred", group > 0, group < 100 {
        group *= 100
      } else if word == "thousand", group > 0, group < 1000, total == 0 {
        (total, group) = (group * 1000, 0)
      } else if word == "and", !isFirst, let next = rest.dropFirst().first.flatMap(value), joins(next, group),
        total > 0 || group >= 100
      {
        // The number goes on behind it.
      } else {
        break
      }
      rest.removeFirst()
      isFirst = false
    }
    guard !isFirst else { return nil }
    words = rest
    return total + group
  }

  /// Whether a number may follow what was said of its group: "twenty" "one", "hundred" "twelve".
  private static func joins(_ number: Int, _ group: Int) -> Bool {
    if group == 0 { return true }
    return group % 100 == 0 || (number < 10 && number > 0 && group % 10 == 0 && group % 100 >= 20)
  }
}
