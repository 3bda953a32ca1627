import Testing

@testable import Evaluation

// The reference is openai-whisper 20250625; Tests/Fixtures/evaluation/text.py records what it gives.
@Suite struct NormalizerTests {
  private struct Recorded: Decodable {
    /// Text, English, basic; and for some also basic without diacritics and basic with letters apart.
    let lines: [[String]]
    let cleaned: [Cleaned]
  }

  private struct Cleaned: Decodable {
    let text: String
    let plain: String
    let chinese: String
    let english: [String]
    let other: [String]
    let characters: [String]

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      text = try row.decode(String.self)
      plain = try row.decode(String.self)
      chinese = try row.decode(String.self)
      english = try row.decode([String].self)
      other = try row.decode([String].self)
      characters = try row.decode([String].self)
    }
  }

  @Test func englishIsNormalizedAsByWhisper() throws {
    let lines = try RecordedTexts.read("normalization", as: Recorded.self).lines
    let normalizer = WhisperEnglishNormalizer()

    #expect(lines.count > 3000)
    for line in lines {
      let normalized = normalizer.normalize(line[0])
      #expect(normalized.isSame(as: line[1]), "'\(line[0])' (\(line[0].codes)) gave '\(normalized)', not '\(line[1])'")
    }
  }

  @Test func textsAreNormalizedAsByWhispersBasicNormalizer() throws {
    let lines = try RecordedTexts.read("normalization", as: Recorded.self).lines

    for line in lines {
      let normalized = WhisperBasicNormalizer().normalize(line[0])
      #expect(normalized.isSame(as: line[2]), "'\(line[0])' (\(line[0].codes)) gave '\(normalized)', not '\(line[2])'")
    }
    let more = lines.filter { $0.count == 5 }
    #expect(more.count > 300)
    for line in more {
      let bare = WhisperBasicNormalizer(removesDiacritics: true).normalize(line[0])
      #expect(bare.isSame(as: line[3]), "\(line[0].codes)")
      let split = WhisperBasicNormalizer(splitsLetters: true).normalize(line[0])
      #expect(split.isSame(as: line[4]), "\(line[0].codes)")
    }
  }

  @Test func transcriptsAreCutAsByQwen2Audio() throws {
    let rows = try RecordedTexts.read("normalization", as: Recorded.self).cleaned

    #expect(rows.count > 200)
    for row in rows {
      #expect(TranscriptUnits.other.clean(row.text).isSame(as: row.plain), "\(row.text.codes)")
      #expect(TranscriptUnits.chinese.clean(row.text).isSame(as: row.chinese), "\(row.text.codes)")
      #expect(TranscriptUnits.english.units(of: row.text) == row.english, "\(row.text.codes)")
      #expect(TranscriptUnits.other.units(of: row.text) == row.other, "\(row.text.codes)")
      #expect(TranscriptUnits.chinese.units(of: row.text) == row.characters, "\(row.text.codes)")
    }
  }

  @Test func everyKindOfRuleShowsInASentence() {
    let said = "Mr. O'Neil won't pay £2 and ¢7 for the colour [cough] of twenty-one theatres, (uh) one oh one per cent!"

    let normalized = WhisperEnglishNormalizer().normalize(said)

    #expect(normalized == "mister 0 neil will not pay £2.07 for the color of 21 theaters 101%")
  }

  @Test func longAndHostileTextsTakeNoLongerThanTheirLength() {
    let texts = ["<", "(", "[a", "<|", "9 ", "and a half ", "' ", "ΣΣ'", "million ", "1,", "e\u{301}"]

    for text in texts {
      let long = String(repeating: text, count: 60_000)
      _ = WhisperBasicNormalizer().normalize(long)
      _ = WhisperEnglishNormalizer().normalize(long)
      _ = TranscriptUnits.other.clean(long)
    }
  }

  @Test func numbersOfAnyLengthAreMultiplied() {
    let digits = String(repeating: "1", count: 5_000)

    #expect(WhisperEnglishNormalizer().normalize(digits + " decillion").hasPrefix(digits.dropLast(100)))
    #expect(DecimalInteger(999).multiplyingLastThreeDigits(byTenToThe: 2).description == "99900")
    #expect((DecimalInteger(999_999) + DecimalInteger(1)).description == "1000000")
  }
}
