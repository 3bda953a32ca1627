import ArgumentParser
import Foundation
import Models

struct CaptionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "caption",
    abstract: "Describe audio files with a local model, several at a time.",
    discussion: """
      Prints one line a file, in the order given, as the captions come. A file that cannot be captioned has its reason \
      on standard error; the command then ends with that reason's status, or with 65 where there are several.
      """)

  @Argument(help: ArgumentHelp("The audio files.", valueName: "file"), completion: .file())
  var files: [String]

  @OptionGroup var model: ModelOptions
  @OptionGroup var audioOptions: AudioOptions
  @OptionGroup var samplingOptions: SamplingOptions

  @Option(help: "What to ask of each file.")
  var prompt = "Describe the sounds in this audio in one or two sentences."

  @OptionGroup var promptOptions: PromptOptions

  @Option(help: ArgumentHelp("How many files to caption side by side.", valueName: "n"))
  var batch = 8

  @Flag(help: "One JSON object a line: file, caption, tokens, mean_logprob, finish, seconds.")
  var json = false

  func validate() throws {
    if files.isEmpty { throw ValidationError("Give at least one audio file.") }
    if batch < 1 || batch > 256 { throw ValidationError("--batch must be between 1 and 256.") }
  }

  func run() throws {
    let model = try model.load()
    let sampling = try samplingOptions.sampling(for: model)
    var output = OrderedOutput()
    var lengths: [Double] = []
    var fileOfRequest: [Int] = []
    var next = 0
    Generator(model: model, batch: batch).run(
      next: {
        while next < files.count {
          let file = next
          next += 1
          do {
            let audios = try audioOptions.samples(of: files[file], for: model)
            let request = GenerationRequest(
              prompt: try promptOptions.tokens(of: prompt, audios: audios, model), audios: audios, sampling: sampling,
              maximumTokens: samplingOptions.maxTokens, endTokens: model.endTokens)
            // Only what becomes a request has a number among them.
            fileOfRequest.append(file)
            lengths.append(Double(audios.reduce(0) { $0 + $1.count }) / 16_000)
            return request
          } catch {
            output.put(.failure(error), at: file)
          }
        }
        return nil
      },
      onResult: { request, result in
        let file = fileOfRequest[request]
        output.put(
          result.mapError { $0 as any Error }.map { line(for: $0, file: file, seconds: lengths[request], model) },
          at: file)
      })
    if output.failed > 0 {
      printNote("\(Quantity.count(output.failed)) of \(Quantity.count(files.count, "files")) have no caption.")
      throw ExitCode(output.status)
    }
  }

  private func line(
    for completions: [Completion], file: Int, seconds: Double, _ model: AudioLanguageModel
  ) -> String {
    guard let completion = completions.first else { return "" }
    let caption = model.text(of: completion).trimmingCharacters(in: .whitespacesAndNewlines)
    guard json else {
      let text = caption.split { $0.isNewline }.joined(separator: " ")
      return resultText(files.count == 1 ? text : "\(files[file]): \(text)")
    }
    return jsonLine(
      CaptionedFile(
        file: files[file], caption: caption, tokens: completion.tokens,
        meanLogProbability: completion.meanLogProbability,
        finish: completion.finish, seconds: seconds))
  }
}

private struct CaptionedFile: Encodable {
  var file: String
  var caption: String
  var tokens: [Int]
  var meanLogProbability: Double
  var finish: Completion.Finish
  var seconds: Double

  enum CodingKeys: String, CodingKey {
    case file, caption, tokens, finish, seconds
    case meanLogProbability = "mean_logprob"
  }
}

/// Prints lines in the order of their places, each as soon as all before it are there.
private struct OrderedOutput {
  private(set) var failed = 0
  private var statuses: Set<Int32> = []
  private var waiting: [Int: Result<String, any Error>] = [:]
  private var printed = 0

  /// That of the failures, where all have the same.
  var status: Int32 { statuses.count == 1 ? statuses.first ?? Failure.Status.badData : Failure.Status.badData }

  mutating func put(_ line: Result<String, any Error>, at place: Int) {
    waiting[place] = line
    while let next = waiting.removeValue(forKey: printed) {
      printed += 1
      switch next {
      case .success(let text): printResult(text)
      case .failure(let error):
        failed += 1
        let failure = Failure(error)
        statuses.insert(failure?.status ?? Failure.Status.badData)
        printNote(failure?.text ?? "\(error)")
      }
    }
  }
}
