import ArgumentParser
import Foundation
import Pipelines
import Stages
import Store
import Tensors

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a pipeline: from a folder of audio to an exported question set.",
    discussion: """
      Does what is not done yet. A run that was stopped, even by a kill or a power cut, goes on where it was; no answer \
      that was paid for is asked for again. After a change of the pipeline file, a prompt or the audio, exactly what \
      depends on it is done again; --dry-run tells beforehand what that is.

      Examples:
        earshot run pipelines/quickstart.yaml
        earshot run pipelines/quickstart.yaml --audio ~/clips --into runs/clips --limit 20
        earshot run pipelines/quickstart.yaml --audio ~/clips --into runs/clips \\
          --set write.endpoint=https://api.openai.com/v1 --set write.model=gpt-4o-mini

      The key of an endpoint is read from OPENAI_API_KEY, or the variable that write.key names.
      """)

  @Argument(help: "The pipeline file.", completion: .file(extensions: ["yaml", "yml"]))
  var pipeline: String

  @Option(help: ArgumentHelp("Take the clips from this folder.", valueName: "dir"), completion: .directory)
  var audio: String?

  @Option(help: ArgumentHelp("Keep the run in this folder (default: runs/NAME).", valueName: "run-dir"))
  var into: String?

  @Option(help: ArgumentHelp("Take up at most this many files, spread over the folder.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Stop after this stage.", valueName: "stage"))
  var until: String?

  @Option(
    help: ArgumentHelp(
      "Override a key of the pipeline file; may be given several times.", valueName: "section.key=value"))
  var set: [String] = []

  @Option(help: ArgumentHelp("Worker threads (default: one per core).", valueName: "n"))
  var threads: Int?

  @OptionGroup(title: "Requests to endpoints")
  var requests: RequestOptions

  @Flag(help: "Say what would be done, and why, and do nothing.")
  var dryRun = false

  @Flag(help: "Print the result as JSON, and progress as JSON lines.")
  var json = false

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
    if let threads, threads < 1 || threads > 1_024 { throw ValidationError("--threads must be between 1 and 1024.") }
  }

  func run() async throws {
    let overrides = set + (audio.map { ["scan.audio=" + RunCommand.quotedFolder($0)] } ?? [])
    let file = try PipelineFile(path: pipeline, overrides: overrides)
    let stages = try StageCatalogue.stages(of: file)
    var run = Run(folder: RunFolder(path: into ?? "runs/\(file.name)"), stages: stages)
    run.limit = limit
    run.requests = requests.policy
    if let threads {
      run.threads = threads
      Parallel.threads = threads
    }
    try run.check(until: until)
    if dryRun { return try await rehearse(run) }
    try await execute(run)
  }

  private func execute(_ run: Run) async throws {
    signal(SIGPIPE, SIG_IGN)
    let lock = try RunLock(run.folder)
    let store = try RunStore(path: run.folder.database)
    let screen = ScreenProgress()
    let progress: any ProgressReporter = json ? JSONProgress() : screen
    if !json { printNote("Run folder: \(run.folder.path)") }
    do {
      let (until, json) = (until, json)
      let note = { @Sendable (text: String) in json ? progress.note(stage: "run", text) : printNote("\n" + text) }
      try await Screen.keepingMessages(in: run.folder.messages) {
        try await Interruption.watching(note: note) {
          try await run.execute(in: store, until: until, progress: progress)
        }
      }
    } catch is CancellationError {
      screen.interrupt()
      throw Stopped(command: CommandLine.arguments)
    } catch {
      screen.interrupt()
      throw error
    }
    _ = consume lock
    let report = try StatusReport(store: store, folder: run.folder)
    printResult(json ? jsonLine(report, pretty: true) : report.closing)
  }

  private func rehearse(_ run: Run) async throws {
    let progress: any ProgressReporter = json ? JSONProgress() : ScreenProgress()
    let rehearsals = try await run.rehearse(in: try Self.store(of: run.folder), until: until, progress: progress)
    printResult(json ? jsonLine(rehearsals.map(RehearsalLine.init), pretty: true) : RehearsalLine.text(rehearsals))
  }

  /// What the folder holds so far; nothing, where there is no run yet.
  private static func store(of folder: RunFolder) throws(StoreError) -> RunStore {
    do {
      return try RunStore(reading: folder.database)
    } catch .notFound {
      return try RunStore()
    }
  }

  /// A folder's path as a YAML text, whatever is in it; made absolute, so that it is never the word for the demo set.
  static func quotedFolder(_ path: String) -> String {
    let isRelative = !path.isEmpty && !path.hasPrefix("/") && !path.hasPrefix("~/")
    return "'" + ((isRelative ? FileManager.default.currentDirectoryPath + "/" : "") + path).replacing("'", with: "''")
      + "'"
  }
}
