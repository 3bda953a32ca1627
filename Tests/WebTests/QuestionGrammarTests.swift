import Dataset
import Foundation
import Testing

@testable import Web

struct QuestionGrammarTests {
  private static let captions = (0..<200).map { RandomCaption(seed: UInt64($0)) }

  @Test(arguments: [1, 3, 7])
  func everyQuestionIsScoredRightlyByMMAUsMatcher(wrongAnswers: Int) throws {
    for caption in Self.captions {
      for item in try questions("Write 20 questions with \(wrongAnswers) distractors.\n\(caption.text)") {
        let choices = [item.correct] + item.distractors
        #expect(item.distractors.count == wrongAnswers)
        #expect(MMAUMatcher.ambiguity(choices: choices, answer: item.correct) == [], "\(item)")
        #expect(Set(choices.map { Set(TextTokens($0).words) }).count == choices.count, "\(item)")
        for (one, other) in pairs(choices) {
          #expect(!one.lowercased().contains(other.lowercased()), "\(item)")
        }
      }
    }
  }

  @Test func everyQuestionPassesTheChecksAndNoneRepeatsAnother() throws {
    let checks = QuestionChecks()
    for caption in Self.captions {
      let content = QuestionGrammar().content(for: try chatRequest("Write 5 questions.\n\(caption.text)"))
      let reply = ReplyReader.read(content, finishReason: "stop")
      #expect(reply.problem == nil && reply.questions.count == 5)
      for question in reply.questions {
        let verdict = checks.verdict(for: question, captions: [caption.text])
        #expect(verdict.isAccepted, "\(verdict) \(question)")
      }
      #expect(NearDuplicates.duplicates(in: reply.questions, threshold: 0.85) == [])
    }
  }

  @Test func noStemGivesItsAnswerAway() throws {
    for caption in Self.captions {
      for item in try questions("Write 20 questions.\n\(caption.text)") {
        #expect(!TextTokens(item.question).sharesContent(with: TextTokens(item.correct)), "\(item)")
        #expect(item.question.hasSuffix("?"))
      }
    }
  }

  @Test func evidenceIsASentenceOfTheCaption() throws {
    for caption in Self.captions {
      for item in try questions(caption.text) {
        #expect(caption.text.contains(item.evidence))
        #expect(item.evidence.hasSuffix("."))
      }
    }
  }

  @Test func fiveQuestionsAreWrittenEvenOnABlip() throws {
    for seed in 0..<150 {
      let short = try questions(RandomCaption(seed: UInt64(seed), short: true).text)
      #expect(short.count == 5, "\(RandomCaption(seed: UInt64(seed), short: true).text)")
      #expect(Set(short.map(\.question)).count == 5)
    }
    for caption in Self.captions {
      #expect(try questions(caption.text).count == 5)
    }
  }

  @Test func theLabelIsAskedFirst() throws {
    for caption in Self.captions where !caption.labels.isEmpty {
      let first = try #require(try questions(caption.text).first)
      #expect(caption.labels.contains(first.correct))
      #expect(Set(first.distractors).isDisjoint(with: caption.labels))
      #expect(first.skill == .identification)
    }
  }

  // The 99.9 % point of chi-square with 3 degrees of freedom is 16.27.
  @Test func theAnswerIsNoMoreLikelyAtOnePlaceInOrderOfSizeThanAtAnother() throws {
    var counts = [0, 0, 0, 0]
    var byUnit: [String: [Int]] = [:]
    for seed in 0..<2_000 {
      for item in try questions(RandomCaption(seed: UInt64(10_000 + seed)).text) {
        guard let truth = number(item.correct), let unit = item.correct.split(separator: " ").dropFirst().first else {
          continue
        }
        let place = item.distractors.compactMap(number).count { $0 < truth }
        counts[place] += 1
        byUnit[String(unit), default: [0, 0, 0, 0]][place] += 1
      }
    }

    #expect(counts.reduce(0, +) > 5_000)
    #expect(chiSquare(counts) < 16.27, "\(counts)")
    for (unit, counts) in byUnit { #expect(chiSquare(counts) < 16.27, "\(unit): \(counts)") }
  }

  @Test func noPropertyIsOftenOfferedAndNeverRight() throws {
    var offered: [String: Int] = [:]
    var right: Set<String> = []
    for seed in 0..<2_000 {
      for item in try questions(RandomCaption(seed: UInt64(seed)).text) where item.skill != .identification {
        right.insert(item.correct)
        for wrong in item.distractors where !wrong.contains(where: \.isNumber) { offered[wrong, default: 0] += 1 }
      }
    }

    let often = offered.filter { $0.value > 30 }
    #expect(often.count >= 5)
    #expect(Set(often.keys).isSubset(of: right), "\(often)")
  }

  @Test func wrongNumbersAreFarFromTheTruthAndOfOneForm() throws {
    for caption in Self.captions {
      for item in try questions("Write 20 questions.\n\(caption.text)") where item.correct.hasSuffix(" Hz") {
        let truth = try #require(number(item.correct))
        for wrong in item.distractors {
          let ratio = Double(try #require(number(wrong))) / Double(truth)
          #expect(wrong.hasSuffix(" Hz"))
          #expect(max(ratio, 1 / ratio) > 1.35, "\(item)")
        }
      }
    }
  }

  @Test func theSameFactsGiveTheSameQuestionsUnderAnyPrompt() throws {
    let caption = Self.captions[7].text

    let one = try questions("Write 5 questions. \(caption)")
    let other = try questions("Bitte 5 questions:\n\n* \(caption)\n\nDanke.")

    #expect(one == other)
    #expect(try questions(caption, seed: 3) != questions(caption, seed: 4))
  }

  @Test func manyFactsAreAskedAboutAndInManyWords() throws {
    var stems: Set<String> = []
    var skills: [QuestionItem.Skill: Int] = [:]
    for caption in Self.captions {
      for item in try questions(caption.text) {
        stems.insert(item.question)
        skills[item.skill, default: 0] += 1
      }
    }

    #expect(stems.count > 40)
    #expect(skills.count == 7)
    for (skill, count) in skills { #expect(count > 20, "\(skill)") }
  }

  @Test func contentIsJSONWithTheFieldsAsked() throws {
    let content = QuestionGrammar().content(for: try chatRequest("Write 2 questions. " + Self.captions[3].text))

    let parsed = try #require(try JSONSerialization.jsonObject(with: Data(content.utf8)) as? [String: [[String: Any]]])
    let items = try #require(parsed["items"])
    #expect(items.count == 2)
    for item in items {
      #expect(item.keys.sorted() == ["correct", "difficulty", "distractors", "evidence", "question", "skill"])
    }
  }

  private func number(_ text: String) -> Int? {
    Int(text.prefix { $0.isNumber || $0 == "-" })
  }

  private func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  private func pairs(_ items: [String]) -> [(String, String)] {
    items.indices.flatMap { one in items.indices.filter { $0 != one }.map { (items[one], items[$0]) } }
  }
}
