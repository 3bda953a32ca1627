import ArgumentParser
import Foundation
import Pipelines
import Stages
import Store

struct EstimateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "Say what a run will take in time, requests and money, by a few of its clips.",
    discussion: """
      Takes some files, spread over the folder, through scan, caption and write, and says what the rest will take, with \
      intervals of 95 %. What they cost is not lost: they are kept in the run folder, and 'earshot run' goes on from \
      there. With --stand-in nothing is paid: the stand-in answers in a folder of its own, so tokens and prices are a \
      first guess.

      Examples:
        earshot estimate pipelines/avqa-gpt.yaml --stand-in
        earshot estimate pipelines/avqa-gpt.yaml --max-usd 0.10
      """)

  @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String

  @Option(help: ArgumentHelp("Take the clips from this folder.", valueName: "dir"), completion: .directory)
  var audio: String?

  @Option(help: ArgumentHelp("The run's folder (default: runs/NAME).", valueName: "run-dir"))
  var into: String?

  @Option(
    help: ArgumentHelp(
      "Override a key of the pipeline file; may be given several times.", valueName: "section.key=value"))
  var set: [String] = []

  @Option(help: ArgumentHelp("Go by this many files.", valueName: "n"))
  var files = 20

  @Flag(help: "Pay nothing: let the stand-in answer, in a folder that is then removed.")
  var standIn = false

  @Option(help: ArgumentHelp("Spend at most this many US dollars on it.", valueName: "usd"))
  var maxUsd: Double?

  @Flag(help: "Print JSON, and progress as JSON lines.")
  var json = false

  func validate() throws {
    if !(2...10_000).contains(files) { throw ValidationError("--files must be between 2 and 10000.") }
    if let maxUsd, !(maxUsd >= 0 && maxUsd < 1e9) { throw ValidationError("--max-usd must be 0 or more.") }
    if standIn, into != nil { throw ValidationError("--stand-in works in a folder of its own; leave --into out.") }
  }

  func run() async throws {
    let overrides = set + (audio.map { ["scan.audio=" + RunCommand.quotedFolder($0)] } ?? [])
    var file = try PipelineFile(path: pipeline, overrides: overrides)
    guard standIn else {
      let folder = RunFolder(path: into ?? "runs/\(file.name)")
      return try await estimate(file, in: folder)
    }
    file = try PipelineFile(path: pipeline, overrides: overrides + (try file.overridesForStandIn()))
    let path = NSTemporaryDirectory() + "earshot-estimate-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await estimate(file, in: RunFolder(path: path))
  }

  private func estimate(_ file: PipelineFile, in folder: RunFolder) async throws {
    signal(SIGPIPE, SIG_IGN)
    var run = Run(folder: folder, stages: try StageCatalogue.stages(of: file))
    run.limit = files
    run.requests.limits.usd = maxUsd
    run.requests.asksDirectly = true
    let lock = try RunLock(folder)
    let store = try RunStore(path: folder.database)
    let screen = ScreenProgress()
    let clock = StageClock(json ? JSONProgress() : screen)
    if !json, !standIn { printNote("Run folder: \(folder.path)") }
    do {
      let sample = run
      try await Screen.keepingMessages(in: folder.messages) {
        try await Interruption.watching { try await sample.execute(in: store, until: "write", progress: clock) }
      }
    } catch is CancellationError {
      screen.interrupt()
      throw Stopped(command: CommandLine.arguments)
    } catch {
      screen.interrupt()
      throw error
    }
    _ = consume lock
    let estimate = try RunEstimate(of: run, in: store, timings: clock.timings, isRehearsal: standIn)
    printResult(json ? jsonLine(estimate, pretty: true) : EstimateText(estimate, isRehearsal: standIn).text)
  }
}
