import Dataset
import Evaluation

extension AnswerLine {
  /// The line of an item that was not asked.
  init(_ item: BenchmarkItem, unasked: String) {
    self.init(item)
    self.unasked = unasked
  }

  /// The line of an item with what came in each order.
  init(_ item: BenchmarkItem, _ replies: [(order: ChoiceOrder, reply: Reply)], _ extraction: Answered.Extraction) {
    if let unheard = replies.first(where: \.reply.isUnheard) {
      self.init(item, unasked: unheard.reply.problem ?? "Its sound cannot be read.")
      return
    }
    if item.kind == .choice {
      let outputs = replies.map { ($0.order, $0.reply.output) }
      self.init(item, Answered(item, outputs: outputs, extraction: extraction))
    } else {
      self.init(item)
      answers = replies.map { Answer(order: $0.order.places, output: $0.reply.output) }
    }
    answers = zip(answers ?? [], replies).map { $0.with($1.reply) }
  }
}

extension AnswerLine.Answer {
  fileprivate func with(_ reply: Reply) -> Self {
    var answer = self
    answer.problem = reply.problem
    answer.tokens = reply.tokens
    answer.cut = reply.isCut ? true : nil
    answer.soundCut = reply.isSoundCut ? true : nil
    answer.choiceScores = reply.choiceScores
    return answer
  }
}
