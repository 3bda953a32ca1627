import Foundation
import Testing

@testable import Dataset

@Suite struct LinterTests {
  private func report(_ items: [LintItem], _ settings: LintSettings = LintSettings(templateShare: 1)) -> LintReport {
    var linter = Linter(settings)
    for item in items { linter.add(.question(item)) }
    return linter.report(file: "set.jsonl")
  }

  private func report(lines: String) throws -> LintReport {
    try withFolder { folder in
      let path = folder.appendingPathComponent("set.jsonl").path
      try Data(lines.utf8).write(to: URL(fileURLWithPath: path))
      var linter = Linter()
      var reader = try LintReader(path: path)
      while let entry = try reader.next() { linter.add(entry) }
      return linter.report(file: "set.jsonl")
    }
  }

  /// Items whose answers stand where `places` says; no two share a text.
  private func items(_ places: [Int], choices: Int = 4) -> [LintItem] {
    places.enumerated().map { number, place in
      let texts = (0..<choices).map { "sound \(number)x\($0)" }
      return LintItem(
        id: "\(number)", question: ChoiceQuestion(stem: "Which sound \(number)y is it?", choices: texts, answer: place))
    }
  }

  @Test func evenPlacesAreNoCue() {
    let report = report(items((0..<400).map { $0 % 4 }))

    #expect(report.positions.counts == [100, 100, 100, 100])
    #expect(report.positions.p == 1 && report.positions.largestDeviation == 0)
    #expect(report.setProblems.isEmpty && !report.hasErrors)
  }

  @Test func placesThatDependOnTheNumberOfChoicesAreHeldAgainstTheirOwnChance() {
    let report = report(items((0..<200).map { $0 % 2 }, choices: 2) + items((0..<200).map { $0 % 4 }))

    #expect(report.positions.counts == [150, 150, 50, 50])
    #expect(report.positions.p == 1 && report.positions.severity == nil)
  }

  @Test func anAnswerThatIsOftenFirstIsAnError() {
    let report = report(items((0..<400).map { $0 % 10 < 4 ? 0 : $0 % 4 }))

    #expect(report.positions.severity == .error && report.positions.deviatingPlace == 0)
    #expect(report.positions.largestDeviation > 0.25)
    #expect(report.setProblems.map(\.name) == ["answer position"])
  }

  // scipy.stats.chi2.sf(7.81, 3), (0.1, 1), (40, 10), (200, 4).
  @Test(arguments: [
    (7.81, 3, 0.05010605635), (0.1, 1, 0.7518296340), (40, 10, 1.694474393e-5), (200, 4, 3.757276736e-42),
  ])
  func chiSquareIsThatOfScipy(statistic: Double, degrees: Int, expected: Double) {
    let p = Significance.chiSquare(statistic, degrees: degrees)

    #expect(abs(p - expected) < 1e-6 * expected, "\(p)")
  }

  @Test func theLongestChoiceIsACueWhereItIsOftenRight() {
    let cued = (0..<200).map { number -> LintItem in
      var texts = ["low hum \(number)", "soft hum \(number)", "deep hum \(number)", "thin hum \(number)"]
      let place = number % 4
      texts[place] = "wide hums \(number)"
      return LintItem(
        id: "\(number)", question: ChoiceQuestion(stem: "Which hum is it?", choices: texts, answer: place))
    }

    let cue = report(cued).cues.first { $0.name == "longest choice" }

    #expect(cue?.items == 200 && cue?.share == 1 && cue?.chance == 0.25 && cue?.severity == .error)
  }

  @Test func aTextThatIsOftenRightIsFoundAcrossClips() {
    let loaded = (0..<200).map { number in
      LintItem(
        id: "\(number)",
        question: ChoiceQuestion(
          stem: "What is heard?", choices: ["dog", "cat \(number)", "hen \(number)", "cow \(number)"],
          answer: number % 2 == 0 ? 0 : 1 + number % 3), group: "clip \(number / 2)")
    }

    let report = report(loaded, LintSettings())

    #expect(report.priors.map(\.text) == ["dog"] && report.priors[0].offered == 200 && report.priors[0].right == 100)
    let guess = report.cues.first { $0.name == "choices' texts" }
    #expect(guess?.severity == .error && (guess?.share ?? 0) > 0.45)
    #expect(report.templates.severity == .warning && report.templates.templates == 1)
  }

