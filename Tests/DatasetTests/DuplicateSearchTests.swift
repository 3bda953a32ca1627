import Foundation
import Testing

@testable import Dataset

@Suite struct DuplicateSearchTests {
  private func search(
    _ questions: [DuplicateSearch.Question], _ settings: NearSettings = NearSettings()
  ) -> DuplicateSearch {
    var search = DuplicateSearch(settings)
    search.add(questions, threads: 2)
    return search
  }

  private func question(
    _ stem: String, _ choices: [String] = ["a dog", "a cat", "a cow", "a hen"], answer: Int = 0, sound: String?
  ) -> DuplicateSearch.Question {
    .init(stem: stem, choices: choices, answer: choices[answer], sound: sound)
  }

  @Test func aWordingRepeatedForOtherSoundsStays() {
    let search = search((0..<100).map { question("Which animal is heard?", sound: "clip \($0)") })

    let clusters = search.clusters(WordingLimits(), threads: 2)

    #expect(clusters.map(\.kind) == [.wording])
    #expect(clusters[0].members.count == 100 && clusters[0].losers == 0)
  }

  @Test func whatIsAskedTwiceOfOneSoundGoes() throws {
    let rows = [
      question("Which animal is heard barking in the recording?", sound: "a"),
      question("How many events are there in it?", ["3", "4", "5", "6"], sound: "a"),
      question("Which animal is heard barking in this recording?", sound: "b"),
      question("Which animal is heard barking in this recording?", sound: "a"),
      question(
        "which animal is heard barking in the recording", ["a hen", "a cow", "a cat", "a dog"], answer: 1, sound: "a"),
    ]

    let search = search(rows, NearSettings(similarity: 0.8))
    let clusters = search.clusters(WordingLimits(), threads: 1).filter { $0.kind == .sound }

    try #require(clusters.count == 1 && clusters[0].members.count == 3)
    #expect(clusters[0].members.map(\.question) == [0, 3, 4])
    #expect(clusters[0].members.map(\.code) == [nil, .repeatedOfSound, .repeatedOfSound])
    #expect(clusters[0].members[2].similarity == 1)
    #expect((0.8..<1).contains(clusters[0].members[1].similarity))
  }

  @Test func theSameChoicesWithAnotherAnswerAreAnotherQuestionOfASound() {
    let choices = ["a dog barking", "a church bell", "rain on a roof", "a car horn"]
    let search = search([
      question("Which of the sounds is the first one?", choices, answer: 0, sound: "a"),
      question("Which of the sounds is the last one?", choices, answer: 2, sound: "a"),
    ])

    #expect(search.clusters(WordingLimits(), threads: 1).allSatisfy { $0.losers == 0 })
  }

  @Test func questionsOfNoKnownSoundAreDuplicatesByWordingAndAnswer() {
    let long = "Which of these materials conducts electricity best at room temperature, all else being equal?"
    let choices = ["copper wire", "dry wood", "window glass", "rubber bands"]
    let rows = [
      question(long, choices, sound: nil), question(long.uppercased(), choices.reversed(), answer: 3, sound: nil),
      question(long.replacing("materials", with: "substances"), choices, sound: nil),
      question(long, choices, answer: 1, sound: nil), question("Which animal is heard?", sound: nil),
    ]

    let search = search(rows, NearSettings(similarity: 0.8))
    let clusters = search.clusters(WordingLimits(), threads: 1).filter { $0.losers > 0 }

    #expect(clusters.map(\.kind) == [.sound])
    #expect(clusters[0].members.map(\.question) == [0, 1, 2])
  }

  @Test func aWordingIsCutToItsLimitWithAnswersAlike() {
    // 300 with the first choice right, 60 with the second, 5 with the third.
    let rows = (0..<365).map {
      question("Which animal is heard?", answer: $0 < 300 ? 0 : $0 < 360 ? 1 : 2, sound: "\($0)")
    }
    let search = search(rows)

    let clusters = search.clusters(
      WordingLimits(wording: WordingLimit(share: 0.01, least: 50)), threads: 1)

    let kept = clusters[0].members.filter { $0.code == nil }.map(\.question)
    #expect(clusters.count == 1 && kept.count == 50 && kept.contains(0))
    #expect(
      kept.count { $0 < 300 } == 23 && kept.count { (300..<360).contains($0) } == 22 && kept.count { $0 >= 360 } == 5)
    #expect(clusters[0].members.filter { $0.code != nil }.allSatisfy { $0.code == .templateCap })
  }

  @Test func theLimitOfStemsIsOffUnlessSet() {
    let rows = (0..<50).map { question("Which animal is heard?", ["x\($0) one", "y\($0) two"], sound: "\($0)") }
    let search = search(rows)

    #expect(search.clusters(WordingLimits(), threads: 1).isEmpty)
    let limits = WordingLimits(stem: WordingLimit(share: 0.1, least: 10))
    let clusters = search.clusters(limits, threads: 1)
    #expect(clusters.map(\.kind) == [.stem] && clusters[0].losers == 40)
  }

  @Test func aSoundWithVeryManyQuestionsIsComparedByWordingAndAnswer() {
    var rows = (0..<400).map { number in
      question(
        "Question number \(number * 7919) about the \(number * 104_729) events?", ["\(number)a", "\(number)b"],
        sound: "one")
    }
    rows.append(rows[13])
    let search = search(rows)

    let clusters = search.clusters(WordingLimits(), threads: 1).filter { $0.kind == .sound }

    #expect(clusters.map { $0.members.map(\.question) } == [[13, 400]])
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["EARSHOT_TEST_DATA"] != nil))
  func theMiniSetOfMMAULosesNothing() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["EARSHOT_TEST_DATA"])
    let set = try BenchmarkFile.read(path: folder + "/benchmarks/mmau-test-mini.json")
    let rows = set.items.map { item in
      DuplicateSearch.Question(stem: item.question, choices: item.choices, answer: item.answer, sound: item.audio)
    }

    let clusters = search(rows).clusters(WordingLimits(), threads: 2)

    #expect(set.items.count == 1000)
    #expect(clusters.reduce(0) { $0 + $1.losers } == 0)
    // As one sound, where the words alone tell questions apart: the set has 13 that repeat another exactly.
    let blind = rows.map { DuplicateSearch.Question(stem: $0.stem, choices: $0.choices, answer: $0.answer, sound: nil) }
    #expect(search(blind).clusters(WordingLimits(), threads: 2).reduce(0) { $0 + $1.losers } <= 25)
  }
}
