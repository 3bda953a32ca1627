import Foundation
import Testing

@testable import Models

@Suite struct EngineOpeningTests {
  @Test(arguments: ["qwen2-audio", "qwen2.5-omni", "qwen2.5-omni-whole"])
  func aTokenizerWithAnotherAudioTokenIsRefusedWithBothIds(name: String) throws {
    let folder = try CheckpointFolder(copying: name)
    try folder.replace("\"audio_token_index\": 543", with: "\"audio_token_index\": 5", in: "config.json")

    #expect(
      refusal(folder) == """
        DIR/config.json: the audio token is 5, but DIR/tokenizer.json gives '<|AUDIO|>' the id 543. \
        Fetch both files from one model.
        """)
  }

  @Test func aTokenizerWithoutAnAudioTokenIsRefused() throws {
    let folder = try CheckpointFolder(copying: "qwen2-audio")
    for name in ["tokenizer.json", "tokenizer_config.json"] {
      let text = String(decoding: folder.bytes(of: name), as: UTF8.self)
      folder.write(text.replacingOccurrences(of: "<|AUDIO|>", with: "<|SOUND|>"), to: name)
    }

    #expect(
      refusal(folder) == """
        DIR/config.json: the audio token is 543, but DIR/tokenizer.json has no '<|AUDIO|>'. \
        Fetch both files from one model.
        """)
  }

  @Test func aModelThatNamesNoEndTokensHasThoseOfItsTokenizer() throws {
    let folder = try CheckpointFolder(copying: "qwen2-tied")
    folder.write(#"{"eos_token_id": 7}"#, to: "generation_config.json")
    #expect(try AudioLanguageModel(folder: folder.path).endTokens == [7])

    folder.write("{}", to: "generation_config.json")
    #expect(try AudioLanguageModel(folder: folder.path).endTokens == [542])

    try folder.replace("\"eos_token_id\": 542", with: "\"eos_token_id\": null", in: "config.json")
    #expect(try AudioLanguageModel(folder: folder.path).endTokens == [542, 540])

    folder.write(#"{"eos_token_id": []}"#, to: "generation_config.json")
    #expect(try AudioLanguageModel(folder: folder.path).endTokens == [542, 540])
  }

  private func refusal(_ folder: CheckpointFolder) -> String {
    do {
      _ = try AudioLanguageModel(folder: folder.path)
      return "none"
    } catch {
      return message(error as? CheckpointError, in: folder)
    }
  }
}
