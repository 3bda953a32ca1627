import Audio
import Foundation
import Models
import Tensors
import Testing

@testable import Training

/// What a run keeps, and when it ends before its last step.
@Suite(.serialized) struct RunOutcomeTests {
  private func steps(_ place: RunPlace, _ name: String) throws -> [Int] {
    try CheckpointStore.checkpoints(in: place.folder(name).checkpoints).map(\.step)
  }

  private func linked(_ place: RunPlace, _ name: String) throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: place.folder(name).model)
  }

  @Test func theModelIsTheCheckpointWithTheBestScoreAndBothStay() throws {
    let place = try RunPlace()
    var scores: [Int: Double] = [:]
    let settings = TrainingSettings.tiny(
      place, .sft(steps: 14) { ($0.watch.evaluateEvery, $0.watch.saveEvery) = (1, 1) })

    let result = try place.run(settings, in: "run") {
      if case .evaluated(_, let step, let accuracy, _, _) = $0, step > 0 { scores[step] = accuracy }
    }

    let highest = try #require(scores.values.max())
    let first = try #require(scores.filter { $0.value == highest }.keys.min())
    #expect(result.best?.accuracy == highest)
    #expect(try steps(place, "run") == Set([first, 14]).sorted())
    #expect(try linked(place, "run") == "checkpoints/\(SavedCheckpoint.name(step: first))")
    #expect(result.best?.checkpoint == place.folder("run").checkpoints + "/\(SavedCheckpoint.name(step: first))")
  }

  @Test func theCheckpointThatDivergenceIsMeasuredFromStaysUntilThePhaseEnds() throws {
    let place = try RunPlace()
    var seen: [[Int]] = []
    let settings = TrainingSettings.tiny(
      place, .sft(steps: 2), try .grpo(steps: 4, iterations: 1) { $0.watch.saveEvery = 1 }, try .dpo(steps: 3))

    _ = try place.run(settings, in: "run") {
      if case .saved = $0 { seen.append((try? steps(place, "run")) ?? []) }
    }

    for kept in seen where (3...6).contains(kept.last ?? 0) { #expect(kept.contains(2), "\(kept)") }
    for kept in seen where (7...9).contains(kept.last ?? 0) { #expect(kept.contains(6), "\(kept)") }
    #expect(seen.last?.last == 9)
    #expect(seen.last?.contains { [1, 3, 4, 5].contains($0) } == false)
  }

  /// Adapters that a phase before trained are part of the reference, and not what divergence is measured of.
  @Test(arguments: [TrainedPart(), .tinyAdapters])
  func divergenceIsMeasuredFromWhereThePhaseBegan(_ part: TrainedPart) throws {
    let place = try RunPlace()
    var grpo = try TrainingPhase.grpo(steps: 2, iterations: 1)
    guard case .grpo(var method) = grpo.method else { return }
    // What dropout leaves out is a divergence of its own.
    var part = part
    part.lowRank?.dropout = 0
    method.dynamicSampling.maximumRounds = 1
    grpo.method = .grpo(method)
    let settings = TrainingSettings.tiny(place, part: part, .sft(steps: 12), try .dpo(steps: 2), grpo)
    var first: [String: StepMetrics] = [:]

    _ = try place.run(settings, in: "run") {
      guard case .progress(let progress) = $0, first[progress.phase] == nil else { return }
      first[progress.phase] = progress.metrics
    }

    #expect(abs(try #require(first["dpo"]?[.loss]) - log(2)) < 1e-5)
    #expect(abs(try #require(first["dpo"]?[.rewardMargin])) < 1e-4)
    #expect(abs(try #require(first["grpo"]?[MetricName(rawValue: "kl")])) < 1e-6)
  }

  @Test func adaptersAreWrittenInTheLayoutThatIsAskedFor() throws {
    let place = try RunPlace()
    var settings = TrainingSettings.tiny(place, part: .tinyAdapters, .sft(steps: 1))
    func file(_ step: Int) throws -> Data {
      try Data(
        contentsOf: URL(
          fileURLWithPath: place.folder("run").checkpoints + "/\(SavedCheckpoint.name(step: step))/"
            + "adapter_model.safetensors"))
    }
    let (version4, version5) = (Data("model.language_model.model.layers.0".utf8), Data("language_model.layers.0".utf8))

    settings.adapterLayout = .version4
    _ = try place.run(settings, in: "run")
    #expect(try file(1).range(of: version4) != nil && file(1).range(of: version5) == nil)

    // Of no effect on what is learnt, so a run may go on in another.
    settings = .tiny(place, part: .tinyAdapters, .sft(steps: 2))
    _ = try place.run(settings, in: "run", resuming: true)
    #expect(try file(2).range(of: version5) != nil && file(2).range(of: version4) == nil)
  }

  @Test func aReferenceThatIsGoneIsTold() throws {
    let place = try RunPlace()
    let settings = TrainingSettings.tiny(place, .sft(steps: 2), try .grpo(steps: 4))
    _ = try place.run(settings, in: "run")
    let folder = place.folder("run").checkpoints
    try FileManager.default.removeItem(atPath: folder + "/checkpoint-000002")

    #expect(throws: TrainingError.noReference(folder, step: 2)) { try place.run(settings, in: "run", resuming: true) }
  }

  @Test func whatIsNotFiniteStopsTheRunAndKeepsTheLastGoodCheckpoint() throws {
    let place = try RunPlace()
    let hot = TrainingPhase.sft(steps: 9, rate: 1e30) {
      ($0.name, $0.watch.saveEvery, $0.watch.keep) = ("hot", 1, 2)
      ($0.optimizer.warmupSteps, $0.optimizer.schedule) = (0, .constant)
      $0.watch.evaluateEvery = 0
    }
    let settings = TrainingSettings.tiny(place, .sft(steps: 2) { $0.watch.evaluateEvery = 0 }, hot)

    let error = #expect(throws: TrainingError.self) { try place.run(settings, in: "run") }

    guard case .stopped(let reason, let checkpoint) = error else { throw try #require(error) }
    let good = place.folder("run").checkpoints + "/checkpoint-000002"
    #expect(reason.hasPrefix("step 4 – the loss is nan. Lower the learning rate"), "\(reason)")
    #expect(checkpoint == good)
    #expect(try linked(place, "run") == "checkpoints/checkpoint-000002")
    let weights = try Checkpoint(folder: good).tensor("decoder.norm.weight").values
    #expect(weights.allSatisfy { $0.isFinite })
    #expect(try place.metrics("run").last?["step"] as? Int == 4)
  }

  @Test func whileARunGoesOnACheckpointFromBeforeItsLastStepStays() throws {
    let place = try RunPlace()
    let phase = TrainingPhase.sft(steps: 4) {
      ($0.watch.saveEvery, $0.watch.keep, $0.watch.evaluateEvery) = (1, 1, 0)
    }
    var seen: [[Int]] = []

    _ = try place.run(.tiny(place, phase), in: "run") {
      if case .saved = $0 { seen.append((try? steps(place, "run")) ?? []) }
    }

    // A loss that is not a number in step 4 is that of step 3's weights.
    #expect(seen == [[1], [1, 2], [2, 3], [4]])
  }

  @Test func weightsThatAnswerNothingFiniteStopTheRunToo() throws {
    let place = try RunPlace()
    // Answers come before the next loss; the first step of the phase warms up from a rate of 0.
    let hot = TrainingPhase.sft(steps: 9, rate: 1e30) {
      ($0.watch.saveEvery, $0.watch.evaluateEvery) = (1, 1)
    }
    let settings = TrainingSettings.tiny(place, .sft(steps: 2) { $0.watch.evaluateEvery = 0 }, hot)

    let error = #expect(throws: TrainingError.self) { try place.run(settings, in: "run") }

    guard case .stopped(let reason, let checkpoint) = error else { throw try #require(error) }
    #expect(reason.contains("are nan. Lower the learning rate"), "\(reason)")
    #expect(checkpoint == place.folder("run").checkpoints + "/checkpoint-000003")
    #expect(try linked(place, "run") == "checkpoints/checkpoint-000003")
  }

  @Test func theModelLeadsToACheckpointAtEveryMoment() throws {
    let place = try RunPlace()
    let settings = TrainingSettings.tiny(
      place, .sft(steps: 10) { ($0.watch.evaluateEvery, $0.watch.saveEvery, $0.watch.keep) = (2, 1, 1) })
    let folder = place.folder("run")
    var (checked, hasBegun) = (0, false)

    _ = try place.run(settings, in: "run") {
      if case .saved = $0 { hasBegun = true }
      guard hasBegun else { return }
      checked += 1
      #expect(folder.hasModel)
    }

    #expect(checked > 20)
  }

  @Test func logsOfARunWithoutCheckpointsAreKept() throws {
    let place = try RunPlace()
    let folder = place.folder("run")
    let settings = TrainingSettings.tiny(place, .sft(steps: 2))
    _ = try place.run(settings, in: "run")
    let (metrics, boards) = (
      try Data(contentsOf: URL(fileURLWithPath: folder.metrics)),
      try FileManager.default.contentsOfDirectory(atPath: folder.tensorBoard)
    )
    try FileManager.default.removeItem(atPath: folder.checkpoints)
    var notes: [String] = []

    for _ in 0..<2 {
      _ = try place.run(settings, in: "run") { if case .note(let text) = $0 { notes.append(text) } }
      try FileManager.default.removeItem(atPath: folder.checkpoints)
    }

    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/metrics-1.jsonl")) == metrics)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/tensorboard-1") == boards)
    #expect(FileManager.default.fileExists(atPath: folder.path + "/metrics-2.jsonl"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.tensorBoard).count == 1)
    #expect(notes.count == 2 && notes[0].contains("metrics.jsonl is now metrics-1.jsonl"), "\(notes)")
  }

  @Test func anotherNumberOfThreadsIsToldOnce() throws {
    let place = try RunPlace()
    let settings = TrainingSettings.tiny(place, .sft(steps: 4) { $0.watch.evaluateEvery = 0 })
    _ = try place.run(settings.limited(toSteps: 2), in: "run")
    let file = try #require(try CheckpointStore.latest(in: place.folder("run").checkpoints)).stateFile
    // As if it had been 77: the number itself is everybody's.
    try String(contentsOfFile: file, encoding: .utf8).replacing(/"threads": *[0-9]+/, with: "\"threads\": 77")
      .write(toFile: file, atomically: true, encoding: .utf8)
    var notes: [String] = []

    for _ in 0..<2 {
      _ = try place.run(settings, in: "run", resuming: true) { if case .note(let text) = $0 { notes.append(text) } }
    }

    #expect(notes.count == 1 && notes[0].hasPrefix("The steps so far were computed with 77 threads"), "\(notes)")
  }

  @Test func variedSoundsOfRewardedStepsFollowFromTheSeed() throws {
    let place = try RunPlace()
    func weights(_ name: String, _ augment: SpecAugment?) throws -> Data? {
      var phase = try TrainingPhase.grpo(steps: 2, iterations: 1) { $0.watch.evaluateEvery = 0 }
      guard case .grpo(var method) = phase.method else { return nil }
      method.specAugment = augment
      phase.method = .grpo(method)
      // What knows no choice earns nothing, and learns nothing.
      _ = try place.run(.tiny(place, .sft { $0.watch.evaluateEvery = 0 }, phase), in: name)
      return try place.outcome(name)["14/model.safetensors"]
    }

    let one = try #require(try weights("one", SpecAugment()))

    #expect(try weights("two", SpecAugment()) == one)
    #expect(try weights("off", nil) != one)
  }

  @Test func aSoundThatIsMissingIsToldBeforeTheFirstStep() throws {
    let place = try RunPlace()
    try FileManager.default.removeItem(atPath: place.path + "/5.wav")
    try FileManager.default.removeItem(atPath: place.path + "/9.wav")
    var steps = 0

    let error = #expect(throws: TrainingDataError.self) {
      try place.run(.tiny(place, .sft()), in: "run") { if case .progress = $0 { steps += 1 } }
    }

    #expect(
      error == .unusableRow(id: "q5", .audio(.missing(path: place.path + "/5.wav")), count: 2, of: 12),
      "\(error as Any)")
    #expect(steps == 0)
  }

  @Test func aSoundThatCannotBeDecodedIsToldWithItsRow() throws {
    let place = try RunPlace()
    let samples = [Float](repeating: .nan, count: 4_800)
    try floatWave(samples).write(to: URL(fileURLWithPath: place.path + "/5.wav"))

    let error = #expect(throws: TrainingDataError.self) { try place.run(.tiny(place, .sft()), in: "run") }

    guard case .unusableRow("q5", .audio(.unusableSample(let path, _, _)), count: 1, of: 1)? = error else {
      throw try #require(error)
    }
    #expect(path == place.path + "/5.wav")
  }

  /// A WAV file of 32-bit floats at 16 kHz, which may be no numbers.
  private func floatWave(_ samples: [Float]) -> Data {
    func bytes<Number: FixedWidthInteger>(_ number: Number) -> Data {
      withUnsafeBytes(of: number.littleEndian) { Data($0) }
    }
    let data = samples.reduce(into: Data()) { $0 += bytes($1.bitPattern) }
    var file = Data("RIFF".utf8) + bytes(UInt32(36 + data.count)) + Data("WAVEfmt ".utf8) + bytes(UInt32(16))
    file += bytes(UInt16(3)) + bytes(UInt16(1)) + bytes(UInt32(16_000)) + bytes(UInt32(64_000))
    file += bytes(UInt16(4)) + bytes(UInt16(32)) + Data("data".utf8) + bytes(UInt32(data.count))
    return file + data
  }

  @Test func aSoundThatIsCutIsTold() throws {
    let place = try RunPlace()
    let samples = [Float](repeating: 0.1, count: 31 * 16_000)
    try WAVWriter.write(Waveform(samples: samples, sampleRate: 16_000), to: place.path + "/0.wav")
    var notes: [String] = []

    _ = try place.run(.tiny(place, .sft(steps: 2) { $0.watch.evaluateEvery = 0 }), in: "run") {
      if case .note(let text) = $0 { notes.append(text) }
    }

    #expect(notes == ["1 sound is longer than the 30 s that the model hears, and was cut to its beginning."])
  }

  @Test func aFullCheckpointAnswersAsThePolicyThatWroteIt() throws {
    let place = try RunPlace()
    let result = try place.run(.tiny(place, .sft()), in: "run")

    let model = try AudioLanguageModel(folder: result.checkpoint)
    let policy = try Policy(checkpoint: Checkpoint(folder: place.model), part: TrainedPart(), seed: 0)
    try policy.restore(SavedCheckpoint(folder: result.checkpoint))

    let (one, other) = (try answer(model, place), try answer(policy.model, place))
    #expect(one.tokens == other.tokens && one.logProbabilities == other.logProbabilities)
    #expect(try answer(try AudioLanguageModel(folder: place.model), place).logProbabilities != one.logProbabilities)
  }

  @Test func aMergedAdapterAnswersAsThePolicyThatWroteIt() throws {
    let place = try RunPlace()
    let result = try place.run(.tiny(place, part: .tinyAdapters, .sft()), in: "run")
    let base = try Checkpoint(folder: place.model)
    let adapter = try ModelAdapter(folder: result.checkpoint, base: base.configuration)

    try AdapterMerge(adapter, into: base, direction: .merge).write(to: place.path + "/merged", as: .float32) { _, _ in }

    let merged = try AudioLanguageModel(folder: place.path + "/merged")
    let policy = try Policy(checkpoint: base, part: .tinyAdapters, seed: 0)
    try policy.restore(SavedCheckpoint(folder: result.checkpoint))
    let (one, other) = (try answer(merged, place), try answer(policy.model, place))
    #expect(one.tokens == other.tokens)
    #expect(zip(one.logProbabilities, other.logProbabilities).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(try answer(try AudioLanguageModel(folder: place.model), place).logProbabilities != one.logProbabilities)
  }

  /// The most probable tokens behind a prompt with the first sound.
  private func answer(_ model: AudioLanguageModel, _ place: RunPlace) throws -> Completion {
    let samples = try AudioReader.decode(path: place.path + "/0.wav", maximumSeconds: 1).samples
    let rows = try #require(model.encoder?([samples]).first)
    let placeholder = try #require(model.configuration.audioToken)
    let prompt = [11, 12, 13] + Array(repeating: placeholder, count: rows.shape[0]) + [14, 15]
    let request = GenerationRequest(
      prompt: prompt, audioRows: [rows], completions: 1, sampling: .greedy, maximumTokens: 8, endTokens: [])
    var requests = [request]
    var found: Result<[Completion], ModelError>?
    Generator(model: model, batch: 1).run(next: { requests.popLast() }, onResult: { found = $1 })
    return try #require(try found?.get().first)
  }
}
