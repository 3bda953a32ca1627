import Dataset
import Testing

@testable import Evaluation

@Suite struct ScoreTableTests {
  private func item(
    _ id: String, _ choices: [String] = ["dog", "cat"], right: Int? = 0, task: String = "sound",
    recording: String? = nil
  ) -> BenchmarkItem {
    BenchmarkItem(
      id: id, kind: .choice, choices: choices, answer: right.map { choices[$0] }, answerIndex: right,
      attributes: [BenchmarkItem.Attribute("task", task)], recording: recording)
  }

  private func reversed(_ item: BenchmarkItem) -> ChoiceOrder { ChoiceOrder(places: item.choices.indices.reversed())! }

  @Test func rulesStandSideBySideInTotalAndByAttribute() throws {
    let items = [
      item("1"), item("2", right: 1), item("3", task: "music"), item("4", task: "music"), item("5"),
      item("6", right: nil),
    ]
    let outputs: [String?] = ["dog", "B", "The answer is dog.", "", nil]
    let answered = zip(items, outputs).map { Answered($0, output: $1) }

    let table = ScoreTable(items, answered)
    let total = try #require(table.total)

    #expect(total.items == 5 && total.answers == 5 && total.unanswered == 2 && total.undecided == 0)
    #expect(AnswerRule.allCases.map { total.score($0)?.right } == [1, 1, 2, 2, 1])
    #expect(AnswerRule.allCases.map { total.score($0)?.unscored } == [0, 0, 1, 1, 4])
    #expect(total.score(.mmau)?.share == 0.4 && total.score(.mmau)?.publishedShare == 0.5)
    #expect(total.score(.strict)?.publishedShare == nil)
    #expect(total.score(.mmau)?.interval == Interval.wilson(right: 2, of: 5))
    #expect(table.groups.map(\.attribute) == ["task"])
    #expect(table.groups[0].rows.map(\.value) == ["music", "sound"])
    #expect(table.row("task", "music")?.score(.mmau)?.right == 1)
    #expect(table.unscorable == 1 && table.unasked.isEmpty)
  }

  @Test func itemsThatWereNeverAskedAreNamedAndInNoRow() throws {
    let table = ScoreTable([item("1"), item("2")], [Answered(item("1"), output: "dog")])

    #expect(table.unasked == ["2"])
    #expect(table.total?.items == 1)
    #expect(ScoreTable([item("1")], []).total == nil)
  }

  @Test func anItemInSeveralOrdersHasPartsOfAPoint() throws {
    let one = item("1")
    let orders = [(order: ChoiceOrder(choices: 2), output: "A"), (order: reversed(one), output: "A")]

    let answered = Answered(one, outputs: orders)
    let row = try #require(ScoreTable([one], [answered]).total)

    #expect(answered.answers.map(\.chosen) == [0, 1])
    #expect(row.items == 1 && row.answers == 2)
    #expect(row.score(.letter)?.share == 0.5 && row.score(.letter)?.right == 1)
  }

  @Test func tagsAreTakenOffWhereAskedFor() {
    let output = "<think>a cat?</think><answer> dog </answer>"

    #expect(Answered(item("1"), output: output, extraction: .answerTag).score(.strict) == 1)
    #expect(Answered(item("1"), output: output).score(.strict) == 0)
    #expect(Answered(item("1"), output: output, extraction: .answerTag).answers[0].output == output)
  }

  @Test func intervalsByRecordingAreWider() throws {
    let items = (0..<200).map { item("\($0)", recording: "\($0 / 4)") }
    let answered = items.enumerated().map { Answered($1, output: $0 / 4 % 2 == 0 ? "dog" : "cat") }

    let byItem = try #require(ScoreTable(items, answered).total?.score(.strict)?.interval)
    let byRecording = try #require(
      ScoreTable(items, answered, .init(intervals: .byRecording)).total?.score(.strict)?.interval)

