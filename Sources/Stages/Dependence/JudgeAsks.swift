import Store

/// What a judge has not answered yet, question by question.
struct JudgeAsks {
  let questions: DependenceQuestions
  let judge: JudgeSettings
  private let store: RunStore
  private var next = 0
  /// Questions whose answers are looked up together.
  private static let page = 32

  init(_ questions: DependenceQuestions, _ judge: JudgeSettings, in store: RunStore) {
    (self.questions, self.judge, self.store) = (questions, judge, store)
  }

  /// The open asks of the next questions; nil at the end. Asks of equal keys are one.
  mutating func nextPage() throws -> [JudgeAsk]? {
    guard next < questions.items.count else { return nil }
    let end = min(next + Self.page, questions.items.count)
    let asks = (next..<end).flatMap { questions.asks($0, judge) }
    next = end
    let known = try store.judgeReplies(asks.map(\.key))
    var seen = Set<String>()
    return asks.filter { known[$0.key] == nil && $0.heard?.clip != "" && seen.insert($0.key).inserted }
  }

  /// How many answers are missing, those to equal asks counted once.
  func missingCount() throws -> Int {
    var asks = self
    var keys = Set<String>()
    while let page = try asks.nextPage() { keys.formUnion(page.map(\.key)) }
    return keys.count
  }
}
