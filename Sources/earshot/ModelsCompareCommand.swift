import ArgumentParser
import Audio
import Evaluation
import Models
import Tensors

struct ModelsCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Show what smaller weights cost a model in accuracy.",
    discussion: """
      The reference answers a fixed set of questions (about synthesized sounds, where the model can hear); at each \
      token of its answers, the distribution over the next token is compared: the Kullback-Leibler divergence from the \
      reference in nats, and how often both hold the same token most probable. The model is one whose weights are not \
      quantised yet.
      """)

  @Argument(help: ArgumentHelp("The model.", valueName: "dir"), completion: .directory)
  var model: String

  @Option(help: "What to compare, separated by commas.")
  var weights = "bfloat16,int8,int4"

  @Option(help: "What to compare with; a large model may not fit in memory as float32.")
  var against: WeightFormat = .float32

  @Option(help: ArgumentHelp("Tokens of each answer.", valueName: "n"))
  var tokens = 32

  @Option(help: ArgumentHelp("Threads to compute with. Left out: one per CPU.", valueName: "n"))
  var threads: Int?

  @Flag(help: "One JSON array.")
  var json = false

  func validate() throws {
    _ = try formats()
    if tokens < 1 || tokens > 256 { throw ValidationError("--tokens must be between 1 and 256.") }
    if let threads, threads < 1 || threads > 1_024 { throw ValidationError("--threads must be between 1 and 1024.") }
  }

  private func formats() throws -> [WeightFormat] {
    let words = weights.split(separator: ",")
    guard !words.isEmpty else { throw ValidationError("--weights must name at least one format.") }
    return try words.map { word in
      guard let format = WeightFormat(rawValue: String(word)) else {
        let known = WeightFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--weights: there is no format '\(word)'. There are \(known).")
      }
      return format
    }
  }

  func run() throws {
    if let threads { Parallel.threads = threads }
    let folder = try ModelLocation.resolve(model)
    guard try !Checkpoint(folder: folder).isQuantized else {
      throw CheckpointError.folder(folder, .alreadyQuantized)
    }
    let reference = try reference(in: folder)
    let comparisons = try formats().map { format in
      try reference.compare(with: try AudioLanguageModel(folder: folder, weights: format), format: format)
    }
    if json { return printResult(jsonLine(comparisons.map(ComparisonLine.init), pretty: true)) }
    printResult("Against \(against.rawValue), \(comparisons.first?.positions ?? 0) next-token distributions:")
    var table = TextGrid(
      ["weights", "KL mean", "KL 99 %", "KL max", "same top token"], numeric: [1, 2, 3, 4])
    for line in comparisons {
      table.add([
        line.format.rawValue, Quantity.fixed(line.meanDivergence, 6), Quantity.fixed(line.highDivergence, 6),
        Quantity.fixed(line.largestDivergence, 6), Quantity.percent(line.topAgreement),
      ])
    }
    printResult(table.text)
  }

  /// The reference's answers and distributions; its weights are let go before the next model's are read.
  private func reference(in folder: String) throws -> ReferenceDistributions {
    let model = try AudioLanguageModel(folder: folder, weights: against)
    let requests = try Self.requests(for: model, tokens: tokens)
    let results = Generator(model: model, batch: 8).complete(requests)
    let texts = try zip(requests, results).map { request, result in
      ComparisonText(
        prompt: request.prompt, audios: request.audios, continuation: try result.get().first?.tokens ?? [])
    }
    return try ReferenceDistributions(of: model, on: texts)
  }

  /// The fixed questions; end tokens are left to the model, for what it would say next is compared too.
  private static func requests(for model: AudioLanguageModel, tokens: Int) throws -> [GenerationRequest] {
    try questions.enumerated().map { index, question in
      let audios = model.encoder == nil ? [] : [Synthesizer(seed: 1).clip(at: index).waveform.samples]
      let messages = AudioLanguageModel.question(question, audioCount: audios.count)
      return GenerationRequest(
        prompt: try model.prompt(messages, audios: audios), audios: audios, maximumTokens: tokens, endTokens: [])
    }
  }

  private static let questions = [
    "Describe the sounds you hear in one sentence.",
    "What is the source of the sound, and where might it have been recorded?",
    "List the events in order of time, with how long each lasts.",
    "Is there music? If so, name the instruments and the mood.",
    "Write a question about this recording that nobody can answer without listening, with four choices.",
    "Which is louder, the beginning or the end? Explain step by step.",
    "Translate into French: the dog barks twice, then a door closes.",
    "Answer with one word: is somebody speaking?",
  ]
}

private struct ComparisonLine: Encodable {
  var weights: String
  var positions: Int
  var klMean: Double
  var kl99: Double
  var klMax: Double
  var topAgreement: Double
  var meanProbabilityDifference: Double

  init(_ comparison: WeightComparison) {
    weights = comparison.format.rawValue
    positions = comparison.positions
    klMean = comparison.meanDivergence
    kl99 = comparison.highDivergence
    klMax = comparison.largestDivergence
    topAgreement = comparison.topAgreement
    meanProbabilityDifference = comparison.meanProbabilityDifference
  }

  enum CodingKeys: String, CodingKey {
    case weights, positions
    case klMean = "kl_mean"
    case kl99 = "kl_99"
    case klMax = "kl_max"
    case topAgreement = "top_agreement"
    case meanProbabilityDifference = "mean_probability_difference"
  }
}
