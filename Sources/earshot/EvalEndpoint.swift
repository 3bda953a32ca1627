import ArgumentParser
import Chat
import Judging
import Stages

/// A chat endpoint that answers in place of a local model.
struct EndpointOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Ask a chat endpoint; --model is then the name of its model. 'builtin' is a stand-in that knows nothing.",
      valueName: "url"))
  var endpoint: String?

  @Option(
    help: ArgumentHelp(
      "The environment variable with the endpoint's key, or none. Left out: OPENAI_API_KEY.", valueName: "variable"))
  var key: String?

  @Option(
    help: ArgumentHelp("A chat endpoint that judges answers to open questions (AIR-Bench's chat).", valueName: "url"))
  var judge: String?

  @Option(help: ArgumentHelp("The name of the judge's model.", valueName: "name"))
  var judgeModel: String?

  @Option(help: ArgumentHelp("The environment variable with the judge's key, or none.", valueName: "variable"))
  var judgeKey: String?

  @Option(help: ArgumentHelp("Requests to an endpoint at a time.", valueName: "n"))
  var requests = 4

  func validate() throws {
    if requests < 1 || requests > 1_024 { throw ValidationError("--requests must be between 1 and 1024.") }
    if key != nil, endpoint == nil { throw ValidationError("--key is for an --endpoint.") }
    if judgeKey != nil, judge == nil { throw ValidationError("--judge-key is for a --judge.") }
    if (judge == nil) != (judgeModel == nil) { throw ValidationError("Give --judge and --judge-model together.") }
    for (name, key) in [("--key", key), ("--judge-key", judgeKey)] {
      // A key on the command line would be seen by all; its text is not repeated.
      guard let key, key.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) == nil else { continue }
      throw ValidationError("\(name) takes the name of an environment variable, not a key.")
    }
  }

  /// Runs `body` with the judge that is asked for, if one is.
  func withJudge(_ body: (EndpointJudge?) async throws -> Void) async throws {
    guard let judge, let judgeModel else { return try await body(nil) }
    let access = try EndpointAccess(url: judge, key: judgeKey, keySetting: "--judge-key", concurrency: requests)
    try await access.withClient { client in
      try await body(EndpointJudge(client: client, settings: EndpointSettings(model: judgeModel)))
    }
  }

  /// Nil for a local model.
  func access() throws -> EndpointAccess? {
    try endpoint.map { try EndpointAccess(url: $0, key: key, keySetting: "--key", concurrency: requests) }
  }
}

extension SamplingOptions {
  /// The settings for an endpoint's model; throws for those that only local models have.
  func settings(model: String) throws -> EndpointSettings {
    let local: [(String, Bool)] = [
      ("--top-k", topK != nil), ("--min-p", minP != nil), ("--repetition-penalty", repetitionPenalty != nil),
      ("--recommended", recommended),
    ]
    if let given = local.first(where: \.1) { throw ValidationError("\(given.0) is for local models.") }
    let samples = (temperature ?? 0) > 0
    return EndpointSettings(
      model: model, temperature: temperature.map(Self.exact) ?? 0, topP: topP.map(Self.exact),
      seed: samples ? Int(exactly: seed) : nil, maxTokens: maxTokens)
  }

  /// 0.7 as it was typed, which a Float holds as 0.699999988.
  private static func exact(_ number: Float) -> Double { Double("\(number)") ?? Double(number) }
}
