public import Pipelines
public import Store

/// What a run will take in time, requests and money, by what a part of it took.
public struct RunEstimate: Sendable, Encodable {
  /// What one stage will take from now on.
  public struct Line: Sendable, Encodable {
    public var stage: String
    /// What the estimate goes by, in words.
    public var basis: String
    /// Seconds; nil where nothing tells.
    public var seconds: Projection?
    public var requests: Projection?
    public var tokens: Projection?
    /// US dollars; nil where no price is known.
    public var usd: Projection?
  }

  /// Audio files, and those that were taken for the sample.
  public var files: Int
  public var taken: Int
  /// In the whole set.
  public var clips: Projection
  /// Of all clips, in seconds.
  public var audio: Projection
  public var lines: [Line]
  /// What is spent already, in US dollars; nil where no price is known.
  public var spent: Double?

  /// Seconds of all stages that tell, one after the other.
  public var seconds: Projection { lines.compactMap(\.seconds).reduce(Projection(exactly: 0), +) }

  /// US dollars still to be spent; nil where no price is known.
  public var usd: Projection? {
    let known = lines.compactMap(\.usd)
    return known.isEmpty ? nil : known.reduce(Projection(exactly: 0), +)
  }
}

/// How long a stage worked on how many items.
public struct StageTiming: Sendable, Equatable {
  public var seconds: Double
  public var items: Int

  public init(seconds: Double, items: Int) {
    (self.seconds, self.items) = (seconds, items)
  }
}

extension RunEstimate {
  private static let mostSamples = 10_000

  /// The last stage of a pipeline that takes more than reading what is stored.
  public static func lastCostlyStage(of run: Run) -> String {
    run.stages.contains { $0 is DependenceStage } ? "dependence" : "write"
  }

  /// From a run that went on to its ``lastCostlyStage(of:)`` with a few files. `timings` are of that; `isRehearsal` says that the
  /// stand-in answered, whose speed tells nothing of another endpoint's.
  public init(of run: Run, in store: RunStore, timings: [String: StageTiming], isRehearsal: Bool) throws {
    let status = try store.status()
    let samples = try store.sourceSamples(limit: Self.mostSamples)
    files = status.sources
    taken = status.sources - status.pendingSources
    let left = Double(status.pendingSources)
    let moreClips = Projection(of: samples.map { Double($0.clips) }, count: left) ?? Projection(exactly: 0)
    let moreAudio = Projection(of: samples.map(\.seconds), count: left) ?? Projection(exactly: 0)
    clips = Projection(exactly: Double(status.clips)) + moreClips
    audio = Projection(exactly: status.seconds) + moreAudio
    spent = try store.cost()
    lines = []
    if let scan = timings["scan"], scan.items > 0 {
      let each = scan.seconds / Double(scan.items)
      lines.append(
        Line(stage: "scan", basis: "\(milliseconds(each)) a file", seconds: Projection(exactly: left * each)))
    }
    let meanSeconds = status.clips > 0 ? status.seconds / Double(status.clips) : 0
    let uncaptioned = Double(status.clips - (status.done["caption"] ?? 0))
    let toHear = Projection(exactly: uncaptioned * meanSeconds) + moreAudio
    lines.append(
      try Self.captions(timings["caption"], of: toHear, meanSeconds: meanSeconds, in: store, clips: moreClips))
    let unwritten = Projection(exactly: Double(status.clips - (status.done["write"] ?? 0))) + moreClips
    lines.append(try Self.writing(run, in: store, clips: unwritten, isRehearsal: isRehearsal))
    if Self.lastCostlyStage(of: run) == "dependence" {
      lines.append(try Self.judging(timings["dependence"], in: store, clips: unwritten, isRehearsal: isRehearsal))
    }
  }

