import Dataset
import Evaluation
import Foundation

// How long the text-only classifier takes, and what it makes of sets.
//
//   swift run -c release text-only-benchmark 500000          made-up questions, three a clip
//   swift run -c release text-only-benchmark FILE.jsonl …     exported questions: each file, those behind the first as
//                                                             learnt from the first, and all of them

/// Questions whose words, choices and answers are drawn at random.
func made(_ count: Int) -> [TextOnlyClassifier.Item] {
  var random = SystemRandomNumberGenerator()
  func text(_ words: Int) -> String {
    (0..<words).map { _ in "word\(Int.random(in: 0..<5_000, using: &random))" }.joined(separator: " ")
  }
  return (0..<count).map { number in
    TextOnlyClassifier.Item(
      id: "\(number)", clip: "\(number / 3)", stem: text(10), choices: (0..<4).map { _ in text(3) },
      answer: Int.random(in: 0..<4, using: &random))
  }
}

func report(_ name: String, _ items: [TextOnlyClassifier.Item], from training: [TextOnlyClassifier.Item]? = nil) {
  let start = ContinuousClock.now
  let classifier = TextOnlyClassifier()
  let answers = training.map { classifier.answers(to: items, from: $0) } ?? classifier.crossFitted(items)
  let seconds = (ContinuousClock.now - start) / .seconds(1)
  guard let score = TextOnlyScore(answers) else { return print("\(name): no questions") }
  func percent(_ share: Double) -> String { String(format: "%.1f", 100 * share) }
  print(
    "\(name): \(score.questions) questions, \(percent(score.accuracy)) % right "
      + "(\(percent(score.interval.low))-\(percent(score.interval.high))), chance \(percent(score.chance)) %, "
      + String(format: "margin %.3f, %.1f s", score.margin, seconds))
}

if let count = CommandLine.arguments.dropFirst().first.flatMap(Int.init) {
  report("made-up", made(count))
} else {
  var (all, first): ([TextOnlyClassifier.Item], [TextOnlyClassifier.Item]?) = ([], nil)
  for path in CommandLine.arguments.dropFirst() {
    var items: [TextOnlyClassifier.Item] = []
    try JSONLFormat.forEachQuestion(path: path) { question in
      items.append(
        TextOnlyClassifier.Item(
          id: question.id, clip: question.clip, stem: question.question, choices: question.choices,
          answer: question.answerIndex))
    }
    report(path, items)
    if let first { report("  learnt from the first", items, from: first) }
    first = first ?? items
    all += items
  }
  report("all", all)
  // By stem, so that it shows where a cue comes from.
  let answers = Dictionary(uniqueKeysWithValues: TextOnlyClassifier.crossFitted(all).map { ($0.id, $0) })
  let stems = Dictionary(grouping: all, by: \.stem).filter { $0.value.count >= 20 }
  for (stem, items) in stems.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }).prefix(60) {
    guard let score = TextOnlyScore(items.compactMap { answers[$0.id] }) else { continue }
    print(String(format: "%6d  %5.1f %%  %@", score.questions, 100 * score.accuracy, stem as NSString))
  }
}