    #expect(byRecording.high - byRecording.low > 1.7 * (byItem.high - byItem.low))
  }

  @Test func consistencyCountsWhatIsMeantNotWhereItStands() throws {
    let (one, other) = (item("1"), item("2"))
    let orders = { (item: BenchmarkItem) in [ChoiceOrder(choices: 2), self.reversed(item)] }
    let steady = Answered(one, outputs: zip(orders(one), ["A", "B"]).map { ($0, $1) })
    let stuck = Answered(other, outputs: zip(orders(other), ["A", "A"]).map { ($0, $1) })

    let consistency = try #require(ChoiceConsistency([steady, stuck, Answered(item("3"), output: "dog")]))

    #expect(consistency.items == 2 && consistency.same == 0.5 && consistency.agreement == 0.5)
    #expect(consistency.positions == [3, 1])
    #expect(ChoiceConsistency.rightInAllOrders([steady, stuck], by: .letter) == 0.5)
    #expect(ChoiceConsistency([Answered(one, output: "dog")]) == nil)
  }

  @Test func ordersBringEveryChoiceToEveryPlace() {
    let orders = ChoiceOrder.orders(6, choices: 4, id: "x")

    #expect(orders.count == 6 && Set(orders).count == 6)
    #expect(orders[0] == ChoiceOrder(choices: 4))
    for place in 0..<4 { #expect(Set(orders.prefix(4).map { $0.places[place] }) == [0, 1, 2, 3]) }
    #expect(ChoiceOrder.orders(6, choices: 4, id: "x") == orders)
    #expect(ChoiceOrder.orders(9, choices: 2, id: "x").count == 2)
    #expect(ChoiceOrder(places: [0, 0]) == nil && ChoiceOrder(places: [1, 2]) == nil)
  }

  @Test func twoRunsAreComparedOnWhatBothWereAsked() throws {
    let items = (0..<40).map { item("\($0)") }
    let first = items.prefix(30).enumerated().map { Answered($1, output: $0 < 20 ? "dog" : "cat") }
    let second = items.enumerated().map { Answered($1, output: $0 % 4 == 0 ? "dog" : "cat") }

    let comparison = try #require(RunComparison(first, second, by: .strict))

    #expect(comparison.items == 30 && comparison.unpairedFirst == 0 && comparison.unpairedSecond == 10)
    #expect(
      [comparison.bothRight, comparison.onlyFirst, comparison.onlySecond, comparison.bothWrong] == [5, 15, 3, 7])
    #expect(comparison.pValue == McNemar.pValue(onlyFirst: 15, onlySecond: 3))
    #expect(abs(comparison.difference.difference - 0.4) < 1e-12)
    #expect(comparison.difference.interval.low > 0.1)
    #expect(RunComparison([], second, by: .strict) == nil)
  }

  @Test func baselinesFollowFromTheChoices() throws {
    let items = [
      item("1", ["dog", "a cat"], right: 0), item("2", ["dog", "a cat"], right: 1),
      item("3", ["x", "y", "x", "y"], right: 2), item("4", ["dog", "cat"], right: 1), item("5", right: nil),
    ]

    let baselines = try #require(ChoiceBaselines(items, position: ChoiceBaselines.mostFrequentPosition(items)))

    #expect(ChoiceBaselines.mostFrequentPosition(items) == 1)
    #expect(baselines.first == 0.5)
    #expect(baselines.longest == 0.5)
    #expect(baselines.mostFrequentPosition == 0.5)
    #expect(baselines.random == 0.5)
    #expect(ChoiceBaselines([item("5", right: nil)], position: 0) == nil)
  }

  @Test(.enabled(if: RuleFixtures.benchmarks != nil, "EARSHOT_TEST_DATA is not set"))
  func testMiniHasTheKnownBaselines() throws {
    let items = try BenchmarkFile.read(path: RuleFixtures.benchmarks! + "/mmau-test-mini.json").items
    let answered = items.map { Answered($0, output: $0.choices[0]) }

    let table = ScoreTable(items, answered)
    let total = try #require(table.total)

    #expect(total.baselines.first == 0.395)
    #expect(total.baselines.longest == 0.394)
    #expect(total.baselines.mostFrequentPosition == 0.395 && table.mostFrequentPosition == 0)
    // 25.54 % if the answer were one place; in 27 items choices come twice.
    #expect(abs(total.baselines.random - 0.258725) < 1e-9)
    #expect(total.score(.strict)?.right == 395)
    #expect(table.groups.map(\.attribute) == ["task", "category", "sub-category", "difficulty", "dataset", "split"])
    #expect(table.groups[0].rows.map(\.items) == [334, 333, 333])
    #expect(table.groups[1].rows.map(\.items) == [323, 677])
    #expect(table.groups[2].rows.count == 27)
    #expect(table.groups[3].rows.map(\.items) == [224, 236, 540])
  }
}
