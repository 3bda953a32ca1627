import Testing

@testable import Dataset

/// A thousand good questions and four hundred with a planted fault, from one seed.
@Suite struct PlantedFaultTests {
  private func checks(_ question: WrittenQuestion) -> QuestionChecks {
    QuestionChecks(CheckSettings(choices: question.choices.count))
  }

  @Test func goodQuestionsPass() {
    var rejected: [String] = []
    for number in 0..<1000 {
      var world = ClipWorld(seed: UInt64(number))
      let question = world.question(number % ClipWorld.kinds)
      let verdict = checks(question).verdict(for: question, on: world.evidence)
      if let code = verdict.code {
        rejected.append(
          "\(code.rawValue) \(verdict.detail ?? "") \(question.stem) \(question.choices) \(world.evidence.told)")
      }
    }

    #expect(rejected.count <= 5, "\(rejected.prefix(8).joined(separator: "\n"))")
  }

  @Test func plantedFaultsAreFound() {
    var missed: [String] = []
    let kinds = PlantedFault.allCases
    for number in 0..<400 {
      let fault = kinds[number % kinds.count]
      var world = ClipWorld(seed: UInt64(10_000 + number))
      let question = fault.plant(in: &world, number / kinds.count)
      let verdict = checks(question).verdict(for: question, on: world.evidence)
      guard verdict.code != fault.code else { continue }
      missed.append(
        "\(fault): \(verdict.code?.rawValue ?? "passed") \(question.stem) \(question.choices) \(world.evidence.told)")
    }

    #expect(kinds.count >= 20)
    #expect(missed.count <= 4, "\(missed.prefix(12).joined(separator: "\n"))")
  }

  @Test(arguments: NearMiss.all) func nearMissesPass(miss: NearMiss) {
    let verdict = checks(miss.question).verdict(for: miss.question, on: miss.clip)

    #expect(verdict == .accepted, "\(miss.name)")
  }
}

/// What looks like a fault and is none.
struct NearMiss: Sendable, CustomTestStringConvertible {
  var name: String
  var question: WrittenQuestion
  var clip: ClipEvidence

  var testDescription: String { name }

  private init(
    _ name: String, _ stem: String, _ choices: [String], evidence: String = "A dog barks, then church bells ring."
  ) {
    self.name = name
    question = Self.written(stem, choices, evidence)
    clip = Self.dogAndBells
  }

  private static func written(_ stem: String, _ choices: [String], _ evidence: String) -> WrittenQuestion {
    WrittenQuestion(stem: stem, correct: choices[0], distractors: Array(choices.dropFirst()), evidence: evidence)
  }

  private static let dogAndBells = ClipEvidence(
    captions: ["A dog barks, then church bells ring. There is no music.", "Three separate sound events are heard."],
    told: ["A dog barks, then church bells ring. There is no music."], labels: ["dog", "church bells"],
    measured: ClipMeasurements(
      seconds: 12.4, level: .init(course: "swelling", changeDB: 5, loudestSeconds: 9),
      events: [.init(start: 1, peakDBFS: -12), .init(start: 4, peakDBFS: -3), .init(start: 8, peakDBFS: -9)],
      pitch: .init(contour: "rising"), tempo: .init(beatsPerMinute: 120)))

  static let all: [NearMiss] = [
    NearMiss("words within words", "Which animal is it?", ["a dog", "a dogfish", "a hen", "a cow"]),
    NearMiss("numbers within numbers", "Which number is said?", ["twenty-one", "twenty", "twenty-two", "ninety"]),
    NearMiss("notes as choices", "Which note is played?", ["A", "B", "C", "D"]),
    NearMiss("initials", "Who wrote it?", ["J. S. Bach", "C. P. E. Bach", "G. Mahler", "A. Berg"]),
    NearMiss(
      "other nouns for the same number", "How many are there?", ["two dogs", "two cats", "two hens", "two cows"]),
    NearMiss(
      "a stem that names several choices", "Which is louder, the dog or the bell?",
      ["the bell", "the dog", "neither", "both alike"]),
    NearMiss("what denies the other", "Is the speaker drunk?", ["drunk", "not drunk"]),
    NearMiss(
      "a description that is heard", "Which description fits the sound best?", ["busy", "calm", "empty", "festive"]),
    NearMiss("a sign that is no token", "How long is the pause?", ["< 3 s", "< 5 s", "< 7 s", "< 9 s"]),
    NearMiss(
      "one second among seconds", "How long is the pause?", ["1 second", "2 seconds", "3 seconds", "4 seconds"]),
    NearMiss("several units", "How long is the pause?", ["30 seconds", "1 minute", "2 minutes", "45 seconds"]),
    NearMiss("several numbers of decimals", "How long is the pause?", ["1.5 s", "1 s", "2 s", "2.5 s"]),
    NearMiss("an article left open", "The animal is a/an", ["owl", "dog", "cat", "cow"]),
    NearMiss("an article beside what takes none", "What is loud?", ["a dog", "rain", "thunder", "music"]),
    NearMiss("a longer name", "What passes by?", ["a police siren", "a dog", "a cat", "a cow"]),
    NearMiss(
      "none of the speakers", "Who is angry?",
      ["none of the speakers", "the first one", "the second one", "both speakers"]),
    NearMiss("chords of two letters", "Which chords are played?", ["A and E", "C and G", "D and F", "B and F"]),
    NearMiss(
      "evidence with an ellipsis", "Which animal is it?", ["dog", "cat", "hen", "cow"],
      evidence: "A dog … church bells ring"),
    NearMiss(
      "evidence of two quotations", "Which animal is it?", ["dog", "cat", "hen", "cow"],
      evidence: "“church bells ring” and \"separate sound events\""),
    NearMiss(
      "what is counted is no event", "How many times does the dog bark?", ["twice", "once", "never", "four times"]),
    NearMiss(
      "a length of a part", "How long does the dog bark?", ["5 seconds", "2 seconds", "9 seconds", "7 seconds"]),
    NearMiss(
      "a length that is rounded", "How long is the recording?",
      ["12 seconds", "20 seconds", "30 seconds", "60 seconds"]),
    NearMiss("a tempo felt at half", "What is the tempo?", ["60 BPM", "97 BPM", "75 BPM", "150 BPM"]),
    NearMiss(
      "a part of a longer course", "How does the loudness develop?",
      ["it grows louder", "it stays even", "it keeps falling", "it only dips"]),
    NearMiss("a pitch of one moment", "How high is the pitch at the end?", ["440 Hz", "220 Hz", "880 Hz", "110 Hz"]),
    NearMiss(
      "what comes first, in other words", "Which sound is heard first?", ["a dog", "church bells", "a horn", "a flute"]),
    NearMiss("what comes after", "What is heard after the dog?", ["church bells", "a horn", "a flute", "a cat"]),
    NearMiss("what the caption denies", "Which of these is heard?", ["a dog", "music", "a flute", "a horn"]),
    NearMiss(
      "another sound of one that is there", "Which sound is heard?",
      ["church bells", "bicycle bells", "a flute", "a horn"]),
    NearMiss(
      "what is there, asked by loudness", "Which sound is the loudest?", ["church bells", "a dog", "a flute", "a horn"]),
  ]
}
