import Models

/// The completions of some prompts and what they earned.
struct GRPORound {
  private let settings: GRPOSettings
  private var rollouts: [Rollout] = []
  private var scores: [[RewardScore]] = []
  /// How often was sampled.
  private(set) var rounds = 0
  /// Seconds of sampling.
  var seconds = 0.0
  /// A group to train on for each prompt; there after ``finish()``.
  var groups: [GRPOGroup] = []
  private(set) var samples: [SampleGroup] = []
  /// Everything that was sampled: what is measured and shown is not to depend on what was replaced.
  private var sampled: [(rollout: Rollout, scores: [RewardScore])] = []
  /// Groups that were sampled, those without signal that were replaced too, and those that had none.
  private var sampledGroups = (count: 0, withoutSignal: 0)

  init(settings: GRPOSettings) { self.settings = settings }

  mutating func add(_ new: [Rollout]) {
    rounds += 1
    rollouts += new
    scores += new.map { $0.scores(settings.rewards, maximumTokens: settings.maximumTokens) }
    sampled += zip(new, scores.suffix(new.count)).map { (rollout: $0, scores: $1) }
    let added = advantages(of: scores.suffix(new.count)).groups
    sampledGroups.count += added.count
    sampledGroups.withoutSignal += added.count { !$0.hasSignal }
  }

  /// Keeps the prompts at these places alone.
  mutating func keep(_ places: [Int]) {
    rollouts = places.map { rollouts[$0] }
    scores = places.map { scores[$0] }
  }

  /// How the rewards of each group spread; one whose completions are all masked, or all but equals, has no signal.
  var statistics: [GroupStatistics] {
    let advantages = advantages(of: scores[...])
    return zip(advantages.groups, groups(advantages)).map { statistics, group in
      var statistics = statistics
      statistics.hasSignal = statistics.hasSignal && group.hasSignal
      return statistics
    }
  }

  private func advantages(of scores: ArraySlice<[RewardScore]>) -> Advantages {
    Advantages(
      scores: scores.joined().map(\.values), weights: settings.rewards.weights, groupSize: settings.generations,
      settings: settings.advantages)
  }

  /// Makes the groups.
  mutating func finish() { groups = groups(advantages(of: scores[...])) }

  private func groups(_ advantages: Advantages) -> [GRPOGroup] {
    rollouts.enumerated().map { index, rollout in
      let places = index * settings.generations..<(index + 1) * settings.generations
      return GRPOGroup(
        group: rollout.prompt.group(rollout.completions.map(\.tokens)),
        advantages: Array(advantages.values[places]),
        isMasked: rollout.completions.map { settings.masksTruncated && $0.finish == .length })
    }
  }

  mutating func takeSamples(step: Int, model: AudioLanguageModel) {
    samples = zip(rollouts, zip(scores, groups)).prefix(2).map { rollout, earned in
      rollout.sample(
        step: step, scores: earned.0, names: settings.rewards.names, advantages: earned.1.advantages, model: model)
    }
    // Where nothing has a signal, that is what there is to see.
    guard samples.isEmpty else { return }
    samples = sampled.prefix(2).map { rollout, scores in
      rollout.sample(
        step: step, scores: scores, names: settings.rewards.names, advantages: scores.map { _ in 0 }, model: model)
    }
  }

  /// How far the engine's log-probabilities, by which tokens were drawn, are from those that are trained on, for the
  /// first groups: nothing but rounding, unless frozen weights are int8 or int4, where the engine rounds activations too.
  func samplingDifferences(_ trained: [[[Double]]?]) -> [Measurement] {
    // The engine's are those before the temperature.
    guard settings.sampling.temperature == 1 else { return [] }
    let differences = zip(rollouts, trained).flatMap { rollout, rows in
      zip(rollout.completions, rows ?? []).flatMap { completion, row in
        zip(completion.logProbabilities, row).map { abs(Double($0) - $1) }
      }
    }
    guard !differences.isEmpty else { return [] }
    let count = Double(differences.count)
    return [
      .mean(.samplingDifference, differences.reduce(0, +) / count, weight: count),
      .largest(.largestSamplingDifference, differences.max()),
    ]
  }

  /// The groups in `count` parts, as equal as they can be.
  func slices(_ count: Int) -> [[GRPOGroup]] {
    (0..<count).map { Array(groups[groups.count * $0 / count..<groups.count * ($0 + 1) / count]) }
  }

  /// By TRL's names.
  func measurements(_ settings: GRPOSettings) -> [Measurement] {
    let all = sampled.flatMap(\.scores)
    let weight = Double(max(all.count, 1))
    var measurements: [Measurement] = settings.rewards.metrics(all).sorted { $0.key < $1.key }.map {
      .mean(MetricName(rawValue: $0.key), $0.value, weight: weight)
    }
    for (name, value) in advantages(of: sampled.map(\.scores)[...]).metrics.sorted(by: { $0.key < $1.key })
    where name != MetricName.shareWithoutSignal.rawValue {
      measurements.append(.mean(MetricName(rawValue: name), value, weight: weight))
    }
    let share = Double(sampledGroups.withoutSignal) / Double(max(sampledGroups.count, 1))
    measurements.append(.mean(.shareWithoutSignal, share, weight: Double(sampledGroups.count)))
    return measurements + lengths(sampled.flatMap(\.rollout.completions))
  }

  private func lengths(_ completions: [Completion]) -> [Measurement] {
    let all = completions.map { Double($0.tokens.count) }
    let ended = completions.filter { $0.finish == .stop }.map { Double($0.tokens.count) }
    func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
    return [
      .mean(.meanLength, mean(all), weight: Double(all.count)), .smallest(.smallestLength, all.min()),
      .largest(.largestLength, all.max()),
      .mean(.meanTerminatedLength, mean(ended), weight: Double(ended.count)),
      .smallest(.smallestTerminatedLength, ended.min()), .largest(.largestTerminatedLength, ended.max()),
      .mean(
        .shareCutOff, mean(completions.map { $0.finish == .length ? 1 : 0 }), weight: Double(max(all.count, 1))),
    ]
  }
}
