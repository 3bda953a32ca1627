import ArgumentParser
import Foundation
import Web

struct StandInCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stand-in",
    abstract: "Serve the stand-in endpoint, to rehearse a run against a server that fails as real ones do.",
    discussion: """
      Speaks the API of a chat endpoint on 127.0.0.1 and writes questions from the captions with a small grammar. Rates \
      are shares of the requests, between 0 and 1.

      Example:
        earshot stand-in --port 8080 --rate-limited 0.1 --server-error 0.05 &
        earshot run pipelines/quickstart.yaml --set write.endpoint=http://127.0.0.1:8080/v1
      """)

  @Option(help: "The port; 0 takes a free one, which is printed.")
  var port: UInt16 = 8080

  @Option(help: "Share answered with 429 and Retry-After.")
  var rateLimited = 0.0

  @Option(help: "Share answered with 500.")
  var serverError = 0.0

  @Option(help: "Share whose body is cut off on the wire.")
  var cutOff = 0.0

  @Option(help: "Share whose text is not the JSON asked for.")
  var wrongJson = 0.0

  @Option(help: "Share that stops at the token limit.")
  var truncated = 0.0

  @Option(help: "Share that is refused in words.")
  var refusal = 0.0

  @Option(help: ArgumentHelp("Every answer takes this long.", valueName: "seconds"))
  var latency = 0.0

  @Option(help: ArgumentHelp("Add a line to this file for each request answered.", valueName: "file"))
  var log: String?

  func validate() throws {
    let rates = [rateLimited, serverError, cutOff, wrongJson, truncated, refusal]
    guard rates.allSatisfy({ (0...1).contains($0) }), rates.reduce(0, +) <= 1 else {
      throw ValidationError("Rates must be between 0 and 1, and together at most 1.")
    }
    guard (0...3600).contains(latency) else { throw ValidationError("--latency must be between 0 and 3600 seconds.") }
  }

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    var faults = StandInFaults()
    faults[.rateLimited] = rateLimited
    faults[.serverError] = serverError
    faults[.cutOff] = cutOff
    faults[.wrongJSON] = wrongJson
    faults[.truncated] = truncated
    faults[.refusal] = refusal
    faults.latencySeconds = latency...latency
    let server = try await StandInServer.start(port: port, faults: faults, requestLog: log)
    printResult(server.baseURL)
    do {
      try await Interruption.watching { try await server.waitUntilStopped() }
    } catch is CancellationError {
      await server.stop()
    }
  }
}
