import Audio
import Foundation
import Models
import Testing

@testable import Captioning

@Suite struct LocalModelTests {
  /// A nano model in a folder of its own, removed at the end.
  private final class NanoFolder {
    let path = NSTemporaryDirectory() + "earshot-nano-\(UUID().uuidString)"

    init() throws {
      let trained = try NanoTokenizer.train()
      let tokens = trained.tokenizer
      let model = NanoModel(
        vocabularySize: tokens.vocabularySize,
        tokens: .init(
          endOfText: try #require(tokens.id(of: "<|endoftext|>")), turnEnd: try #require(tokens.id(of: "<|im_end|>")),
          audio: try #require(tokens.id(of: "<|AUDIO|>"))))
      try model.write(to: path, seed: 7)
      try trained.write(folder: path)
    }

    deinit {
      try? FileManager.default.removeItem(atPath: path)
    }

    func open(_ weights: AudioTextModel.Weights = .stored) throws -> LocalModel {
      try LocalModel(AudioTextModel(family: .qwen2Audio, folder: path, weights: weights))
    }
  }

  private let folder: NanoFolder

  init() throws {
    folder = try NanoFolder()
  }

  private func request(
    _ number: Int, text: String = "What is heard?", seconds: Double = 0.5, sampling: CaptionSampling? = nil
  ) -> AudioTextRequest {
    let samples = Synthesizer(seed: 3).clip(at: number).waveform.samples.prefix(Int(seconds * 16_000))
    return AudioTextRequest(
      sound: "\(number)", samples: Array(samples), turns: [CaptionTurn(role: .user, text: text)],
      sampling: sampling ?? CaptionSampling(temperature: 0.9, maxTokens: 12, seed: number))
  }

  @Test func openingTellsNameRevisionAndLimitsWithoutTheWeights() throws {
    let (stored, coarse) = (try folder.open(), try folder.open(.int8))

    #expect(folder.path.hasSuffix(stored.model) && stored.longestSound == 30 && stored.mostTokens == 2_048)
    #expect(coarse.revision == stored.revision + " as int8")
    let error = #expect(throws: CaptioningError.self) {
      try LocalModel(AudioTextModel(family: .qwen25Omni, folder: folder.path))
    }
    #expect(error == .otherModel(folder: folder.path, wanted: "qwen2.5-omni", found: "qwen2_audio"))
  }

  @Test(arguments: [AudioTextModel.Weights.stored, .int8, .int4])
  func anAnswerDependsOnItsRequestAloneWhateverTheBatch(weights: AudioTextModel.Weights) throws {
    let model = try folder.open(weights)
    let requests = [
      request(0), request(0, text: "Is it loud?"), request(1, seconds: 0.7), request(2, text: "Say a word."),
    ]

    let together = try model.generate(requests, batch: 4)
    let apart = try requests.flatMap { try model.generate([$0], batch: 1) }

    #expect(together == apart)
    #expect(together == (try model.generate(requests, batch: 2)))
    for answer in together {
      let answer = try answer.get()
      #expect((1...12).contains(answer.tokens) && answer.meanLogProbability < 0)
    }
  }

  @Test func aSoundThatCannotBeHeardCostsItsRequestAlone() throws {
    let model = try folder.open()
    var broken = request(1)
    broken.samples[5] = .nan

    let results = try model.generate(
      [request(0, seconds: 0.001), request(0), broken, request(2)], batch: 2)

    #expect(throws: AudioTextError.self) { try results[0].get() }
    #expect(throws: AudioTextError(reason: "audio 1: samples that are not numbers (NaN or infinite). Mend the file")) {
      try results[2].get()
    }
    #expect([results[1], results[3]] == (try model.generate([request(0), request(2)], batch: 1)))
  }

  @Test func aSettingThatServesNoRequestIsThrown() throws {
    let model = try folder.open()
    let settings = [
      CaptionSampling(temperature: -1), CaptionSampling(temperature: 1, topP: 0), CaptionSampling(maxTokens: 0),
    ]

    for sampling in settings {
      #expect(throws: ModelError.self) { try model.generate([request(0, sampling: sampling)], batch: 1) }
    }
  }
}