  @Test func stemsAreOfOneTemplateButForNumbersAndQuotedWords() {
    let one = TemplateTally.template("How many times does the word 'attention' appear in the first 3 seconds?")
    let other = TemplateTally.template("How many times does the word 'stop' appear in the first two seconds?")

    #expect(one == "how many times does the word … appear in the first # seconds" && one == other)
    #expect(TemplateTally.template("Which of 3 Sounds, a_b or TWENTY-1st?\r\n") == "which of # sounds a b or # #")
    // A sign beyond ASCII takes the other way.
    for stem in ["Which of 3 Sounds, a_b or TWENTY-1st?\r\n", "", "?!", " Is it\tthe  Second one ", "x2 {2} ten"] {
      let plain = TemplateTally.template(stem)
      #expect(TemplateTally.template("é " + stem) == (plain.isEmpty ? "é" : "é " + plain))
    }
    #expect(TemplateTally.template("What's the dog's name?") == "what's the dog's name")
  }

  @Test func labelsThatAreOfferedOnlyWhereTheyAreRightLeak() {
    let items = (0..<40).map { number in
      LintItem(
        id: "\(number)",
        question: ChoiceQuestion(
          stem: "Which one is there?", choices: ["dog", "harp \(number)", "lute \(number)", "bell \(number)"], answer: 0
        ),
        labels: ["Dog"])
    }

    let leakage = report(items).leakage

    #expect(leakage.labelled == 40 && leakage.answers == 40 && leakage.onlyLabel == 40 && leakage.inStem == 0)
    #expect(leakage.severity == .warning)
  }

  @Test func rowsThatCannotBeReadAreFindingsAndNothingIsLeftOut() throws {
    let report = try report(
      lines: """
        {"id":"1","question":"Which?","choices":["dog","cat"],"answer":"hen"}
        {"id":"2","question":"Which?","choices":["dog","cat"],"answer_index":2}
        {"id":"3","question":"Which?","choices":["dog",""],"answer":"dog"}
        {"id":"4","question":"Which?","choices":["dog","cat"],"answer":"cat"}
        {"id":"4","question":"Which one?","choices":["hen","cow"],"answer":"B"}
        {"id":"5","question":"Which one?","choices":["owl","ant"]}
        {"id":"6","task":"asr","audio":"6.wav","transcript":"good day"}
        {"id":"7",
        """)

    #expect(report.items == 7 && report.refused == 4 && report.others == 1 && report.withheld == 0)
    let counts = Dictionary(uniqueKeysWithValues: report.rules.map { ("\($0.code) \($0.severity)", $0.items) })
    #expect(
      counts == ["E_ANSWER_NOT_IN_CHOICES error": 3, "E_SCHEMA error": 2, "E_SCHEMA warning": 1])
    #expect(report.rules[0].examples.map(\.line) == [1, 2, 6])
    #expect(report.positions.counts == [0, 2])
  }

  @Test func answersThatAllLackAreWithheld() throws {
    let report = try report(
      lines: """
        {"id":"1","audio_id":"1.wav","question":"Which?","choices":["dog","cat"],"answer":""}
        {"id":"2","audio_id":"2.wav","question":"Which?","choices":["dog","cat","Dog"],"answer":""}
        """)

    #expect(report.withheld == 2 && report.rules.map(\.code) == ["E_DUP_CHOICE"])
    #expect(report.positions.groups.isEmpty && report.cues.allSatisfy { $0.items == 0 && $0.severity == nil })
  }

  @Test(.enabled(if: realData != nil, "EARSHOT_TEST_DATA is not set")) func testMiniIsAsPublished() throws {
    var linter = Linter(LintSettings(examples: 0))
    var reader = try LintReader(path: realData! + "/benchmarks/mmau-test-mini.json")
    var wrong: [String: Int] = [:]
    while let entry = try reader.next() {
      for finding in linter.add(entry) where finding.severity == .error {
        wrong[finding.code.rawValue, default: 0] += 1
      }
    }
    let report = linter.report(file: "mmau-test-mini.json")

    #expect(report.items == 1000 && report.refused == 0)
    #expect(Array(report.positions.counts.prefix(4)) == [395, 271, 208, 126])
    #expect(report.positions.groups.first { $0.choices == 4 }?.counts == [363, 259, 203, 123])
    #expect(wrong["E_DUP_CHOICE"] == 27)
    #expect(wrong["E_SCORER_AMBIG"] == 9)
    #expect(report.templates.stems == 811)
    #expect(report.positions.severity == .error)
    #expect(report.cues.first { $0.name == "longest choice" }?.severity == .error)
    // Every one of these was read: each has a fault of the kind that its rule names.
    #expect(report.withErrors < 65, "\(report.withErrors)")
  }
}
