import Testing

@testable import Dataset

@Suite struct AnswerShareTests {
  /// Texts offered at least 200 times, with how far their share of being right is from chance, in points.
  private func deviations(_ questions: [SetQuestion], small: Bool = false) -> [String: Double] {
    var counts: [String: (offered: Int, right: Int, even: Double)] = [:]
    for question in questions {
      for (place, choice) in question.choices.enumerated() {
        let text = small ? choice.lowercased() : choice
        var count = counts[text, default: (0, 0, 0)]
        count.offered += 1
        count.right += place == 0 ? 1 : 0
        count.even += 1 / Double(question.choices.count)
        counts[text] = count
      }
    }
    return counts.filter { $0.value.offered >= 200 }
      .mapValues { 100 * (Double($0.right) - $0.even) / Double($0.offered) }
  }

  private func question(_ number: Int, _ choices: [String]) -> SetQuestion {
    SetQuestion(
      id: "q\(number)", split: number % 4 == 0 ? "dev" : "train", labels: [], correct: choices[0],
      distractors: Array(choices.dropFirst()))
  }

  @Test func aFrequentAnswerIsCutBackToChance() {
    let set = (0..<2000).map { question($0, $0 % 10 < 8 ? ["yes", "no"] : ["no", "yes"]) }

    let share = AnswerShare(set, fixed: [])

    let after = deviations(share.kept)
    #expect(after.values.allSatisfy { abs($0) <= 3 })
    // 400 right for "no" are 47 % of 851: no set that keeps them all is larger.
    #expect(share.kept.count == 851)
    #expect(share.dropped.count == 1149)
    #expect(share.dropped.allSatisfy { $0.verdict.code == .answerShare })
    #expect(share.dropped[0].verdict.detail == "'yes' is right in 1600 of 2000 offers: 80 % where 50 % is even.")
    #expect(share.changes.map(\.before.text) == ["no", "yes"])
    #expect(share.changes.map(\.before.right) == [400, 1600])
    #expect(share.changes.map(\.after.right) == [400, 451])
  }

  @Test func aFairSetIsLeftAlone() {
    let set = (0..<2000).map { number in
      let texts = ["rising", "falling", "steady", "wavering"]
      return question(number, (0..<4).map { texts[(number + $0) % 4] })
    }

    let share = AnswerShare(set, fixed: [])

    #expect(share.kept == set)
    #expect(share.dropped.isEmpty && share.changes.isEmpty)
  }

  @Test func rareTextsAreLeftAlone() {
    let set = (0..<19).map { question($0, ["yes", "no"]) }

    #expect(AnswerShare(set, fixed: []).kept.count == 19)
  }

  /// 15 of 60 are the mean; 25 are 2.98 standard deviations above it and 22 are 2.09.
  @Test(arguments: [(22, 60), (25, 57)]) func textsOfferedLessOftenMayDifferAsChanceDoes(right: Int, kept: Int) {
    let set = (0..<60).map { number in
      question(
        number, number < right ? ["it rises"] + others(number) : [others(number)[0], "it rises"] + others(number)[1...])
    }

    #expect(AnswerShare(set, fixed: []).kept.count == kept)
  }

  private func others(_ number: Int) -> [String] { (0..<3).map { "w\(number) \($0)" } }

  @Test func aTextThatIsNeverRightIsOfferedLess() {
    var generator = SeededGenerator(state: 3)
    let set = (0..<3000).map { number in
      question(
        number, ["text \(Int.random(in: 0..<2000, using: &generator))", "never", "other \(number)", "else \(number)"])
    }

    let share = AnswerShare(set, fixed: [])

    // Not 199, where it would be as useless a choice as before, only less often.
    #expect(share.kept.count < AnswerShare.rareOffers)
  }

