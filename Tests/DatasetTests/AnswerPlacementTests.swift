import Testing

@testable import Dataset

@Suite struct AnswerPlacementTests {
  private let questions = (0..<1003).map { number in
    SetQuestion(
      id: "q\(number)", split: number % 3 == 0 ? "dev" : "train", labels: [], correct: "right",
      distractors: number % 5 == 0 ? ["wrong 1", "wrong 2"] : ["wrong 1", "wrong 2", "wrong 3"])
  }

  @Test func everyPositionIsRightEquallyOften() {
    let placed = AnswerPlacement.place(questions)
    let splits = Dictionary(uniqueKeysWithValues: questions.map { ($0.id, $0.split) })

    var counts: [String: [Int: Int]] = [:]
    for question in placed {
      #expect(question.choices[question.answerIndex] == "right")
      counts["\(splits[question.id]!) \(question.choices.count)", default: [:]][question.answerIndex, default: 0] += 1
    }
    #expect(counts.count == 4)
    for (group, positions) in counts {
      #expect(positions.count == Int(String(group.last!))!)
      #expect(positions.values.max()! - positions.values.min()! <= 1)
    }
  }

  @Test func theOrderOfTheQuestionsDoesNotMatter() {
    #expect(AnswerPlacement.place(questions.reversed()) == AnswerPlacement.place(questions))
  }

  @Test func theOtherChoicesComeInEveryOrder() {
    let orders = Set(AnswerPlacement.place(questions).map { $0.choices.filter { $0 != "right" } })

    #expect(orders.count == 2 + 6)
  }
}
