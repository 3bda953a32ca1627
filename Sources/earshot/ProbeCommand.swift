import ArgumentParser
import Chat
import Evaluation
import Foundation
import Stages

struct ProbeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Find out what a chat endpoint does with a schema, a sound, a seed: by asking, not by trust.",
    discussion: """
      Sends at most \(EndpointProbe.mostRequests) tiny requests. What they find is kept for seven days in \
      $XDG_CACHE_HOME/earshot/endpoints (usually ~/.cache), per address and model.

      Examples:
        earshot probe https://api.openai.com/v1 --model gpt-4o-mini --no-audio
        earshot probe http://127.0.0.1:8000/v1 --model Qwen/Qwen2.5-Omni-7B --again
      """)

  @Argument(help: "The base URL of an OpenAI-compatible server, or 'builtin' for the stand-in.")
  var url: String

  @Option(help: ArgumentHelp("The model's name, as the server knows it.", valueName: "name"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The environment variable that holds the key, or none. Left out: OPENAI_API_KEY.", valueName: "variable"))
  var key: String?

  @Flag(inversion: .prefixedNo, help: "Ask whether sounds reach the model, which takes 400 kB.")
  var audio = true

  @Flag(help: "Ask even where the answers are known.")
  var again = false

  @Flag(help: "Print JSON.")
  var json = false

  private static let builtin = "builtin"

  private struct Report: Encodable {
    var endpoint: String
    var model: String
    var requests: Int
    /// When it was found out; left out where that was just now.
    var known: String?
    var findings: [EndpointTraits.Line]
  }

  func validate() throws {
    if model == nil, url != Self.builtin { throw ValidationError("Give the name of the model with --model.") }
    // A key on the command line would be seen by all; its text is not repeated.
    if let key, key.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) == nil {
      throw ValidationError("--key takes the name of an environment variable, not a key.")
    }
  }

  func run() async throws {
    let access = try EndpointAccess(url: url, key: key, keySetting: "--key", concurrency: 1)
    // The stand-in is a part of this program, and changes with it.
    let folder = url == Self.builtin ? nil : EndpointTraitsCache.usualFolder(in: ProcessInfo.processInfo.environment)
    let cache = folder.map { EndpointTraitsCache(folder: $0) }
    try await access.withClient { client in
      try await Self.reach(client)
      let probe = EndpointProbe(client: client, model: model ?? "stand-in", audio: audio)
      let result = try await probe.run(cache: cache, again: again)
      if let problem = result.problem { printNote("\(problem)") }
      let report = Report(
        endpoint: result.traits.endpoint, model: result.traits.model, requests: result.traits.requests,
        known: result.date?.formatted(.iso8601), findings: result.traits.lines)
      printResult(json ? jsonLine(report, pretty: true) : Self.text(report))
    }
  }

  /// Ends at once where there is no server, without the patience that a run has.
  private static func reach(_ client: ChatClient) async throws {
    do {
      _ = try await client.models()
    } catch {
      // Not every server names its models.
      if case .unreachable = error { throw error }
    }
  }

  private static func text(_ report: Report) -> String {
    var grid = TextGrid(["", "", ""])
    for finding in report.findings {
      grid.add([finding.trait, finding.found, cut(finding.evidence)])
      grid.add(["", "", finding.advice])
    }
    let source =
      report.known.map { "known since \($0); --again asks anew" }
      ?? "found with \(Quantity.count(report.requests, "requests"))"
    return "\(report.endpoint), \(report.model): \(source)\n\(grid.text.drop { $0 == "\n" })"
  }

  /// What a server said at length is in the JSON.
  private static func cut(_ text: String) -> String { text.count > 110 ? text.prefix(109) + "…" : text }
}
