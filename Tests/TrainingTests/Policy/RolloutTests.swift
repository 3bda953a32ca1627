import Dataset
import Models
import Testing

@testable import Training

@Suite struct RolloutTests {
  private let folder = TrainerFolder()

  private func prompts(_ policy: Policy) -> [PolicyPrompt] {
    (0..<5).map { place in
      let group = policy.someGroup(seed: UInt64(30 + place), samples: 2_000 + 800 * place, completions: [1])
      return PolicyPrompt(
        example: TrainingExample(id: "\(place)", messages: []), tokens: group.tokens.prompt, audio: group.audio)
    }
  }

  private func sampled(_ policy: Policy, _ prompts: [PolicyPrompt], seeds: [UInt64], batch: Int) throws -> [[[Int]]] {
    try RolloutSampler(policy: policy, sampling: Sampling(temperature: 1), maximumTokens: 10, batch: batch)
      .sample(prompts, count: 3, seeds: seeds).map { $0.completions.map(\.tokens) }
  }

  @Test(arguments: [false, true])
  func completionsFollowFromPromptAndSeedAlone(_ adapts: Bool) throws {
    let policy = try tinyPolicy("qwen2-audio", TrainedPart(lowRank: adapts ? queryValueAdapters() : nil))
    policy.awakeAdapters()
    let prompts = prompts(policy)
    let seeds: [UInt64] = [3, 1, 4, 15, 9]
    let all = try sampled(policy, prompts, seeds: seeds, batch: 64)

    #expect(try sampled(policy, prompts, seeds: seeds, batch: 64) == all)
    #expect(try sampled(policy, prompts.reversed(), seeds: seeds.reversed(), batch: 64) == all.reversed())
    // However many run at a time, and whoever runs beside.
    #expect(try sampled(policy, prompts, seeds: seeds, batch: 3) == all)
    #expect(try sampled(policy, [prompts[2]], seeds: [4], batch: 64) == [all[2]])
    #expect(try sampled(policy, prompts, seeds: [2, 7, 1, 8, 28], batch: 64) != all)
    #expect(all.allSatisfy { Set($0).count == 3 })
  }

  @Test func whatIsTaughtAsTheEndEndsCompletionsToo() throws {
    let policy = try tinyPolicy("qwen2-audio")
    let end = try #require(policy.model.tokenizer.id(of: "<|im_end|>"))

    #expect(try policy.model.turnEnd() == end)
    #expect(try policy.model.stopTokens() == policy.model.endTokens.union([end]))
  }

  @Test func aPromptThatCannotBeWorkedOnIsAnError() throws {
    let policy = try tinyPolicy("qwen2-audio")
    var prompts = prompts(policy)
    prompts[1].tokens.removeLast(prompts[1].tokens.count - 1)
    #expect(throws: ModelError.self) { try sampled(policy, prompts, seeds: [1, 2, 3, 4, 5], batch: 64) }
  }

  @Test func theEngineWritesWithTheWeightsAsTheyAre() throws {
    let policy = try tinyPolicy("qwen2-audio")
    let prompts = prompts(policy)
    let before = try sampled(policy, prompts, seeds: [1, 2, 3, 4, 5], batch: 64)
    policy.fill("embed_tokens.weight") { 0.3 * Double(($0 + 7 * $1) % 11) - 1.5 }
    #expect(try sampled(policy, prompts, seeds: [1, 2, 3, 4, 5], batch: 64) != before)
  }

  /// A policy that was taught two answers is asked for them, and then for others.
  @Test func theDevScoreIsTheShareOfRightAnswers() throws {
    let questions = (0..<2).map { place in
      row(
        "q\(place)", ["Which animal?", "Which instrument?"][place], ["dog", "piano", "bell"], answer: place, audio: nil)
    }
    let phase = TinyTraining.phase(.sft(SFTSettings()), batch: 2)
    let tools = try TinyTraining.tools(phase, questions: questions, folder: folder)
    let trainer = SFTTrainer(tools, settings: SFTSettings(), consumed: 0)
    let optimizer = AdamW(parameters: tools.policy.parameters)
    var losses: [Double] = []
    for step in 0..<80 {
      losses.append(try #require(try trainer.step(step, samples: false)[.loss]))
      optimizer.step(learningRate: 4e-3)
      tools.policy.clearGradients()
    }
    #expect(losses[0] > 6 && losses[79] < 0.5, "\(losses[79])")

    func score(_ rows: [ImportedQuestion], limit: Int? = nil) throws -> (
      accuracy: Double, meanLength: Double, count: Int
    ) {
      try DevScorer(
        policy: tools.policy, prompts: tools.prompts, set: TinyTraining.set(rows, phase), limit: limit,
        maximumTokens: 8
      ).score()
    }
    let wrong = questions.map { question in
      var question = question
      question.answer = 2
      return question
    }
    #expect(try score(questions).accuracy == 1)
    #expect(try score(wrong).accuracy == 0)
    #expect(try score(questions + wrong).accuracy == 0.5)
    #expect(try score(questions + wrong, limit: 2).count == 2)
    // Spread over the set.
    #expect(try score(questions + wrong, limit: 2).accuracy == 0.5)
    #expect(try score(questions + wrong, limit: 9).count == 4)
    let lengths = try questions.indices.map { try tools.prompts.target(questions[$0].choices[$0]).count }
    #expect(try score(questions).meanLength == Double(lengths.reduce(0, +)) / 2)
  }
}
