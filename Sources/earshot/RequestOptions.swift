import ArgumentParser
import Pipelines
import Store

/// What a run may ask of endpoints, and spend.
struct RequestOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Spend at most this many US dollars in this run folder, over all runs. Needs prices in the pipeline file.",
      valueName: "usd"))
  var maxUsd: Double?

  @Option(
    help: ArgumentHelp(
      "Send at most this many requests, those of earlier runs in this folder included.", valueName: "n"))
  var maxRequests: Int?

  @Option(help: ArgumentHelp("Use at most this many tokens, prompts and answers together.", valueName: "n"))
  var maxTokens: Int?

  @Flag(help: "Use stored answers alone, and no network: makes the same set again, or finishes what is answered.")
  var replay = false

  func validate() throws {
    if let maxUsd, !(maxUsd >= 0 && maxUsd < 1e9) { throw ValidationError("--max-usd must be 0 or more.") }
    if let maxRequests, maxRequests < 0 { throw ValidationError("--max-requests must be 0 or more.") }
    if let maxTokens, maxTokens < 0 { throw ValidationError("--max-tokens must be 0 or more.") }
  }

  var policy: RequestPolicy {
    RequestPolicy(
      limits: SpendingLimits(usd: maxUsd, requests: maxRequests, tokens: maxTokens), replaysOnly: replay)
  }
}
