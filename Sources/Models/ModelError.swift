/// What is wrong with what a model was asked to work on.
public enum ModelError: Error, Equatable, Sendable {
  case noAudioTower(name: String)
  case tooShort(name: String, samples: Int)
  case tooLong(name: String, samples: Int, limit: Int)
  case notFinite(name: String)
  case placeholders(count: Int, rows: Int)
  case audioPlaces(count: Int, audios: Int)
  case unknownToken(Int, vocabulary: Int)
  case tooManyTokens(prompt: Int, new: Int, limit: Int)
  case emptyPrompt
  case emptyCompletion(index: Int)
  case setting(name: String, value: String, range: String)
  case notFiniteLogits
}

extension ModelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noAudioTower(let name):
      "\(name): the model is a text model and cannot hear. Use a Qwen2-Audio or Qwen2.5-Omni model."
    case .tooShort(let name, let samples):
      "\(name): \(samples) samples at 16 kHz are too short for the model, which needs more than 20 ms."
    case .tooLong(let name, let samples, let limit):
      "\(name): \(seconds(samples)) of audio, but the model takes \(seconds(limit)) at once. "
        + "Cut it into windows (--windows \(limit / 16_000)) or into shorter clips."
    case .notFinite(let name): "\(name): samples that are not numbers (NaN or infinite). Mend the file."
    case .placeholders(let count, let rows):
      "The prompt has \(count) audio placeholders, its audio fills \(rows). Name each audio once in the prompt."
    case .audioPlaces(let count, let audios):
      "The prompt has <|AUDIO|> \(count) times, but there are \(audios) audios. Name each audio once."
    case .unknownToken(let token, let vocabulary):
      "Token \(token) is not in the model's vocabulary of \(vocabulary). The tokenizer's files belong to another model."
    case .tooManyTokens(let prompt, let new, let limit):
      "A prompt of \(prompt) tokens and up to \(new) new ones exceed the model's \(limit) positions. "
        + "Shorten the prompt or ask for fewer tokens."
    case .emptyPrompt: "The prompt has no tokens. Give it a text or an audio."
    case .emptyCompletion(let index): "Completion \(index + 1) has no tokens, so it has no probability. Give it a text."
    case .setting(let name, let value, let range): "\(name) is \(value), but has to be \(range)."
    case .notFiniteLogits:
      "The model computed values that are not numbers. Its weights are damaged or were made for other code."
    }
  }
}

private func seconds(_ samples: Int) -> String {
  let tenths = (samples + 800) / 1_600
  return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
}
