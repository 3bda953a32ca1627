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

  @OptionGroup
  var options: PipelineOptions

  @Option(help: ArgumentHelp("Take up at most this many files, spread over the folder.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Stop after this stage.", valueName: "stage"))
  var until: String?

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
    let file = try options.file()
    let stages = try StageCatalogue.stages(of: file)
    var run = Run(folder: options.folder(of: file), stages: stages)
    run.limit = limit
    run.requests = requests.policy
    if let threads {
      run.threads = threads
      Parallel.threads = threads
    }
    try run.check(until: until)
    if dryRun { return try await rehearse(run) }
    let (store, _) = try await run.executeOnScreen(until: until, json: json)
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
}
