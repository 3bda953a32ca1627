import ArgumentParser
import Foundation
import Models
import Pipelines
import Stages
import Tensors
import Training

struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on questions: SFT, DPO and GRPO, one after the other.",
    discussion: """
      A training file names the model, what of it learns, the data, and a section for each phase; pipelines/train-*.yaml \
      are such files, and docs/training.md explains every key. Checkpoints, metrics (JSON lines and TensorBoard) and \
      sample completions go to the run's folder; its 'model' is the checkpoint with the best score on held-out \
      questions. A run that was stopped goes on with --resume, step for step as if it had not been.
      """)

  @Argument(
    help: ArgumentHelp("The training file.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    help: ArgumentHelp("Keep the run in this folder (default: what the file says, or runs/NAME).", valueName: "dir"))
  var output: String?

  @Option(help: ArgumentHelp("The model to begin with, in place of the file's.", valueName: "dir"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Override a key of the training file; may be given several times.", valueName: "section.key=value"))
  var set: [String] = []

  @Option(help: ArgumentHelp("Cut every phase to at most this many steps.", valueName: "n"))
  var maxSteps: Int?

  @Flag(help: "Go on from the last checkpoint of the run's folder.")
  var resume = false

  @Option(help: ArgumentHelp("Threads to compute with. Left out: one per CPU.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Print the result as JSON, and progress as JSON lines.")
  var json = false

  func validate() throws {
    if let output, output.allSatisfy(\.isWhitespace) {
      throw ValidationError("--output names no folder. Give one, or leave it out for the file's.")
    }
    if let maxSteps, maxSteps < 1 { throw ValidationError("--max-steps must be at least 1.") }
    if let threads, threads < 1 || threads > 1_024 { throw ValidationError("--threads must be between 1 and 1024.") }
  }

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    let file = try PipelineFile(path: file, overrides: set)
    var plan = try TrainingPlan(file: file, output: output, steps: maxSteps)
    if let model { plan.settings.model = model }
    if let threads { plan.settings.threads = threads }
    try TrainingRun.start(in: plan.folder, resuming: resume)
    let folder = try ModelLocation.resolve(plan.settings.model)
    if !json { printNote("Run folder: \(plan.folder.path)") }
    let result = try await train(plan, from: folder)
    printResult(json ? jsonLine(TrainingSummary(result), pretty: true) : TrainingSummary(result).text)
  }

  private func train(_ plan: TrainingPlan, from model: String) async throws -> TrainingResult {
    let screen = TrainingScreen(json: json)
    let resume = resume
    defer { screen.finish() }
    do {
      return try await Screen.keepingMessages(in: try plan.folder.messages()) {
        try await Interruption.watching(note: { screen.note($0) }) {
          try await TrainingThread.run { isCancelled in
            try TrainingRun(
              settings: plan.settings, data: plan.data, folder: plan.folder, modelFolder: model,
              isCancelled: isCancelled, tell: { screen.show($0) }
            ).run(resuming: resume)
          }
        }
      }
    } catch TrainingError.interrupted {
      throw Stopped(command: CommandLine.arguments + (resume ? [] : ["--resume"]))
    }
  }
}

/// What a training run leaves, as the command prints it.
struct TrainingSummary: Encodable {
  var steps: Int
  var checkpoint: String
  var accuracy: Double?
  var best: String?
  var testAccuracy: Double?
  /// With silence in place of the sounds.
  var silentAccuracy: Double?

  private enum CodingKeys: String, CodingKey {
    case steps, checkpoint, accuracy, best
    case testAccuracy = "test_accuracy"
    case silentAccuracy = "silent_accuracy"
  }

  init(_ result: TrainingResult) {
    steps = result.steps
    checkpoint = result.checkpoint
    accuracy = result.best?.accuracy
    best = result.best?.checkpoint
    testAccuracy = result.test?.accuracy
    silentAccuracy = result.test?.silentAccuracy
  }

  var text: String {
    guard let accuracy, let best else { return "\(steps) steps. The model: \(checkpoint)" }
    return "\(steps) steps. Best on held-out questions: \(Quantity.fixed(accuracy * 100, 1))%, \(best)"
  }
}

extension TrainingFolder {
  /// Where what libraries print goes; makes the folder.
  fileprivate func messages() throws -> String {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return "\(path)/messages.log"
  }
}
