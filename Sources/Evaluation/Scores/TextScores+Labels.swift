import Dataset

/// Which label an answer gives.
public enum LabelMatch {
  /// The label that `output` is, small and capital letters, marks and articles aside; else the only one whose words it
  /// has, one behind the other; nil where there is none, or several.
  ///
  /// Of labels that others hold whole ("cat", "cat purring"), the longer one is meant.
  public static func label(in output: String, of labels: [String]) -> String? {
    let said = words(output)
    guard !said.isEmpty else { return nil }
    let known = labels.map { (label: $0, words: words($0)) }.filter { !$0.words.isEmpty }
    if let same = known.first(where: { $0.words == said }) { return same.label }
    let found = known.filter { said.firstRange(of: $0.words) != nil }
    let longest = found.filter { one in
      !found.contains { $0.words.count > one.words.count && $0.words.firstRange(of: one.words) != nil }
    }
    guard let first = longest.first, longest.allSatisfy({ $0.words == first.words }) else { return nil }
    return first.label
  }

  /// In small letters, without marks, and without an article in front.
  private static func words(_ text: String) -> [String] {
    let points = text.unicodeScalars.map { $0.properties.isAlphabetic || $0.properties.numericType != nil ? $0 : " " }
    var words = String(String.UnicodeScalarView(points)).lowercased().splitAtWhiteSpace()
    if words.count > 1, let first = words.first, ["a", "an", "the"].contains(first) { words.removeFirst() }
    return words
  }
}

/// Labels, told among those that the item lists, or among all that occur as right answers.
struct LabelCounts: TextCounts {
  private(set) var recall = ClassRecall()
  private var truths: [Int] = []
  private var isRight: [Bool] = []
  private var isExact: [Bool] = []
  private var unread: [Bool] = []
  private let classes: Int

  init(_ pairs: [TextPair]) throws(EvaluationError) {
    var numbers: [[UInt8]: Int] = [:]
    var all: [String] = []
    for pair in pairs {
      let answer = pair.item.answer ?? ""
      if numbers.updateValue(numbers[Array(answer.utf8)] ?? all.count, forKey: Array(answer.utf8)) == nil {
        all.append(answer)
      }
    }
    classes = all.count
    let exact = ExactShare()
    for pair in pairs {
      let answer = pair.item.answer ?? ""
      let told = LabelMatch.label(in: pair.text, of: pair.item.choices.isEmpty ? all : pair.item.choices)
      recall.add(truth: answer, prediction: told ?? "")
      truths.append(numbers[Array(answer.utf8)] ?? 0)
      isRight.append(told.map { isSame($0, answer) } ?? false)
      isExact.append(exact.isRight(answer: pair.text, label: answer))
      unread.append(told == nil)
    }
  }

  func scores(_ places: [Int], _ bootstrap: Bootstrap) -> [TextScores.Score] {
    let interval = bootstrap.interval(items: places.count) { drawn in meanRecall(drawn.map { places[$0] }) }
    return [
      .share("WAR", right: places.count { isRight[$0] }, of: places.count),
      TextScores.Score(name: "UAR", unit: .share, value: meanRecall(places), interval: interval),
      .share("exact", right: places.count { isExact[$0] }, of: places.count),
    ]
  }

  func value(_ places: [Int]) -> Double? {
    places.isEmpty ? nil : Double(places.count { isRight[$0] }) / Double(places.count)
  }

  func isUnread(_ place: Int) -> Bool { unread[place] }

  /// Over the classes that occur.
  private func meanRecall(_ places: [Int]) -> Double {
    var (right, count) = ([Int](repeating: 0, count: classes), [Int](repeating: 0, count: classes))
    for place in places {
      count[truths[place]] += 1
      if isRight[place] { right[truths[place]] += 1 }
    }
    let recalls = zip(right, count).filter { $0.1 > 0 }.map { Double($0.0) / Double($0.1) }
    return recalls.isEmpty ? 0 : recalls.reduce(0, +) / Double(recalls.count)
  }
}
