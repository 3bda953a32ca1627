import ArgumentParser
import Foundation
import Models

struct AskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask",
    abstract: "Ask a local model about audio, once or in a conversation.",
    discussion: """
      With a question, the model analyses the audio; with audio alone, it answers what is said in it (voice chat). \
      With --chat, or without either, questions are read line by line until the end of input, and the model keeps the \
      conversation in mind; the line '/audio FILE [question]' adds audio, '/reset' begins anew.
      """)

  @Argument(help: "The question.")
  var question: String?

  @OptionGroup var model: ModelOptions
  @OptionGroup var audioOptions: AudioOptions
  @OptionGroup var samplingOptions: SamplingOptions

  @Option(help: ArgumentHelp("An audio file; give the option again for more.", valueName: "file"), completion: .file())
  var audio: [String] = []

  @Option(help: ArgumentHelp("The system message. Left out: the model's own.", valueName: "text"))
  var system: String?

  @Flag(help: "Go on with questions from standard input.")
  var chat = false

  @Flag(help: "One JSON object an answer: answer, tokens, logprobs, mean_logprob, finish.")
  var json = false

  func run() throws {
    let model = try model.load()
    var conversation = Conversation(
      model: model, sampling: try samplingOptions.sampling(for: model), maximumTokens: samplingOptions.maxTokens,
      system: system)
    let opening = try audio.flatMap { try audioOptions.samples(of: $0, for: model) }
    if question != nil || !opening.isEmpty {
      try answer(question ?? "", audios: opening, in: &conversation)
      guard chat else { return }
    }
    while let line = nextLine() {
      do {
        try take(line.trimmingCharacters(in: .whitespaces), into: &conversation, model: model)
      } catch {
        guard isatty(STDIN_FILENO) == 1 else { throw error }
        printNote(Failure(error)?.text ?? "\(error)")
      }
    }
  }

  private func nextLine() -> String? {
    if isatty(STDIN_FILENO) == 1 { write("> ", to: Screen.descriptor) }
    return readLine()
  }

  private func take(_ line: String, into conversation: inout Conversation, model: AudioLanguageModel) throws {
    if line.isEmpty { return }
    if line == "/reset" { return conversation.reset() }
    guard line.prefix(while: { !$0.isWhitespace }) == "/audio" else {
      return try answer(line, audios: [], in: &conversation)
    }
    let rest = line.dropFirst("/audio".count).trimmingCharacters(in: .whitespaces)
    guard !rest.isEmpty else { throw ValidationError("/audio: a file is missing. Write '/audio FILE [question]'.") }
    // A path with blanks stands alone on its line.
    let isWhole = FileManager.default.fileExists(atPath: rest)
    let words = isWhole ? [Substring(rest)] : rest.split(separator: " ", maxSplits: 1)
    let audios = try audioOptions.samples(of: String(words.first ?? ""), for: model)
    try answer(words.count > 1 ? String(words[1]) : "", audios: audios, in: &conversation)
  }

  private func answer(_ text: String, audios: [[Float]], in conversation: inout Conversation) throws {
    let completion = try conversation.ask(text, audios: audios) { piece in
      if !json { write(resultText(piece), to: STDOUT_FILENO) }
    }
    if json {
      printResult(jsonLine(Answer(text: conversation.lastAnswer, completion: completion)))
    } else {
      printResult("")
      if completion.finish == .length {
        printNote("The answer was cut off at \(completion.tokens.count) tokens; --max-tokens allows more.")
      }
    }
  }
}

private struct Answer: Encodable {
  var answer: String
  var tokens: [Int]
  var logprobs: [Float]
  var meanLogProbability: Double
  var finish: Completion.Finish

  init(text: String, completion: Completion) {
    answer = text
    tokens = completion.tokens
    logprobs = completion.logProbabilities
    meanLogProbability = completion.meanLogProbability
    finish = completion.finish
  }

  enum CodingKeys: String, CodingKey {
    case answer, tokens, logprobs, finish
    case meanLogProbability = "mean_logprob"
  }
}
