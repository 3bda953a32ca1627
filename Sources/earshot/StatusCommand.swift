import ArgumentParser
import Pipelines
import Store

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how far a run is, what it rejected and why, and what it spent.",
    discussion: "Works while the run is going on, and long after it.")

  @Argument(help: "The run's folder, such as runs/quickstart.", completion: .directory)
  var runDir: String

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let folder = RunFolder(path: runDir)
    let report = try StatusReport(store: try RunStore(reading: folder.database), folder: folder)
    printResult(json ? jsonLine(report, pretty: true) : report.table)
  }
}