  /// By clip, since how many questions will come through the checks is a guess of its own.
  private static func judging(
    _ timing: StageTiming?, in store: RunStore, clips: Projection, isRehearsal: Bool
  ) throws -> Line {
    var line = Line(stage: "dependence", basis: "nothing, for want of an answer")
    let answers = try store.answerSamples(stage: "dependence", limit: mostSamples)
    let done = Double(try store.doneCount(stage: "write"))
    guard done > 0 else { return line }
    if !answers.isEmpty {
      line.add(answers, of: clips.scaled(by: Double(try store.spending(stage: "dependence").answers) / done))
    }
    if isRehearsal, !answers.isEmpty {
      line.basis = "\(counted(answers.count, "answer")) of the stand-in, whose speed tells nothing of another's"
    } else if let timing, timing.items > 0, timing.seconds > 0 {
      line.basis = "\(milliseconds(timing.seconds / done)) a clip"
      line.seconds = clips.scaled(by: timing.seconds / done)
    } else if answers.isEmpty {
      line.basis = "what is stored"
    }
    return line
  }

  private static func captions(
    _ timing: StageTiming?, of audio: Projection, meanSeconds: Double, in store: RunStore, clips: Projection
  ) throws -> Line {
    var line = Line(stage: "caption", basis: "nothing, having been done before")
    let answers = try store.answerSamples(stage: "caption", limit: mostSamples)
    let done = try store.doneCount(stage: "caption")
    if !answers.isEmpty, done > 0 {
      line.add(answers, of: clips.scaled(by: Double(answers.count) / Double(done)))
    }
    guard let timing, timing.items > 0, timing.seconds > 0 else { return line }
    let each = timing.seconds / Double(timing.items)
    line.basis = "\(milliseconds(each)) a clip"
    line.seconds =
      meanSeconds > 0 ? audio.scaled(by: each / meanSeconds) : clips.scaled(by: each)
    return line
  }

  private static func writing(
    _ run: Run, in store: RunStore, clips: Projection, isRehearsal: Bool
  ) throws -> Line {
    var line = Line(stage: "write", basis: "nothing, for want of an answer")
    let answers = try store.answerSamples(stage: "write", limit: mostSamples)
    let done = try store.doneCount(stage: "write")
    guard !answers.isEmpty, done > 0 else { return line }
    line.add(answers, of: clips.scaled(by: Double(answers.count) / Double(done)))
    guard !isRehearsal else {
      line.basis = "\(counted(answers.count, "answer")) of the stand-in, whose speed tells nothing of another's"
      return line
    }
    let pace = run.stages.lazy.compactMap { $0 as? WriteStage }.first.map { WritePace(answers, $0.settings) }
    line.basis = counted(answers.count, "answer") + (pace.map { ", \($0.basis)" } ?? "")
    if let pace, let requests = line.requests, let tokens = line.tokens {
      line.seconds = pace.seconds(requests: requests, tokens: tokens)
    }
    return line
  }
}

extension RunEstimate.Line {
  init(stage: String, basis: String, seconds: Projection? = nil) {
    (self.stage, self.basis, self.seconds) = (stage, basis, seconds)
  }

  /// What so many requests will take, by those that were answered.
  fileprivate mutating func add(_ answers: [AnswerSample], of count: Projection) {
    requests = count
    let spread = { (values: [Double]) in
      Projection(of: values, count: count.middle).map { projection in
        // How many there will be is a guess of its own.
        let mean = count.middle > 0 ? projection.middle / count.middle : 0
        return Projection(
          low: max(0, projection.low - mean * (count.middle - count.low)), middle: projection.middle,
          high: projection.high + mean * (count.high - count.middle))
      }
    }
    tokens = spread(answers.map { Double($0.tokens) })
    let costs = answers.compactMap(\.usd)
    if costs.count == answers.count { usd = spread(costs) }
  }
}

private func milliseconds(_ seconds: Double) -> String {
  seconds < 1 ? "\(Int((seconds * 1000).rounded(.up))) ms" : "\((seconds * 10).rounded() / 10) s"
}
