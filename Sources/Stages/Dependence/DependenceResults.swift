import Dataset
import Evaluation
import Foundation
import Judging
import Store

/// Reads what was answered, and what follows for each question: a pure function of what is stored.
struct DependenceResults {
  private let settings: DependenceSettings
  private let questions: DependenceQuestions
  private let store: RunStore

  init(_ settings: DependenceSettings, _ questions: DependenceQuestions, _ store: RunStore) {
    (self.settings, self.questions, self.store) = (settings, questions, store)
  }

  /// By question.
  func records() throws -> [DependenceRecord] {
    let needsClassifier = settings.judges.contains { if case .classifier = $0.kind { true } else { false } }
    let classifier = needsClassifier ? DependenceClassifier(questions) : nil
    let verdict = DependenceVerdict(settings: settings)
    let decoder = JSONDecoder()
    return try questions.items.indices.map { place in
      var (scores, isMissing): ([JudgeScoreRecord], Bool) = ([], false)
      for judge in settings.judges {
        if case .classifier = judge.kind {
          guard let answer = classifier?.answers[place] else { continue }
          scores.append(
            JudgeScoreRecord(
              judge: judge.name, hearing: Hearing.none.rawValue, asked: 1, right: answer.score, margin: answer.margin))
        } else {
          let (found, isWhole) = try self.scores(of: judge, place, decoder)
          scores += found
          isMissing = isMissing || !isWhole
        }
      }
      return verdict.record(questions.items[place].id, scores, isMissing: isMissing)
    }
  }

  /// The scores of a judge by what was heard, and whether all its answers are there.
  private func scores(
    of judge: JudgeSettings, _ place: Int, _ decoder: JSONDecoder
  ) throws -> (scores: [JudgeScoreRecord], isWhole: Bool) {
    let asks = questions.asks(place, judge)
    let texts = try store.judgeReplies(asks.map(\.key))
    var (byHearing, isWhole): ([Hearing: [(right: Double, margin: Double?)]], Bool) = ([:], true)
    for ask in asks {
      // A set of one recording has no other sound to hear.
      if ask.heard?.clip == "" { continue }
      guard let text = texts[ask.key] else {
        isWhole = false
        continue
      }
      let reply = try decoder.decode(Reply.self, from: Data(text.utf8))
      byHearing[ask.hearing, default: []].append(marked(reply, ask, judge))
    }
    let scores = byHearing.sorted { $0.key.rawValue < $1.key.rawValue }.map { hearing, answers in
      let margins = answers.compactMap(\.margin)
      return JudgeScoreRecord(
        judge: judge.name, hearing: hearing.rawValue, asked: answers.count,
        right: answers.reduce(0) { $0 + $1.right },
        margin: margins.isEmpty ? nil : margins.reduce(0, +) / Double(margins.count))
    }
    return (scores, isWhole)
  }

  private func marked(_ reply: Reply, _ ask: JudgeAsk, _ judge: JudgeSettings) -> (right: Double, margin: Double?) {
    let item = questions.items[ask.question]
    let answered = Answered(item, outputs: [(ask.order, reply.output)], extraction: .answerTag)
    let isRight = answered.answers.first?.chosen != nil && answered.answers.first?.chosen == item.answerIndex
    var margin: Double?
    if case .model(let model) = judge.kind, let right = item.answerIndex.flatMap(ask.order.placeShown) {
      margin = model.margin(reply, right: right)
    }
    return (isRight ? 1 : 0, margin)
  }
}
