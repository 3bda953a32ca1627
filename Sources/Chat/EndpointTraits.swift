/// What an endpoint does with requests of one model, as `EndpointProbe` found it.
///
/// Each finding has its evidence in words; what could not be told is `unknown`.
public struct EndpointTraits: Sendable, Equatable, Codable {
  /// Something that was found, and how.
  public struct Finding<Value: Sendable & Equatable & Codable>: Sendable, Equatable, Codable {
    public var value: Value
    /// One sentence without a full stop.
    public var evidence: String

    public init(_ value: Value, _ evidence: String) {
      self.value = value
      self.evidence = evidence
    }
  }

  public enum Answer: String, Sendable, Codable {
    case yes, no, unknown
  }

  /// What becomes of `response_format: json_schema`.
  public enum SchemaSupport: String, Sendable, Codable {
    /// Answers follow the schema, whatever the prompt says.
    case enforced
    /// Requests with a schema are turned down.
    case refused
    /// It changes nothing.
    case ignored
    case unknown
  }

  /// The member of a message that holds the answer.
  public enum TextField: String, Sendable, Codable {
    case content, reasoning, unknown
  }

  /// The endpoint's identity; see `Endpoint`.
  public var endpoint: String
  public var model: String
  public var schema: Finding<SchemaSupport>
  /// Whether `response_format: json_object` keeps answers to JSON.
  public var jsonObject: Finding<Answer>
  public var text: Finding<TextField>
  /// Whether sounds sent as `input_audio` reach the model; nil where that was not asked.
  public var audio: Finding<Answer>?
  /// Whether equal requests with equal seeds have equal answers. Even then a busy server may answer otherwise.
  public var seed: Finding<Answer>
  public var logProbabilities: Finding<Answer>
  /// Whether the limit of tokens has to be called `max_completion_tokens`.
  public var wantsCompletionTokens: Finding<Answer>
  /// How many requests it took to find out.
  public var requests: Int

  public init(
    endpoint: String, model: String, schema: Finding<SchemaSupport>, jsonObject: Finding<Answer>,
    text: Finding<TextField>, audio: Finding<Answer>?, seed: Finding<Answer>, logProbabilities: Finding<Answer>,
    wantsCompletionTokens: Finding<Answer>, requests: Int
  ) {
    self.endpoint = endpoint
    self.model = model
    self.schema = schema
    self.jsonObject = jsonObject
    self.text = text
    self.audio = audio
    self.seed = seed
    self.logProbabilities = logProbabilities
    self.wantsCompletionTokens = wantsCompletionTokens
    self.requests = requests
  }
}

extension EndpointTraits {
  /// The strictest form that is worth asking for; nil where it has to be tried.
  ///
  /// A schema that is ignored is not sent: it would promise what nobody keeps, and an update of the server could change
  /// the answers in the middle of a run. The prompt's own words ask for the form then, and answers are checked.
  public var strictestOutput: StructuredOutput? {
    switch schema.value {
    case .enforced: .jsonSchema
    case .refused, .ignored: jsonObject.value == .yes ? .jsonObject : .plain
    case .unknown: nil
    }
  }

  /// What to ask for where `wanted` is wished for.
  public func output(for wanted: StructuredOutput) -> StructuredOutput {
    guard let strictestOutput, wanted.isStronger(than: strictestOutput) else { return wanted }
    return strictestOutput
  }
}
