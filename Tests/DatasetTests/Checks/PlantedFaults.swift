@testable import Dataset

/// The kinds of faults that are planted in good questions, each with the code that finds it. `docs/checks.md` lists them
/// with their near misses.
enum PlantedFault: CaseIterable {
  case repeatedChoice, sameNumber, nestedChoice, letterForAnswer, reorderedChoice, unscorableAnswer, leakedAnswer
  case leakedWords, metaText, trainerToken, controlCharacter, otherUnit, otherNumberFormat, article, longAnswer
  case allOfTheAbove, inventedEvidence, wrongCount, wrongDuration, wrongTempo, wrongLoudness, wrongPitch, wrongOrder
  case labelledDistractor, measuredDistractor

  var code: ReasonCode {
    switch self {
    case .repeatedChoice, .sameNumber: .duplicateChoice
    case .nestedChoice: .choiceOverlap
    case .letterForAnswer: .answerNotInChoices
    case .reorderedChoice, .unscorableAnswer: .scorerAmbiguous
    case .leakedAnswer, .leakedWords: .leakedAnswer
    case .metaText: .metaText
    case .trainerToken, .controlCharacter: .forbiddenToken
    case .otherUnit: .unitCue
    case .otherNumberFormat: .numberCue
    case .article: .articleCue
    case .longAnswer: .lengthCue
    case .allOfTheAbove: .otherChoices
    case .inventedEvidence: .unsupported
    case .wrongCount, .wrongDuration, .wrongTempo, .wrongLoudness, .wrongPitch, .wrongOrder: .contradicted
    case .labelledDistractor, .measuredDistractor: .trueDistractor
    }
  }

  /// A question about the clip that has the fault and was good without it; `turn` picks among its forms.
  func plant(in world: inout ClipWorld, _ turn: Int) -> WrittenQuestion {
    var question = world.question(goodKind)
    func form(_ texts: [String]) -> String { texts[turn % texts.count] }
    switch self {
    case .repeatedChoice:
      question.distractors[0] = form([
        question.correct.uppercased(), "the " + question.correct, question.correct + "!", question.distractors[1],
      ])
    case .sameNumber: question.distractors[0] = form(["\(question.correct).0", "0\(question.correct)"])
    case .nestedChoice: question.distractors[0] = form(["a loud ", "another "]) + question.correct
    case .letterForAnswer: question.correct = form(["A", "(b)", "C)", "d."])
    case .reorderedChoice:
      question.correct = form(["a gong, then a whisper", "the left one before the right one"])
      question.distractors[0] = form(["a whisper, then a gong", "the right one before the left one"])
    case .unscorableAnswer: question.correct = form(["♪", "!?", "— —"])
    case .leakedAnswer:
      question.stem = form([
        "Which \(question.correct) is heard here?", "What makes the sound of the \(question.correct)?",
      ])
    case .leakedWords:
      question.correct = form(["a neighing horse", "squeaking hinges"])
      question.stem = form(["What is heard when the horses neigh?", "What happens where a hinge squeaks?"])
    case .metaText:
      question.stem = form([
        "According to the caption, what is heard?", "Which sound is mentioned in the description?",
        "What does the audio file name suggest?", "As stated in the metadata, which sound is it?",
      ])
    case .trainerToken: question.distractors[0] += form([" <answer>", " <|im_end|>", " </think>", " <AUDIO>"])
    case .controlCharacter: question.stem = "Which sound" + form(["\n", "\u{7}", "\u{2028}", "\u{FFFD}"]) + "is heard?"
    case .otherUnit: question.distractors = question.distractors.map { $0.replacing(" BPM", with: form(["", " Hz"])) }
    case .otherNumberFormat: question.correct = form(["about \(question.correct)", "\(question.correct)0.5"])
    case .article:
      question.stem = "The animal that is heard is " + form(["an", "an ___"])
      (question.correct, question.distractors) = ("owl", ["dog", "cat", "cow"])
    case .longAnswer:
      question.correct += form([
        " that comes slowly closer and at last fades away behind the hills", ", very loud at first, then ever softer",
      ])
    case .allOfTheAbove:
      question.distractors[2] = form(["all of the above", "None of these", "both A and B", "none of the above choices"])
    case .inventedEvidence:
      question.evidence = form([
        "Somebody sings an aria.", "\(world.evidence.told[0]) ... and sings",
        "\"\(world.first.clause)\" and \"a choir sings\"",
      ])
    case .wrongCount, .wrongDuration, .wrongTempo: question.correct = question.distractors.remove(at: turn % 3)
    case .wrongLoudness, .wrongPitch: swap(&question.correct, &question.distractors[turn % 3])
    case .wrongOrder: swap(&question.correct, &question.distractors[0])
    case .labelledDistractor: question.distractors[turn % 3] = world.second.label
    case .measuredDistractor:
      question.correct = world.text(world.course)
      question.distractors[0] =
        [
          "flat and unmoving", "louder and louder", "ever softer, a decrescendo", "a rise before a fall",
          "first a fall, then a rise", "an erratic course",
        ][world.course]
    }
    if [.wrongCount, .wrongDuration, .wrongTempo].contains(self) { question.distractors.append(padding(question)) }
    return question
  }

  /// The kind of good question that the fault is planted in.
  private var goodKind: Int {
    switch self {
    case .sameNumber, .wrongCount, .otherNumberFormat: 1
    case .wrongDuration: 2
    case .wrongTempo, .otherUnit: 3
    case .wrongLoudness, .measuredDistractor: 4
    case .wrongPitch: 5
    case .wrongOrder: 6
    default: 0
    }
  }

  /// A wrong number more, in the form of the others.
  private func padding(_ question: WrittenQuestion) -> String {
    self == .wrongCount ? "40" : self == .wrongTempo ? "311 BPM" : "911 seconds"
  }
}
