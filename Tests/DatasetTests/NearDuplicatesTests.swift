import Testing

@testable import Dataset

@Suite struct NearDuplicatesTests {
  @Test func similarityIsJaccardOfFourCharacterShingles() {
    // abcd bcde cdef against abcd bcde cdex dexy: 2 shared of 5.
    let one = NearDuplicates.shingles(of: "abcdef")
    let other = NearDuplicates.shingles(of: "abcdexy")

    #expect(one.count == 3 && other.count == 4)
    #expect(NearDuplicates.jaccard(one, other) == 2.0 / 5.0)
    #expect(NearDuplicates.shingles(of: "abc") == [Array("abc".utf8)])
    #expect(NearDuplicates.shingles(of: "") == [[]])
    #expect(NearDuplicates.shingles(of: "日本語です").count == 2)
  }

  @Test func theKeyForgetsCasePunctuationAndOrder() {
    let key = NearDuplicates.exactKey(question("What barks?", ["dog", "cat", "cow", "hen"]))

    #expect(NearDuplicates.exactKey(question("what  barks", ["Dog.", "hen", "cow", "cat"])) == key)
    #expect(NearDuplicates.exactKey(question("what barks", ["cat", "hen", "cow", "dog"])) == key)
    #expect(NearDuplicates.exactKey(question("What barks?", ["dog", "cat", "cow", "hens"])) != key)
    #expect(NearDuplicates.exactKey(question("?", ["♪", "♫"])) != NearDuplicates.exactKey(question("?", ["♪", "♬"])))
    #expect(NearDuplicates.normalisedStem("  What,  BARKS? ") == "what barks")
  }

  @Test func theEarliestStays() {
    let questions = [
      question("Which animal is heard barking in the recording?", ["a dog", "a cat", "a cow", "a hen"]),
      question("How many events are there?", ["3", "4", "5", "6"]),
      question("Which animal is heard barking in this recording?", ["a dog", "a fox", "a cow", "a hen"]),
      question("Which animal is heard barking in the recording", ["a dog", "a hen", "a cat", "a cow"]),
      question("How many events are there?", ["30", "4", "5", "6"]),
    ]

    let found = NearDuplicates.duplicates(in: questions, threshold: 0.8)

    #expect(found.map(\.loser) == [2, 3, 4])
    #expect(found.map(\.survivor) == [0, 0, 1])
    #expect(found.map(\.isExact) == [false, true, false])
    #expect(found[1].similarity == 1)
    #expect(found.allSatisfy { $0.similarity >= 0.8 })
    #expect(NearDuplicates.duplicates(in: questions, threshold: 1.01).map(\.loser) == [3])
  }

  @Test func questionsWithOtherAnswersStay() {
    let questions = [
      question("At what time does the loudest event begin?", ["2 seconds", "4 seconds", "7 seconds", "9 seconds"]),
      question("How long is the recording in whole seconds?", ["10", "20", "30", "40"]),
    ]

    #expect(NearDuplicates.duplicates(in: questions, threshold: 0.85).isEmpty)
  }
}
