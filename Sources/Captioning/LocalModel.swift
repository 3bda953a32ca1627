import Models
import Synchronization
import Tensors

/// A model of a folder on this machine, computed here.
public final class LocalModel: AudioTextGenerator {
  public let model: String
  public let revision: String
  public let longestSound: Double
  public let mostTokens: Int
  private let settings: AudioTextModel
  private let folder: String
  private let opened = Mutex<AudioLanguageModel?>(nil)

  /// Reads the configuration and the headers of the weights; the weights themselves are read by the first answer.
  public init(_ settings: AudioTextModel) throws {
    let folder = try ModelLocation.resolve(settings.folder)
    let checkpoint = try Checkpoint(folder: folder)
    let family: AudioTextModel.Family? =
      switch checkpoint.configuration.architecture {
      case .qwen2Audio: .qwen2Audio
      case .qwen25Omni: .qwen25Omni
      case .qwen2: nil
      }
    guard family == settings.family, let encoder = checkpoint.configuration.encoder else {
      throw CaptioningError.otherModel(
        folder: folder, wanted: settings.family.rawValue,
        found: checkpoint.configuration.architecture.rawValue)
    }
    self.settings = settings
    self.folder = folder
    model = ModelLocation.name(ofFolder: folder)
    revision =
      settings.weights == .stored ? checkpoint.revision : "\(checkpoint.revision) as \(settings.weights.rawValue)"
    longestSound = Double(encoder.maximumSamples) / 16_000
    mostTokens = checkpoint.configuration.decoder.maximumPositions / 2
  }

  public func generate(
    _ requests: [AudioTextRequest], batch: Int
  ) throws -> [Result<GeneratedText, AudioTextError>] {
    for request in requests { try Sampling(request.sampling).check() }
    let model = try open()
    var answers = Answers(count: requests.count)
    var waiting = requests.indices[...]
    var places: [Int] = []
    Generator(model: model, batch: batch).run(
      next: {
        while answers.failure == nil, let place = waiting.popFirst() {
          do {
            let request = try Self.request(requests[place], for: model)
            places.append(place)
            return request
          } catch {
            answers.keep(error, at: place)
          }
        }
        return nil
      },
      onStep: { _ in answers.failure == nil },
      onResult: { request, result in
        switch result {
        case .success(let completions): answers.results[places[request]] = .success(Self.text(completions, of: model))
        case .failure(let error): answers.keep(error, at: places[request])
        }
      })
    if let failure = answers.failure { throw failure }
    return answers.results
  }

  private func open() throws -> AudioLanguageModel {
    try opened.withLock { opened in
      if let model = opened { return model }
      let model = try AudioLanguageModel(
        folder: folder, weights: WeightFormat(rawValue: settings.weights.rawValue))
      opened = model
      return model
    }
  }

  private static func request(_ request: AudioTextRequest, for model: AudioLanguageModel) throws -> GenerationRequest {
    let last = request.turns.indices.last
    let messages = request.turns.enumerated().map { index, turn in
      // The sound comes before the text of the last turn.
      ConversationMessage(
        role: ConversationRole(rawValue: turn.role.rawValue) ?? .user,
        parts: (index == last ? [.audio(0)] : []) + [.text(turn.text)])
    }
    return GenerationRequest(
      prompt: try model.prompt(messages, audios: [request.samples]), audios: [request.samples],
      sampling: Sampling(request.sampling), maximumTokens: request.sampling.maxTokens, endTokens: model.endTokens)
  }

  private static func text(_ completions: [Completion], of model: AudioLanguageModel) -> GeneratedText {
    guard let completion = completions.first else {
      return GeneratedText(text: "", tokens: 0, meanLogProbability: 0, finish: .end)
    }
    return GeneratedText(
      text: model.text(of: completion), tokens: completion.tokens.count,
      meanLogProbability: completion.meanLogProbability, finish: completion.finish == .stop ? .end : .length)
  }
}

/// What has come of the requests of one call.
private struct Answers {
  var results: [Result<GeneratedText, AudioTextError>]
  /// Why no request can be answered.
  private(set) var failure: (any Error)?

  init(count: Int) {
    results = Array(repeating: .failure(AudioTextError(reason: "not answered")), count: count)
  }

  mutating func keep(_ error: any Error, at place: Int) {
    if Self.holdsForAll(error) { failure = failure ?? error }
    // The error's sentence as it reads after a colon.
    let text = "\(error)"
    results[place] = .failure(AudioTextError(reason: text.hasSuffix(".") ? String(text.dropLast()) : text))
  }

  /// Whether an error is of the model or the settings, so that no other request would fare better.
  private static func holdsForAll(_ error: any Error) -> Bool {
    switch error {
    case ModelError.setting, ModelError.unknownToken, ModelError.placeholders, ModelError.noAudioTower: true
    case ConversationError.missingToken, ConversationError.audioForTextModel: true
    default: error is TokenizerError
    }
  }
}

extension Sampling {
  fileprivate init(_ sampling: CaptionSampling) {
    self.init(
      temperature: Float(sampling.temperature), topK: sampling.topK ?? 0, topP: Float(sampling.topP ?? 1),
      seed: UInt64(clamping: sampling.seed))
  }
}
