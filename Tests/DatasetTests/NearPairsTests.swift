import Testing

@testable import Dataset

@Suite struct NearPairsTests {
  /// Texts of words that a seed makes; no two are alike.
  private static func stem(_ number: Int, words: Int = 12) -> String {
    var state = UInt64(number) &* 2_654_435_761 &+ 12_345
    return (0..<words).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return "w" + String(state >> 44, radix: 36)
    }.joined(separator: " ")
  }

  private func texts(_ stems: [String], _ settings: NearSettings = NearSettings(), threads: Int = 2) -> QuestionTexts {
    var texts = QuestionTexts(settings)
    texts.add(stems.map { .init(stem: $0, choices: ["yes", "no"]) }, threads: threads)
    return texts
  }

  @Test func theBytesAreThoseOfTheNormalisedStem() {
    let samples = [
      "Which SOUND, is heard?", "  a--b__c  9.5 ", "", "?!", " Ü-Bahn ΣΑΣ 日本語 ", "it's 5 o'clock", "naïve\u{301} x",
      "♪ ♫",
      "snake_case\tand\nlines", "é",
    ]
    for sample in samples {
      var bytes: [UInt8] = []
      PlainBytes.append(sample, to: &bytes)

      #expect(String(decoding: bytes, as: UTF8.self) == NearDuplicates.normalisedStem(sample))
    }
  }

  @Test func theOrderOfTheChoicesAndPunctuationDoNotCount() {
    var texts = QuestionTexts(NearSettings())
    texts.add(
      [
        .init(stem: "What barks?", choices: ["a dog", "A cat."]),
        .init(stem: "what  barks", choices: ["a cat", "a dog"]),
        .init(stem: "What barks", choices: ["a cat", "a dog", "a cow"]),
      ], threads: 1)

    #expect(texts.textOfQuestion == [0, 0, 1])
    #expect(texts.firstQuestion == [0, 2])
  }

  @Test func trueSimilarityIsThatOfTheSetsOfShingles() {
    let samples = [
      "abcdef", "abcdexy", "aaaaaaaaaaaa", "", "abc", "日本語ですね", "the dog barks at the dog", "a dog barks at it",
    ]
    for length in [1, 4, 7] {
      var similarity = TrueSimilarity(shingle: length)
      for one in samples {
        Array(one.utf8).withUnsafeBufferPointer { similarity.take($0) }
        for other in samples {
          let counted = Array(other.utf8).withUnsafeBufferPointer { similarity.similarity(to: $0) }

          #expect(counted == Self.jaccard(one, other, length), "\(one) \(other) \(length)")
        }
      }
    }
  }

  private static func jaccard(_ one: String, _ other: String, _ length: Int) -> Double {
    func set(_ text: String) -> Set<String> {
      let scalars = Array(text.unicodeScalars)
      guard scalars.count >= length else { return [text] }
      return Set(
        (0...(scalars.count - length)).map { start in
          String(String.UnicodeScalarView(scalars[start..<(start + length)]))
        })
    }
    return Double(set(one).intersection(set(other)).count) / Double(set(one).union(set(other)).count)
  }

  @Test func sketchesAgreeAsOftenAsTheTextsAreSimilar() {
    var hash = MinHash(NearSettings(shingle: 4, bands: 64, rows: 8))
    var similarity = TrueSimilarity(shingle: 4)
    var worst = 0.0
    var sum = 0.0
    for number in 0..<200 {
      let one = Array(Self.stem(number).utf8)
      // From nearly all to hardly anything in common.
      let other = Array((Self.stem(number, words: 1 + number % 12) + " " + Self.stem(number + 1000, words: 6)).utf8)
      let (first, second) = one.withUnsafeBufferPointer { one in
        other.withUnsafeBufferPointer { other in
          similarity.take(one)
          return (hash.sketch(of: one), hash.sketch(of: other))
        }
      }
      let counted = other.withUnsafeBufferPointer { similarity.similarity(to: $0) }
      let agreeing = Double(zip(first, second).count { $0 == $1 }) / Double(first.count)
      worst = max(worst, abs(agreeing - counted))
      sum += agreeing - counted
    }

    // 512 draws have a standard error of at most 0.022; over 200 pairs the mean's is a fourteenth of that.
    #expect(worst < 0.1, "\(worst)")
    #expect(abs(sum / 200) < 0.006, "\(sum / 200)")
  }

  @Test func plantedPairsAreFoundAndNothingElse() {
    var stems = (0..<3_000).map { Self.stem($0) }
    for number in 0..<300 {
      // One letter of a text of 70 to 80 characters: 4 shingles of some 80.
      var copy = Array(Self.stem(number * 10).utf8)
      copy[20 + number % 30] = UInt8(ascii: "_")
      stems.append(String(decoding: copy, as: UTF8.self))
    }
    let texts = texts(stems)

    let pairs = texts.nearPairs(threads: 2)

    #expect(pairs.allSatisfy { $0.similarity >= 0.85 })
    var similarity = TrueSimilarity(shingle: 4)
    let planted = (0..<300).filter { number in
      texts.withText(UInt32(number * 10)) { similarity.take($0) }
      return texts.withText(UInt32(3_000 + number)) { similarity.similarity(to: $0) } >= 0.85
    }
    #expect(planted.count > 250)
    #expect(pairs.map { Int($0.second) - 3_000 } == planted.filter { $0 >= 0 })
    #expect(pairs.allSatisfy { $0.first == ($0.second - 3_000) * 10 })
  }

  @Test func theNumberOfThreadsDoesNotShow() {
    let stems = (0..<400).map { Self.stem($0 % 40) + " " + Self.stem($0, words: 1) }

    let one = texts(stems, threads: 1).nearPairs(threads: 1)

    #expect(!one.isEmpty)
    for threads in [2, 3, 8] { #expect(texts(stems, threads: threads).nearPairs(threads: threads) == one) }
  }

  @Test func aWordingThatVeryManyShareTakesTimeInProportion() {
    // All share most of their text, and none is like another: every key may bring thousands together.
    let stem = "Which of the following sounds is the one that can be heard in the background of this recording of"
    let settings = NearSettings(similarity: 0.95)
    let clock = ContinuousClock()
    func seconds(_ count: Int) -> Double {
      let texts = texts((0..<count).map { "\(stem) \(Self.stem($0, words: 3))" }, settings)
      return clock.measure { _ = texts.nearPairs(threads: 1) } / .seconds(1)
    }

    let few = seconds(1_000)
    let many = seconds(8_000)

    // Each against each would be 64 times.
    #expect(many < 24 * few + 0.2, "\(many) s against \(few) s")
  }

  @Test func storedKeysAreTakenInPlaceOfNewOnes() {
    let first = texts((0..<100).map { Self.stem($0) })
    var second = QuestionTexts(NearSettings())
    second.add(
      (0..<100).map {
        .init(stem: Self.stem($0), choices: ["yes", "no"], signature: Array(first.signature(ofQuestion: $0)))
      },
      threads: 2)

    #expect(first.keys == second.keys)
    #expect(first.signature(ofQuestion: 7).count == NearSettings().bands)
  }

  @Test func aMemberIsAsSimilarToItsFirstTextAsTheSettingsSay() {
    // A chain: each is like the next, the ends are not.
    let words = Self.stem(1, words: 60).split(separator: " ").map(String.init)
    let stems = (0..<20).map { words[($0 * 2)..<($0 * 2 + 20)].joined(separator: " ") }
    let texts = texts(stems, NearSettings(similarity: 0.7, bands: 64, rows: 4))

    let clusters = WordingClusters(texts, pairs: texts.nearPairs(threads: 1))

    var similarity = TrueSimilarity(shingle: 4)
    for text in 0..<texts.texts {
      let first = clusters.first[text]
      texts.withText(UInt32(text)) { similarity.take($0) }
      let counted = texts.withText(first) { similarity.similarity(to: $0) }
      #expect(abs(counted - Double(clusters.similarity[text])) < 1e-6 && counted >= 0.7)
      #expect(clusters.first[Int(first)] == first)
    }
    #expect(Set(clusters.first).count > 1)
    #expect(clusters.first[1] == 0)
  }

  @Test func theChanceOfACandidateIsTheFormulas() {
    let settings = NearSettings()

    #expect(abs(settings.recall(at: 0.85) - 0.99974) < 1e-4)
    #expect(settings.recall(at: 0.5) < 0.1)
  }

  @Test func textsOfAnyKindAreRead() {
    let odd = [
      "", "\u{0}", "♪", String(repeating: "a", count: 100_000), String(repeating: "日本 ", count: 3_000), "\n\n",
    ]
    let texts = texts(odd + odd)

    #expect(texts.texts == Set(texts.textOfQuestion).count && texts.questions == 12)
    _ = WordingClusters(texts, pairs: texts.nearPairs(threads: 2))
  }
}
