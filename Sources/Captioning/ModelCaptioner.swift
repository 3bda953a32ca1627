import Audio

/// Has a model listen to the clip and say what it hears, as a prompt asks it to.
public struct ModelCaptioner: Captioner {
  public let name: String
  public let needsAudio = true
  private let generator: any AudioTextGenerator
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
    name: String, generator: any AudioTextGenerator, settings: Settings,
    turns: @escaping @Sendable (CaptionInput) throws(CaptioningError) -> [CaptionTurn]
  ) {
    self.name = name
    self.generator = generator
    self.settings = settings
    self.turns = turns
  }

  public var identity: [String: String] {
    var identity = [
      "captioner": name, "version": Self.version, "model": generator.model, "revision": generator.revision,
      "prompt": settings.promptHash, "sampling": settings.sampling.json, "captions": "\(settings.captions)",
    ]
    identity["window"] = settings.window.map { "\($0) s" }
    return identity
  }

  public func captions(for clips: [CaptionInput]) throws -> [Result<[CaptionDraft], CaptioningError>] {
    var requests: [AudioTextRequest] = []
    let plans = clips.map { clip in
      Result { () throws(CaptioningError) in try plan(clip, &requests) }
    }
    let answers = requests.isEmpty ? [] : try generator.generate(requests)
    guard answers.count == requests.count else {
      throw CaptioningError.wrongAnswers(model: generator.model, asked: requests.count, given: answers.count)
    }
    return plans.map { plan in
      plan.flatMap { plan in Result { () throws(CaptioningError) in try drafts(plan, answers) } }
    }
  }

  /// Which requests are a clip's: those of its first caption from `first` on, one a stretch, then those of the next.
  private struct Plan {
    var clip: String
    var stretches: [ClipStretch]
    var first: Int
  }

  private func plan(_ clip: CaptionInput, _ requests: inout [AudioTextRequest]) throws(CaptioningError) -> Plan {
    let waveform = clip.waveform
    guard !waveform.samples.isEmpty else { throw .noSamples(clip: clip.clip) }
    guard waveform.sampleRate == Waveform.modelRate else {
      throw .wrongRate(clip: clip.clip, rate: waveform.sampleRate)
    }
    let stretches = try stretches(of: clip)
    let turns = try turns(clip)
    let plan = Plan(clip: clip.clip, stretches: stretches, first: requests.count)
    for caption in 0..<settings.captions {
      for (number, stretch) in stretches.enumerated() {
        requests.append(
          AudioTextRequest(
            sound: stretches.count == 1 ? clip.clip : "\(clip.clip) \(stretch.samples)",
            samples: stretches.count == 1 ? waveform.samples : Array(waveform.samples[stretch.samples]),
            turns: turns,
            sampling: settings.sampling.seeded(clip: clip.clip, place: caption * stretches.count + number)))
      }
    }
    return plan
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

  private func drafts(_ plan: Plan, _ answers: [Result<GeneratedText, AudioTextError>]) throws(CaptioningError)
    -> [CaptionDraft]
  {
    var drafts: [CaptionDraft] = []
    for caption in 0..<settings.captions {
      var parts: [GeneratedText] = []
      for number in plan.stretches.indices {
        switch answers[plan.first + caption * plan.stretches.count + number] {
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
