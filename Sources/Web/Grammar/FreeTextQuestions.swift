/// Questions about captions in free text, of which the grammar understands nothing but where they begin and end.
struct FreeTextQuestions {
  private static let mostWords = 12
  private static let fewestWords = 3

  /// Up to two questions, each on a sentence of the first caption in `text`.
  static func items(in text: String, counts: AskedCounts, seed: UInt64) -> [QuestionItem] {
    var random = SplitMix64(seed: seed)
    var stock = random.shuffled(stockDescriptions)
    let stems = random.shuffled([
      "Which description fits the recording?", "Which of these statements matches what is heard?",
      "What is going on in this clip?",
    ])
    var items: [QuestionItem] = []
    for sentence in FreeTextCaption.sentences(in: text).prefix(min(2, counts.questions)) {
      let correct = shortened(sentence)
      let tokens = TextTokens(correct)
      guard tokens.words.count >= fewestWords else { continue }
      let wrong = stock.filter { !TextTokens($0).sharesContent(with: tokens) }.prefix(counts.wrongAnswers)
      guard wrong.count == counts.wrongAnswers, let choices = Choices(correct: correct, wrong: Array(wrong)) else {
        continue
      }
      stock.removeAll { wrong.contains($0) }
      items.append(
        QuestionItem(
          question: stems[items.count], correct: choices.correct, distractors: choices.wrong, evidence: sentence,
          skill: .inference, difficulty: .medium))
    }
    return items
  }

  /// The sentence without its end mark, and without what follows the twelfth word.
  private static func shortened(_ sentence: String) -> String {
    var words = sentence.split(separator: " ")
    if words.count > mostWords {
      words.removeLast(words.count - mostWords)
      while let last = words.last, danglingWords.contains(last.lowercased().filter(\.isLetter)) { words.removeLast() }
    }
    var text = words.joined(separator: " ")
    while let last = text.last, ".,;:!?".contains(last) { text.removeLast() }
    return text
  }

  private static let danglingWords: Set<String> = [
    "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "its", "of", "on", "or", "over", "that",
    "the",
    "then", "to", "while", "with",
  ]

  private static let stockDescriptions = [
    "Heavy rain drums on a metal roof", "A violin plays a slow melody", "A crowd cheers in a stadium",
    "A motorcycle speeds past", "Someone types quickly on a keyboard", "Waves break on a pebble beach",
    "A rooster crows at dawn", "Church bells ring in the distance", "A kettle whistles in the kitchen",
    "An ambulance siren wails and fades", "Children laugh in a playground", "A chainsaw cuts through wood",
    "Frogs croak beside a pond", "A train rattles over a bridge", "Glass shatters on a stone floor",
    "A drummer keeps a steady rhythm", "Thunder rolls over distant hills", "A man coughs twice",
    "A door creaks open slowly", "Bees buzz around a hive", "A telephone rings unanswered",
    "Footsteps crunch through dry leaves", "A helicopter hovers overhead", "Coins drop into a jar",
  ]
}
