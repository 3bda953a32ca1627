import ArgumentParser
import Chat
import Dataset
import Judging
import Models
import Stages

/// Who describes sounds in words, from which the model then answers.
struct CascadeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A cascade: this model says what it hears, and the one of --model answers from its words.", valueName: "dir"),
    completion: .directory)
  var captionModel: String?

  @Option(
    help: ArgumentHelp("The same by a chat endpoint; --caption-model is then its model's name.", valueName: "url"))
  var captionEndpoint: String?

  @Option(help: ArgumentHelp("The environment variable with that endpoint's key, or none.", valueName: "variable"))
  var captionKey: String?

  @Option(help: ArgumentHelp("The most tokens of a caption.", valueName: "n"))
  var captionTokens = 256

  func validate() throws {
    if captionEndpoint != nil, captionModel == nil {
      throw ValidationError("Give --caption-endpoint and --caption-model together.")
    }
    if captionKey != nil, captionEndpoint == nil { throw ValidationError("--caption-key is for a --caption-endpoint.") }
    if captionTokens < 1 || captionTokens > 100_000 {
      throw ValidationError("--caption-tokens must be between 1 and 100000.")
    }
  }

  /// Runs `body` with the describer that is asked for, if one is. `requests` are made at a time.
  func withDescriber(requests: Int, _ body: ((any Answerer)?) async throws -> Void) async throws {
    guard let captionModel else { return try await body(nil) }
    let prompts = AskPrompts(nil)
    guard let captionEndpoint else {
      let folder = try ModelLocation.resolve(captionModel)
      return try await body(
        GeneratingAnswerer(
          model: try AudioLanguageModel(folder: folder), prompts: prompts, maximumTokens: captionTokens,
          kinds: [.caption], identity: ["model": ModelLocation.name(ofFolder: folder)]))
    }
    let access = try EndpointAccess(
      url: captionEndpoint, key: captionKey, keySetting: "--caption-key", concurrency: requests)
    try await access.withClient { client in
      let settings = EndpointSettings(model: captionModel, temperature: 0, maxTokens: captionTokens)
      try await body(EndpointAnswerer(client: client, settings: settings, prompts: prompts, kinds: [.caption]))
    }
  }
}
