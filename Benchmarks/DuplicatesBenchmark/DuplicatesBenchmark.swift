import Dataset
import Foundation

/// Looks for near-duplicates in a file of questions, and says how long each step took.
///
///     duplicates-benchmark QUESTIONS.jsonl [THREADS]
///
/// Prints a line of JSON: seconds for reading, keys, pairs and clusters, the peak of memory, and for each question that
/// repeats another the ids of both.
@main struct DuplicatesBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count > 1 else { return print("usage: duplicates-benchmark QUESTIONS.jsonl [THREADS] [PAIRS]") }
    let threads = arguments.count > 2 ? Int(arguments[2]) ?? 2 : 2
    let settings = NearSettings()
    var texts = QuestionTexts(settings)
    var seconds: [String: Double] = [:]
    var ids: [String] = []
    var reader = try QuestionReader(path: arguments[1])
    var page: [QuestionTexts.Words] = []
    func add() {
      seconds["keys", default: 0] += time { texts.add(page, threads: threads) }
      page.removeAll(keepingCapacity: true)
    }
    let clock = ContinuousClock()
    let start = clock.now
    while let entry = try reader.next() {
      guard case .question(let question) = entry else { continue }
      ids.append(question.id)
      page.append(QuestionTexts.Words(stem: question.question, choices: question.choices))
      if page.count == 16_384 { add() }
    }
    add()
    seconds["reading"] = (clock.now - start) / .seconds(1) - (seconds["keys"] ?? 0)
    var pairs: [NearPair] = []
    seconds["pairs"] = time { pairs = texts.nearPairs(threads: threads) }
    var clusters: WordingClusters?
    seconds["clusters"] = time { clusters = WordingClusters(texts, pairs: pairs) }
    if arguments.count > 3, let clusters { try write(texts, clusters, ids, to: arguments[3]) }
    let parts = seconds.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
    print(
      "{\(parts.joined(separator: ", ")), \"questions\": \(texts.questions), \"texts\": \(texts.texts), \"found\": \(pairs.count), \"peak\": \(peak())}"
    )
  }

  static func time(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    return clock.measure(body) / .seconds(1)
  }

  static func write(_ texts: QuestionTexts, _ clusters: WordingClusters, _ ids: [String], to path: String) throws {
    var lines = ""
    for question in 0..<texts.questions {
      let text = Int(texts.textOfQuestion[question])
      let survivor = Int(texts.firstQuestion[Int(clusters.first[text])])
      if survivor != question { lines += "\(ids[question])\t\(ids[survivor])\t\(clusters.similarity[text])\n" }
    }
    try Data(lines.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// The largest resident set, in bytes.
  static func peak() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }
}
