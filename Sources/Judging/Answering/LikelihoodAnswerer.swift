public import Dataset
import Evaluation
public import Models
import Tensors

/// A local model whose answer is the choice that it holds most probable.
///
/// The choices are read behind the prompt, which is computed once for all of them; the token that would end the answer
/// does not count. The output is the text of the choice.
public struct LikelihoodAnswerer: Answerer {
  /// What decides between choices.
  public enum Measure: String, Sendable, CaseIterable {
    /// The logarithm of a choice's probability: short choices have it easier.
    case sum = "likelihood"
    /// Its mean over the choice's tokens.
    case mean
    /// The sum less that behind the same prompt without what is heard: what hearing adds.
    case calibrated
  }

  public let identity: [String: String]
  private let model: AudioLanguageModel
  private let asking: Asking
  private let measure: Measure
  private let form: ChoiceForm

  /// `identity` says what the model is; how it answers is added. All measures are kept, `measure` decides.
  public init(
    model: AudioLanguageModel, prompts: AskPrompts, measure: Measure, form: ChoiceForm,
    kinds: Set<BenchmarkItem.Kind> = [.choice], identity: [String: String] = [:]
  ) {
    self.model = model
    self.measure = measure
    self.form = form
    asking = Asking(model: model, prompts: prompts)
    var identity = identity.merging(prompts.identity(of: kinds)) { $1 }
    identity["revision"] = model.revision
    identity["way"] = measure.rawValue
    identity["choice-form"] = form.rawValue
    self.identity = identity
  }

  public func answer(_ asks: [Ask], onReply: @escaping @Sendable (Int, Reply) throws -> Void) async throws {
    try asking.checkHearing(of: asks)
    try await AnsweringThread.run { isCancelled in
      var encoded = EncodedSound()
      for (place, ask) in asks.enumerated() {
        if isCancelled() { throw CancellationError() }
        try onReply(place, try reply(to: ask, &encoded))
      }
    }
  }

  private func reply(to ask: Ask, _ encoded: inout EncodedSound) throws -> Reply {
    guard !ask.choices.isEmpty else { return Reply(output: nil, problem: "There are no choices to score.") }
    switch try asking.question(ask) {
    case .refused(let reply): return reply
    case .asked(let question):
      do {
        let scores = try scores(of: ask, question, &encoded)
        let output = place(scores).map { ask.choices[$0] }
        return Reply(
          output: output, problem: output == nil ? "No choice is the most probable: the measure has no value." : nil,
          tokens: scores.tokens.reduce(0, +), isSoundCut: question.isSoundCut, choiceScores: scores)
      } catch let error as ModelError {
        return Reply(output: nil, problem: error.description, isSoundCut: question.isSoundCut)
      }
    }
  }

  private func scores(
    of ask: Ask, _ question: Asking.Question, _ encoded: inout EncodedSound
  ) throws -> ChoiceScores {
    let completions = form.texts(ask.choices).map { model.tokenizer.encode($0, parsingSpecialTokens: false) }
    let sums = { (scores: [[Float]]) in scores.map { $0.reduce(0) { $0 + Double($1) } } }
    let heard = try model.score(
      prompt: question.tokens, audios: question.audios, audioRows: encoded.rows(of: question.audios, by: model),
      completions: completions)
    var scores = ChoiceScores(sum: sums(heard), tokens: completions.map(\.count))
    if ask.sound != nil || !ask.captions.isEmpty {
      var deaf = ask
      (deaf.sound, deaf.captions) = (nil, [])
      let prompt = try model.prompt(try asking.prompts.messages(for: deaf), audios: [])
      scores.without = sums(try model.score(prompt: prompt, completions: completions))
    }
    return scores
  }

  /// The place shown of the choice with the greatest measure, the first of equal ones.
  private func place(_ scores: ChoiceScores) -> Int? {
    let values: [Double] =
      switch measure {
      case .sum: scores.sum
      case .mean: zip(scores.sum, scores.tokens).map { $0 / Double($1) }
      case .calibrated: zip(scores.sum, scores.without ?? []).map { $0 - $1 }
      }
    return values.indices.max { (values[$0], $1) < (values[$1], $0) }
  }
}

/// What the encoder made of the last sound: the orders of an item follow each other.
private struct EncodedSound {
  private var audios: [[Float]] = []
  private var rows: [Tensor] = []

  mutating func rows(of wanted: [[Float]], by model: AudioLanguageModel) -> [Tensor] {
    if audios != wanted { (audios, rows) = (wanted, model.audioRows(of: wanted)) }
    return rows
  }
}
