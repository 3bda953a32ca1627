import ArgumentParser
import Foundation
import Web

struct StandInCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stand-in",
    abstract: "Serve the stand-in endpoint, to rehearse a run against a server that fails as real ones do.",
    discussion: """
      Speaks the API of a chat endpoint on 127.0.0.1 and writes questions from the captions with a small grammar. Rates \
      are shares of the requests, between 0 and 1. docs/stand-in.md tells what each fault does.

      Faults for --fault: \(StandInFault.allCases.map(\.rawValue).joined(separator: ", ")).

      Example:
        earshot stand-in --port 8080 --rate-limited 0.1 --server-error 0.05 --fault reset=0.02 &
        earshot run pipelines/quickstart.yaml --set write.endpoint=http://127.0.0.1:8080/v1
      """)

  @Option(help: "The port; 0 takes a free one, which is printed.")
  var port: UInt16 = 8080

  @OptionGroup(title: "Faults") var faults: StandInFaultOptions

  @OptionGroup(title: "Limits") var limits: StandInLimitOptions

  @OptionGroup(title: "Abilities") var abilities: StandInAbilityOptions

  @OptionGroup(title: "Batches") var batches: StandInBatchOptions

  @Option(help: ArgumentHelp("Add a line to this file for each request answered.", valueName: "file"))
  var log: String?

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    let server = try await StandInServer.start(
      port: port, faults: faults.faults, limits: limits.limits, capabilities: abilities.capabilities,
      batches: batches.batches, requestLog: log)
    printResult(server.baseURL)
    do {
      try await Interruption.watching { try await server.waitUntilStopped() }
    } catch is CancellationError {
      await server.stop()
    }
  }
}
