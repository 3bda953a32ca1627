import Audio
import Models

/// Turns asks to what a local model takes: tokens and samples.
struct Asking: Sendable {
  struct Question {
    var tokens: [Int]
    var audios: [[Float]]
    var isSoundCut: Bool
  }

  enum Outcome {
    case asked(Question)
    /// The ask cannot be put to the model; the reply says why.
    case refused(Reply)
  }

  let model: AudioLanguageModel
  let prompts: AskPrompts
  private let sounds: SoundReader?

  init(model: AudioLanguageModel, prompts: AskPrompts) {
    self.model = model
    self.prompts = prompts
    sounds = model.encoder.map { SoundReader(maximumSamples: $0.maximumSamples) }
  }

  /// Throws where sounds are to be heard and the model hears none.
  func checkHearing(of asks: [Ask]) throws(JudgingError) {
    guard model.encoder == nil, let ask = asks.first(where: { $0.sound != nil }) else { return }
    let hearing: Hearing =
      switch ask.sound?.content {
      case .silence: .silence
      case .noise: .noise
      default: .audio
      }
    throw .deafModel(hearing: hearing.rawValue)
  }

  /// Throws what is wrong with the prompt itself.
  func question(_ ask: Ask) throws -> Outcome {
    var audios: [[Float]] = []
    var isSoundCut = false
    if let sound = ask.sound, let sounds {
      do {
        let (samples, isCut) = try sounds.read(sound)
        try model.check(audio: samples, named: sound.reference.path)
        (audios, isSoundCut) = ([samples], isCut)
      } catch let error as AudioError {
        return .refused(.unheard(error.description))
      } catch let error as ModelError {
        return .refused(.unheard(error.description))
      }
    }
    let tokens = try model.prompt(try prompts.messages(for: ask), audios: audios)
    return .asked(Question(tokens: tokens, audios: audios, isSoundCut: isSoundCut))
  }
}
