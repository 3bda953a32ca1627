/// Where a training run is, beside its weights and the optimizer's moments: what resuming needs to go on bit for bit.
public struct TrainerState: Equatable, Sendable {
  /// What a run is made of, as hashes: resuming with other parts would be another run.
  public struct Digests: Equatable, Sendable {
    public var model: String
    public var data: String
    public var settings: String

    public init(model: String, data: String, settings: String) {
      self.model = model
      self.data = data
      self.settings = settings
    }
  }

  /// The best score on the development questions so far.
  public struct Best: Equatable, Sendable {
    public var score: Double
    public var step: Int

    public init(score: Double, step: Int) {
      self.score = score
      self.step = step
    }
  }

  public var digests: Digests
  /// Steps of the optimizer that are done.
  public var step: Int
  /// What the run is doing, as in "sft".
  public var phase: String
  /// Examples taken from the data so far, those of earlier passes included.
  public var consumedExamples: Int
  public var seed: UInt64
  public var best: Best?
  /// Further whole numbers, by names of the trainer's choice.
  public var counters: [String: Int] = [:]
  /// Further numbers, kept to the bit.
  public var values: [String: Double] = [:]
  /// States of random generators and orders of examples; up to a few hundred thousand words.
  public var words: [String: [UInt64]] = [:]

  public init(
    digests: Digests, step: Int, phase: String, consumedExamples: Int, seed: UInt64, best: Best? = nil
  ) {
    self.digests = digests
    self.step = step
    self.phase = phase
    self.consumedExamples = consumedExamples
    self.seed = seed
    self.best = best
  }

  /// Refuses to go on with a run of another model, other data or other settings; `file` is named in the error.
  public func check(_ digests: Digests, file: String) throws(TrainerFileError) {
    guard self.digests.model == digests.model else { throw .otherRun(file: file, .model) }
    guard self.digests.data == digests.data else { throw .otherRun(file: file, .data) }
    guard self.digests.settings == digests.settings else { throw .otherRun(file: file, .settings) }
  }
}
