import Audio
public import Dataset
public import Models

/// Turns rows to examples.
public struct ExampleComposer: Sendable {
  public var prompt: QuestionPrompt
  public var audio: AudioMode
  public var form: AnswerForm
  /// Whether each epoch shows the choices of a question in an order of its own.
  public var shufflesChoices: Bool
  /// Whether "video" is read "audio" in questions, as R1-AQA does with AVQA's.
  public var replacesVideo: Bool
  /// Whether a wrong choice is the rejected answer of rows that have none.
  public var rejectsDistractor: Bool
  public var seed: UInt64

  public init(
    prompt: QuestionPrompt, audio: AudioMode = .audio, form: AnswerForm = .choice, shufflesChoices: Bool = false,
    replacesVideo: Bool = false, rejectsDistractor: Bool = false, seed: UInt64 = 0
  ) {
    self.prompt = prompt
    self.audio = audio
    self.form = form
    self.shufflesChoices = shufflesChoices
    self.replacesVideo = replacesVideo
    self.rejectsDistractor = rejectsDistractor
    self.seed = seed
  }

  /// The example of a row in an epoch, from 0. The same for the same seed, whatever was composed before.
  public func example(_ question: ImportedQuestion, epoch: Int) throws -> TrainingExample {
    var random = SplitMix64(
      seed: stableHash("earshot example 1", String(seed), question.id), index: UInt64(truncatingIfNeeded: epoch))
    var choices = question.choices
    var answer = question.answer
    if shufflesChoices {
      let order = random.shuffled(Array(choices.indices))
      choices = order.map { question.choices[$0] }
      answer = question.answer.flatMap { order.firstIndex(of: $0) }
    }
    var example = TrainingExample(
      id: question.id, messages: try messages(question, choices: choices), choices: choices, answer: answer,
      solution: question.answerText ?? question.response ?? "", passRate: question.passRate)
    addTarget(of: question, epoch: epoch, to: &example, with: &random)
    addSound(of: question, to: &example)
    return example
  }

  private func messages(_ question: ImportedQuestion, choices: [String]) throws -> [ConversationMessage] {
    let text = replacesVideo ? question.question.replacing("video", with: "audio") : question.question
    let isOpen = choices.isEmpty && !text.isEmpty
    // A row without choices says itself how it wants to be asked.
    if isOpen && !form.describes { return [ConversationMessage(role: .user, text: text)] }
    return try prompt.messages(
      PromptFields(question: text, choices: choices, captions: question.captions, labels: question.labels))
  }

  private func addTarget(
    of question: ImportedQuestion, epoch: Int, to example: inout TrainingExample, with random: inout SplitMix64
  ) {
    if form.describes {
      example.target = form.description(question, epoch: epoch)
      example.solution = example.target ?? ""
      return
    }
    guard let answer = example.answer else {
      example.target = question.response ?? (question.question.isEmpty ? question.captions.first : nil)
      example.rejected = question.rejected
      if example.solution.isEmpty { example.solution = example.target ?? "" }
      return
    }
    let choices = example.choices
    let text = { form.text(choice: $0, of: choices, rationale: question.rationale) }
    example.target = question.response ?? text(answer)
    example.rejected = question.rejected
    // A choice that reads like the answer is no wrong one.
    let wrong = choices.indices.filter { choices[$0] != choices[answer] }
    if rejectsDistractor, example.rejected == nil, !wrong.isEmpty { example.rejected = text(random.choice(wrong)) }
  }

  /// Puts the sound before the text of the last message.
  private func addSound(of question: ImportedQuestion, to example: inout TrainingExample) {
    guard let last = example.messages.indices.last else { return }
    switch audio {
    case .none: return
    case .captions:
      guard !question.captions.isEmpty else { return }
      example.messages[last].parts.insert(.text(question.captions.joined(separator: "\n") + "\n"), at: 0)
    case .audio, .silence:
      guard let path = question.audio else { return }
      example.messages[last].parts.insert(.audio(0), at: 0)
      example.audio = AudioReference(
        path: path, start: question.start, duration: question.duration, isSilenced: audio == .silence)
    }
  }
}
