import ArgumentParser
import Foundation
import Pipelines
import Reports
import Stages
import Store

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a page about a run: what came in, what was left out and why, what the set is like.",
    discussion: """
      One file that opens from disk without a network, with charts, three examples of each reason why something was left \
      out, which can be heard, and every setting that the set depends on.

      Example:
        earshot report runs/quickstart --to quickstart.html
      """)

  @Argument(help: "The run's folder, such as runs/quickstart.", completion: .directory)
  var runDir: String

  @Option(help: ArgumentHelp("The file to write (default: report.html in the run's folder).", valueName: "file"))
  var to: String?

  @Option(
    name: .customLong("audio-from"),
    help: ArgumentHelp("Where the run's audio is now, if it was moved since the scan.", valueName: "dir"),
    completion: .directory)
  var audioFrom: String?

  func run() throws {
    let folder = RunFolder(path: runDir)
    let store = try RunStore(reading: folder.database)
    let name = URL(fileURLWithPath: runDir).standardizedFileURL.lastPathComponent
    let page = try RunReport(store, name: name, audio: audioFrom).page(program: Version.current)
    let path = to ?? folder.path + "/report.html"
    try ReportFolder.write(page, to: path)
    printResult(path)
  }
}
