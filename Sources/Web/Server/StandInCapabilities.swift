/// What the stand-in endpoint can do, as far as endpoints differ in it.
public struct StandInCapabilities: Sendable, Equatable {
  /// What becomes of a part of a request.
  public enum Support: String, CaseIterable, Sendable {
    case honoured
    /// Passed over without a word.
    case ignored
    /// Answered with 400.
    case refused
  }

  /// When one body gets different contents.
  public enum Sampling: String, CaseIterable, Sendable {
    /// Never: the content is a function of the body.
    case repeatable
    /// Every time, unless the body has a `seed`, or a `temperature` of 0.
    case seeded
    /// Every time, unless the body has a `temperature` of 0.
    case free
  }

  /// `response_format` of the type "json_schema". A schema with one legal value gets it; any other gets questions.
  public var jsonSchema = Support.honoured
  /// `response_format` of the type "json_object".
  public var jsonObject = Support.honoured
  /// Parts of the type "input_audio".
  public var audio = Support.honoured
  public var givesLogProbabilities = true
  public var sampling = Sampling.repeatable

  /// Everything is honoured, and the same body gets the same answer.
  public init() {}
}

extension StandInCapabilities {
  /// What in `request` is answered with 400.
  func complaint(about request: ChatRequest) -> APIError? {
    if let format = request.format, support(of: format) == .refused {
      return .unsupported(
        "Invalid parameter: 'response_format' of type '\(format.name)' is not supported with this model.",
        parameter: "response_format")
    }
    if audio == .refused, request.sentSounds > 0 {
      return .unsupported("Invalid content type: 'input_audio' is not supported by this model.", parameter: "messages")
    }
    return nil
  }

  /// `request` as far as it is taken notice of, by an endpoint that saw the same body `earlier` times.
  func heard(_ request: ChatRequest, earlier: Int) -> ChatRequest {
    var heard = request
    if let format = request.format, support(of: format) == .ignored {
      heard.format = nil
      heard.missesFormat = true
    }
    if audio == .ignored {
      heard.sound = nil
      heard.soundSeconds = 0
    }
    if !givesLogProbabilities { heard.logProbabilities = nil }
    if earlier > 0, varies(request) {
      let own = UInt64(bitPattern: Int64(request.seed ?? 0))
      heard.seed = Int(truncatingIfNeeded: StableHash.mix(own, UInt64(earlier)))
    }
    return heard
  }

  private func varies(_ request: ChatRequest) -> Bool {
    guard request.temperature != 0 else { return false }
    return switch sampling {
    case .repeatable: false
    case .seeded: request.seed == nil
    case .free: true
    }
  }

  private func support(of format: ChatRequest.Format) -> Support {
    switch format {
    case .jsonSchema: jsonSchema
    case .jsonObject: jsonObject
    case .text: .honoured
    }
  }
}