  @Test func whatLabelQuestionsOfferCounts() {
    let fixed = (0..<400).map { number in
      let labels = ["dog", "cat", "rain", "wind"]
      return question(10_000 + number, (0..<4).map { labels[(number + $0) % 4] })
    }
    let set = (0..<150).map { question($0, ["dog", "x\($0)", "y\($0)", "z\($0)"]) }

    let share = AnswerShare(set, fixed: fixed)

    let after = deviations(share.kept + fixed)
    #expect(after.count == 4)
    #expect(after.values.allSatisfy { abs($0) <= 3 })
    #expect(share.kept.count == 16)
  }

  @Test func capitalsDoNotHideABias() {
    let set = (0..<2000).map { question($0, $0 % 2 == 0 ? ["Yes", "No"] : ["yes", $0 % 4 == 1 ? "no" : "No"]) }

    let share = AnswerShare(set, fixed: [])

    #expect(deviations(share.kept, small: true).values.allSatisfy { abs($0) <= 3 })
    #expect(deviations(share.kept).values.allSatisfy { abs($0) <= 3 })
  }

  @Test(arguments: 1...10) func skewedSetsEndWithinThreePoints(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    let texts = (0..<Int.random(in: 4...40, using: &generator)).map { "choice \($0)x" }
    let set = (0..<4000).map { number in
      let skewed = Double.random(in: 0..<1, using: &generator)
      let right = texts[Int(Double(texts.count) * skewed * skewed)]
      let wrong = texts.filter { $0 != right }.shuffled(using: &generator).prefix(number % 3 == 0 ? 2 : 3)
      return question(number, [right] + wrong)
    }

    let share = AnswerShare(set, fixed: [])

    print("\(texts.count) texts: \(share.kept.count) of \(set.count) kept")
    #expect(deviations(share.kept).values.allSatisfy { abs($0) <= 3 })
    #expect(share.kept.count + share.dropped.count == set.count)
    #expect(share.kept.count > 1000)
  }

  @Test func aWholeSetIsFairInEveryRespect() {
    var generator = SeededGenerator(state: 11)
    let labels = ["dog", "cat", "rain", "wind", "bell", "horn", "dog barking"]
    let set = (0..<6000).map { number in
      let label = labels[min(Int.random(in: 0..<7, using: &generator), Int.random(in: 0..<7, using: &generator))]
      let texts = ["rising", "falling", "steady", "wavering"]
      let skew = min(Int.random(in: 0..<4, using: &generator), Int.random(in: 0..<4, using: &generator))
      var wrong = texts
      wrong.remove(at: skew)
      let isLabel = number % 2 == 0
      return SetQuestion(
        id: "q\(number)", split: ["train", "train", "dev"][number % 3], labels: [label],
        correct: isLabel ? label : texts[skew], distractors: isLabel ? ["w1", "w2", "w3"] : wrong)
    }

    let balance = SetBalance(set)

    let placed = balance.placed.map { placed in
      var wrong = placed.choices
      wrong.remove(at: placed.answerIndex)
      return SetQuestion(
        id: placed.id, split: "", labels: [], correct: placed.choices[placed.answerIndex], distractors: wrong)
    }
    #expect(deviations(placed).count >= 10)
    #expect(deviations(placed).values.allSatisfy { abs($0) <= 3 })
    #expect(balance.placed.count + balance.dropped.count == set.count)
    #expect(SetBalance(set.shuffled(using: &generator)) == balance)
  }

  // Looking at every question again for each one that goes would take minutes.
  @Test(.timeLimit(.minutes(5))) func manyQuestionsTakeAMoment() {
    var generator = SeededGenerator(state: 5)
    let set = (0..<60_000).map { number in
      let right = min(Int.random(in: 0..<400, using: &generator), Int.random(in: 0..<400, using: &generator))
      return question(number, (0..<4).map { "choice \((right + $0 * 7) % 400)" })
    }

    let share = AnswerShare(set, fixed: [])

    #expect(deviations(share.kept).values.allSatisfy { abs($0) <= 3 })
    // Each text is offered as wrong mostly where the one seven before it is right, so a cut spreads along the chain.
    #expect(share.kept.count > 20_000)
  }
}
