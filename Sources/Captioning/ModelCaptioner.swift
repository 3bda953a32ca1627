import Audio

/// Has a model listen to the clip and say what it hears, as a prompt asks it to.
public struct ModelCaptioner: Captioner {
  public let name: String
  public let needsAudio = true
  /// How many answers the model works on together; no caption depends on it.
  public let batch: Int
  let generator: any AudioTextGenerator
  private let settings: Settings
  private let turns: @Sendable (CaptionInput) throws(CaptioningError) -> [CaptionTurn]

  /// Raise it when the same answers would make other captions.
  static let version = "1"

  public struct Settings: Sendable, Equatable {
    /// What tells the prompt from others: its digest.
    public var promptHash: String
    public var sampling: CaptionSampling
    /// Captions a clip.
    public var captions: Int
    /// Seconds of the longest stretch that a longer clip is cut into; nil refuses a clip that the model cannot hear as
    /// a whole.
    public var window: Double?

    public init(promptHash: String, sampling: CaptionSampling, captions: Int = 1, window: Double? = nil) {
      self.promptHash = promptHash
      self.sampling = sampling
      self.captions = captions
      self.window = window
    }
  }

  /// `turns` are the prompt's for a clip.
  public init(
    name: String, generator: any AudioTextGenerator, settings: Settings, batch: Int = 1,
    turns: @escaping @Sendable (CaptionInput) throws(CaptioningError) -> [CaptionTurn]
  ) {
    self.name = name
    self.generator = generator
    self.settings = settings
    self.batch = batch
    self.turns = turns
  }

  /// Captions a clip.
  public var captionCount: Int { settings.captions }

  public var identity: [String: String] {
    var identity = [
      "captioner": name, "version": Self.version, "model": generator.model, "revision": generator.revision,
      "prompt": settings.promptHash, "sampling": settings.sampling.json, "captions": "\(settings.captions)",
    ]
    identity["window"] = settings.window.map { "\($0) s" }
    return identity
  }

  public func captions(for clips: [CaptionInput]) throws -> [Result<[CaptionDraft], CaptioningError>] {
    try Self.captions(of: clips.map { Job(captioner: self, clip: $0) })
  }

  /// What a clip's captions need: the requests of its first caption, one a stretch, then those of the next.
  struct Plan {
    var clip: String
    var stretches: [ClipStretch]
    var requests: [AudioTextRequest]
  }

  func plan(_ clip: CaptionInput) throws(CaptioningError) -> Plan {
    let waveform = clip.waveform
    guard !waveform.samples.isEmpty else { throw .noSamples(clip: clip.clip) }
    guard waveform.sampleRate == Waveform.modelRate else {
      throw .wrongRate(clip: clip.clip, rate: waveform.sampleRate)
    }
    let stretches = try stretches(of: clip)
    let turns = try turns(clip)
    let isWhole = stretches.count == 1
    let sounds = stretches.map { stretch in
      AudioTextRequest(
        sound: isWhole ? clip.clip : "\(clip.clip) \(stretch.samples)",
        samples: isWhole ? waveform.samples : Array(waveform.samples[stretch.samples]), turns: turns,
        sampling: settings.sampling)
    }
    let requests = (0..<settings.captions * stretches.count).map { place in
      var request = sounds[place % stretches.count]
      request.sampling = settings.sampling.seeded(clip: clip.clip, place: place)
      return request
    }
    return Plan(clip: clip.clip, stretches: stretches, requests: requests)
  }

  private func stretches(of clip: CaptionInput) throws(CaptioningError) -> [ClipStretch] {
    guard let window = settings.window else {
      guard clip.waveform.seconds <= generator.longestSound else {
        throw .tooLong(clip: clip.clip, seconds: clip.waveform.seconds, longest: generator.longestSound)
      }
      return [ClipStretch(samples: 0..<clip.waveform.samples.count)]
    }
    return ClipStretch.even(samples: clip.waveform.samples.count, longest: min(window, generator.longestSound))
  }

  /// The captions that a plan's answers make; the answers are in the order of its requests.
  func drafts(
    _ plan: Plan, _ answers: [Result<GeneratedText, AudioTextError>]
  ) throws(CaptioningError) -> [CaptionDraft] {
    var drafts: [CaptionDraft] = []
    for caption in 0..<settings.captions {
      var parts: [GeneratedText] = []
      for number in plan.stretches.indices {
        switch answers[caption * plan.stretches.count + number] {
        case .success(let text): parts.append(text)
        case .failure(let error):
          throw .notGenerated(clip: plan.clip, model: generator.model, reason: error.reason)
        }
      }
      drafts.append(try draft(plan, parts))
    }
    return drafts
  }

  private func draft(_ plan: Plan, _ parts: [GeneratedText]) throws(CaptioningError) -> CaptionDraft {
    var texts: [String] = []
    for (stretch, part) in zip(plan.stretches, parts) {
      let text = captionText(part.text)
      let whole = part.finish == .length ? wholeSentences(of: text) : text
      guard !whole.isEmpty else {
        throw .notGenerated(clip: plan.clip, model: generator.model, reason: "it wrote nothing")
      }
      texts.append(parts.count == 1 ? whole : "\(stretch.name): \(whole)")
    }
    let tokens = parts.reduce(0) { $0 + $1.tokens }
    let total = parts.reduce(0) { $0 + $1.meanLogProbability * Double($1.tokens) }
    let mean = tokens > 0 ? total / Double(tokens) : 0
    let isCut = parts.contains { $0.finish == .length }
    return CaptionDraft(
      text: texts.joined(separator: " "), model: generator.model, revision: generator.revision,
      sampling: settings.sampling.json, meanLogProbability: mean.isFinite ? mean : nil,
      remark: isCut ? cutOffRemark(maxTokens: settings.sampling.maxTokens) : nil)
  }
}

/// What is said of a caption that ended because its tokens were used up.
public func cutOffRemark(maxTokens: Int) -> String {
  "cut off at \(maxTokens) tokens; kept up to its last whole sentence"
}
