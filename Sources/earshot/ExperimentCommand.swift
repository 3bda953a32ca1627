import ArgumentParser
import Experiments
import Foundation
import Pipelines
import Tensors

struct ExperimentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment",
    abstract: "Make question sets, train on them in several ways, and compare what comes of it.",
    discussion: """
      An experiment file names sets, the phases of training, the arms to compare and what is asked at the end; \
      pipelines/experiment.yaml is one, and docs/experiments.md explains every key. Arms share what they have in common. \
      What is there already is not made again, so an experiment that was stopped goes on when the command is given \
      again. The report is one page, with its tables as CSV and Markdown beside it.

      Examples:
        earshot experiment pipelines/experiment.yaml
        earshot experiment pipelines/laptop.yaml --audio ~/clips --into runs/clips
        earshot experiment pipelines/experiment.yaml --audio birds=~/birds --audio rain=~/rain

      Where the file says what is expected of an arm and that does not come true, the exit status is 1.
      """)

  @Argument(help: "The experiment file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      """
      Make the file's set from this folder. With names (birds=DIR), once for each of several: a set of each, made as the \
      file's one set is.
      """, valueName: "dir"),
    completion: .directory)
  var audio: [String] = []

  @Option(help: ArgumentHelp("Keep the experiment in this folder (default: runs/NAME).", valueName: "dir"))
  var into: String?

  @Option(
    help: ArgumentHelp("Override a key of the file; may be given several times.", valueName: "section.key=value"))
  var set: [String] = []

  @Option(help: ArgumentHelp("Threads to compute with. Left out: one per CPU.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Print the result as JSON, and progress as JSON lines.")
  var json = false

  func validate() throws {
    if let into, into.allSatisfy(\.isWhitespace) {
      throw ValidationError("--into names no folder. Give one, or leave it out for runs/NAME.")
    }
    if let threads, threads < 1 || threads > 1_024 { throw ValidationError("--threads must be between 1 and 1024.") }
  }

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    if let threads { Parallel.threads = threads }
    let experiment = try Experiment(
      PipelineFile(path: file, overrides: set), audio: audio.map(SetAudio.init(argument:)))
    let folder = ExperimentFolder(path: into ?? "runs/\(experiment.name)")
    if !json { printNote("Experiment folder: \(folder.path)") }
    let result = try await conduct(experiment, in: folder)
    printResult(
      json ? jsonLine(ExperimentSummary(result, in: folder), pretty: true) : ExperimentScreen.text(result, in: folder))
    if result.outcomes.contains(where: { !$0.isMet }) { throw ExitCode(1) }
  }

  private func conduct(_ experiment: Experiment, in folder: ExperimentFolder) async throws -> ExperimentResult {
    let progress: any ProgressReporter = json ? JSONProgress() : ScreenProgress()
    let screen = ExperimentProgress(json: json)
    var run = ExperimentRun(
      experiment, in: folder, program: Version.current, progress: progress, tell: { screen.show($0) })
    if let threads { run.threads = threads }
    defer { screen.finish() }
    do {
      return try await Screen.keepingMessages(in: folder.messages) { [run] in
        try await Interruption.watching(note: { screen.note($0) }) { try await run.run() }
      }
    } catch  where error is CancellationError || ExperimentRun.isInterruption(error) {
      screen.finish()
      throw Stopped(command: CommandLine.arguments)
    }
  }
}
