import ArgumentParser
import Audio
import Models
import Tensors

/// Which model a command computes with, and how its weights are held.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The model: a folder with the files of the Hugging Face hub, or the OWNER/NAME of one that was pulled.",
      valueName: "dir"), completion: .directory)
  var model: String

  @Option(
    help: ArgumentHelp("An adapter to put to the model, of Earshot's or PEFT's.", valueName: "dir"),
    completion: .directory)
  var adapter: String?

  @Option(
    help: """
      How to hold the weights: float32, bfloat16, int8 or int4. Left out: as the files have them. Smaller is faster; \
      'models compare' shows what it costs.
      """)
  var weights: WeightFormat?

  @Option(help: ArgumentHelp("Threads to compute with. Left out: one per CPU.", valueName: "n"))
  var threads: Int?

  func validate() throws {
    if let threads, threads < 1 || threads > 1_024 { throw ValidationError("--threads must be between 1 and 1024.") }
  }

  /// Opens the model.
  func load() throws -> AudioLanguageModel {
    if let threads { Parallel.threads = threads }
    return try AudioLanguageModel(folder: try ModelLocation.resolve(model), adapter: adapter, weights: weights)
  }
}

/// How long answers may be and how their tokens are chosen.
struct SamplingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The most tokens of an answer.", valueName: "n"))
  var maxTokens = 256

  @Option(help: "0 takes the most probable token always; larger values vary more.")
  var temperature: Float?

  @Option(help: ArgumentHelp("Choose among this many of the most probable tokens; 0: among all.", valueName: "n"))
  var topK: Int?

  @Option(help: "Choose among the tokens that together have this probability.")
  var topP: Float?

  @Option(help: "Leave out tokens less probable than this share of the most probable one.")
  var minP: Float?

  @Option(help: "Above 1: make tokens less probable that were there before.")
  var repetitionPenalty: Float?

  @Option(help: "The seed of the choices.")
  var seed: UInt64 = 0

  @Flag(help: "Begin with the settings of the model's generation_config.json rather than with temperature 0.")
  var recommended = false

  func validate() throws {
    if maxTokens < 1 || maxTokens > 1_000_000 { throw ValidationError("--max-tokens must be between 1 and 1000000.") }
    var asked = Sampling(seed: seed)
    apply(to: &asked)
    do throws(ModelError) {
      try asked.check()
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// The settings for `model`.
  func sampling(for model: AudioLanguageModel) throws -> Sampling {
    var sampling = recommended ? Sampling(defaults: model.defaults, seed: seed) : Sampling(seed: seed)
    apply(to: &sampling)
    try sampling.check()
    return sampling
  }

  /// Puts in what was given on the command line.
  private func apply(to sampling: inout Sampling) {
    if let temperature { sampling.temperature = temperature }
    if let topK { sampling.topK = topK }
    if let topP { sampling.topP = topP }
    if let minP { sampling.minP = minP }
    if let repetitionPenalty { sampling.repetitionPenalty = repetitionPenalty }
  }
}

/// How audio files reach a model.
struct AudioOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Cut audio that is longer than this into windows, and give the model all of them in order.",
      valueName: "seconds"))
  var windows: Int?

  func validate() throws {
    if let windows, windows < 1 || windows > 300 { throw ValidationError("--windows must be between 1 and 300.") }
  }

  /// The samples of `path` at 16 kHz, in windows where those were asked for; refused where `model` cannot take them.
  func samples(of path: String, for model: AudioLanguageModel) throws -> [[Float]] {
    // Long enough for every model and window; a day of audio by mistake does not fill the memory.
    let decoded = try AudioReader.decode(path: path, maximumSeconds: 7_200)
    let waveform = try Resampler().resample(decoded, to: Waveform.modelRate)
    let pieces = windows.map { audioWindows(waveform.samples, seconds: $0) } ?? [waveform.samples]
    for piece in pieces { try model.check(audio: piece, named: path) }
    return pieces
  }
}
