import ArgumentParser
import Models

struct ScoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Show how probable a model holds completions of a prompt, token by token.",
    discussion: """
      The prompt goes through the model's chat template, audio first. Several completions share the work on the \
      prompt, so the choices of a question can be ranked: the most probable comes with the largest sum.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var audioOptions: AudioOptions

  @Option(help: ArgumentHelp("An audio file; give the option again for more.", valueName: "file"), completion: .file())
  var audio: [String] = []

  @Option(help: "The user's text.")
  var prompt = ""

  @OptionGroup var promptOptions: PromptOptions

  @Option(help: ArgumentHelp("What the model is to have answered; give the option again for more.", valueName: "text"))
  var completion: [String]

  @Flag(help: "One JSON object: tokens, logprobs and sum; several completions make an array of them.")
  var json = false

  func validate() throws {
    if completion.isEmpty { throw ValidationError("--completion is missing.") }
    if prompt.isEmpty && audio.isEmpty {
      throw ValidationError("There is nothing to complete: give --prompt or --audio.")
    }
  }

  func run() throws {
    let model = try model.load()
    let audios = try audio.flatMap { try audioOptions.samples(of: $0, for: model) }
    let completions = completion.map { model.tokenizer.encode($0, parsingSpecialTokens: false) }
    let scores = try model.score(
      prompt: try promptOptions.tokens(of: prompt, audios: audios, model), audios: audios, completions: completions)
    let lines = zip(completion, zip(completions, scores)).map { text, scored in
      ScoredCompletion(completion: text, tokens: scored.0, logprobs: scored.1)
    }
    if json {
      if lines.count == 1, let only = lines.first { printResult(jsonLine(only)) } else { printResult(jsonLine(lines)) }
    } else {
      for line in lines { printResult(resultText(line.text)) }
    }
  }
}

/// A completion and the logarithms of its tokens' probabilities.
private struct ScoredCompletion: Encodable {
  var completion: String
  var tokens: [Int]
  var logprobs: [Float]
  var sum: Double

  init(completion: String, tokens: [Int], logprobs: [Float]) {
    self.completion = completion
    self.tokens = tokens
    self.logprobs = logprobs
    sum = logprobs.reduce(0) { $0 + Double($1) }
  }

  var text: String {
    let mean = sum / Double(max(1, tokens.count))
    return "\(Quantity.fixed(sum, 4))  \(Quantity.fixed(mean, 4)) a token  \(completion)"
  }
}
