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
      Takes some files, spread over the folder, through scan, caption and write, and to judges where the file has a \
      dependence section, and says what the rest will take, with \
      intervals of 95 %. What they cost is not lost: they are kept in the run folder, and 'earshot run' goes on from \
      there. With --stand-in nothing is paid: the stand-in answers in a folder of its own, so tokens and prices are a \
      first guess.

      Examples:
        earshot estimate pipelines/avqa-gpt.yaml --stand-in
        earshot estimate pipelines/avqa-gpt.yaml --max-usd 0.10
      """)

  @OptionGroup
  var options: PipelineOptions

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
    if standIn, options.into != nil {
      throw ValidationError("--stand-in works in a folder of its own; leave --into out.")
    }
  }

  func run() async throws {
    let file = try options.file()
    guard standIn else { return try await estimate(file, in: options.folder(of: file)) }
    let path = NSTemporaryDirectory() + "earshot-estimate-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await estimate(
      try options.file(overriding: try file.overridesForStandIn()), in: RunFolder(path: path))
  }

  private func estimate(_ file: PipelineFile, in folder: RunFolder) async throws {
    var run = Run(folder: folder, stages: try StageCatalogue.stages(of: file))
    run.limit = files
    run.requests.limits.usd = maxUsd
    run.requests.asksDirectly = true
    let (store, timings) = try await run.executeOnScreen(
      until: RunEstimate.lastCostlyStage(of: run), json: json, showsFolder: !standIn)
    let estimate = try RunEstimate(of: run, in: store, timings: timings, isRehearsal: standIn)
    printResult(json ? jsonLine(estimate, pretty: true) : EstimateText(estimate, isRehearsal: standIn).text)
  }
}
