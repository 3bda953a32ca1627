import Dataset
import Evaluation

extension EvaluationRun {
  /// The lines with the judge's verdicts on answers to open questions, of which those in the log are not asked again.
  func judged(_ lines: [AnswerLine], _ log: AnswerLog) async throws -> [AnswerLine] {
    guard let judge else { return lines }
    let known = Dictionary(grouping: log.earlier.filter { $0.verdict != nil }, by: \.id)
    let places = lines.indices.filter { lines[$0].answers != nil && questions.items[$0].kind == .openChat }
    let cases = places.map { place in
      EndpointJudge.Case(
        item: questions.items[place], answer: lines[place].answers?.first?.output ?? "",
        known: (known[lines[place].id] ?? []).compactMap(\.verdict))
    }
    try await judge.judge(cases) { place, verdict, usage in
      try log.append(verdict, on: cases[place].item.id, usage)
    }
    let verdicts = Dictionary(grouping: log.lines().filter { $0.verdict != nil }, by: \.id)
    var lines = lines
    for place in places {
      let all = (verdicts[lines[place].id] ?? []).compactMap(\.verdict)
      // Of an order that was asked again, as nothing had come, the last counts.
      let last = [false, true].compactMap { swapped in all.last { $0.swapped == swapped } }
      lines[place].answers?[0].verdicts = last.isEmpty ? nil : last
    }
    return lines
  }
}
