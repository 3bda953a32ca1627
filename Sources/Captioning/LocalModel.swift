import Models
import Synchronization
import Tensors

/// A model of a folder on this machine, computed here.
public final class LocalModel: AudioTextGenerator {
  public let model: String
  public let revision: String
  public let longestSound: Double
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
  }

  public func generate(_ requests: [AudioTextRequest]) throws -> [Result<GeneratedText, AudioTextError>] {
    let model = try open()
    var results: [Result<GeneratedText, AudioTextError>] = requests.map { _ in .failure(AudioTextError(reason: "")) }
    var waiting = requests.indices[...]
    var places: [Int] = []
    Generator(model: model, batch: settings.batch).run(
      next: {
        while let place = waiting.popFirst() {
          do {
            let request = try Self.request(requests[place], for: model)
            places.append(place)
            return request
          } catch {
            results[place] = .failure(AudioTextError(reason: Self.reason(error)))
          }
        }
        return nil
      },
      onResult: { request, result in
        results[places[request]] = result.map { Self.text($0, of: model) }.mapError {
          AudioTextError(reason: Self.reason($0))
        }
      })
    return results
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

  /// An error's sentence as it reads after a colon.
  private static func reason(_ error: any Error) -> String {
    let text = "\(error)"
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}

extension Sampling {
  fileprivate init(_ sampling: CaptionSampling) {
    self.init(
      temperature: Float(sampling.temperature), topK: sampling.topK ?? 0, topP: Float(sampling.topP ?? 1),
      seed: UInt64(clamping: sampling.seed))
  }
}
