import ArgumentParser
import Models

/// What goes around a prompt on its way to a model.
struct PromptOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The system message. Left out: the model's own.", valueName: "text"))
  var system: String?

  @Flag(
    help: """
      Give the prompt to the model as it stands, without the chat template, as base models take it. '<|AUDIO|>' in it \
      stands for the audio, which otherwise comes first.
      """)
  var plain = false

  func validate() throws {
    if plain && system != nil { throw ValidationError("--plain leaves no place for --system.") }
  }

  /// The tokens of one question.
  func tokens(of text: String, audios: [[Float]], _ model: AudioLanguageModel) throws -> [Int] {
    if plain { return try model.plainPrompt(text, audios: audios) }
    let question = AudioLanguageModel.question(text, audioCount: audios.count, system: system)
    return try model.prompt(question, audios: audios)
  }
}
