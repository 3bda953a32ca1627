import Foundation
import Models
import Pipelines
import Stages
import Testing
import Training

@Suite struct TrainingPromptTests {
  private let fields = PromptFields(
    question: "What is {{heard}} in the recording?", choices: ["a dog's bark", "rain", "say \"hi\"", "wind"],
    captions: ["A bark."], labels: ["dog"])

  private func text(_ name: String, _ fields: PromptFields) throws -> String {
    let prompt = try QuestionPrompt(path: TrainingSettingsTests.project + "/prompts/ask-\(name).md")
    #expect(prompt.name == "ask-\(name)")
    let messages = try prompt.messages(fields)
    #expect(messages.count == 1 && messages[0].role == .user && messages[0].parts.count == 1)
    guard case .text(let text)? = messages.first?.parts.first else { return "" }
    return text
  }

  // Those of R1-AQA: dataset.py at commit 5d24f31. Omni-R1's is the first two of its three parts.
  @Test func thePromptsOfThePapersAreThoseOfThePapers() throws {
    let asked =
      #"What is {{heard}} in the recording? Please choose the answer from the following options: "#
      + #"["a dog's bark", 'rain', 'say "hi"', 'wind']."#

    #expect(try text("omni-r1", fields) == asked)
    #expect(try text("r1-aqa", fields) == asked + " Output the final answer in <answer> </answer>.")
    #expect(
      try text("r1-aqa-think", fields) == asked
        + " Output the thinking process in <think> </think> and final answer in <answer> </answer>.")
    #expect(try text("ke-omni", fields) == asked + " Directly output the final answer in <answer> </answer>.")
    #expect(
      try text("ke-omni-think", fields) == asked
        + " Output the thinking process (less than 50 words) in <think> </think> and final answer in <answer> </answer>."
    )
    #expect(
      try text("emotion", fields)
        == "As an emotional recognition expert; throughout the video, which emotion conveyed by the characters is the "
        + "most obvious to you?\nOutput the thinking process in <think> </think> and final emotion in <answer> </answer> "
        + "tags.")
  }

  @Test func lettersStandBeforeTheChoices() throws {
    #expect(
      try text("letters", fields) == """
        What is {{heard}} in the recording?
        A. a dog's bark
        B. rain
        C. say "hi"
        D. wind
        Answer with the letter of the right choice.
        """)
  }

  @Test func promptsThatDescribeShowNoQuestion() throws {
    for name in ["caption", "labels", "emotion"] {
      let prompt = try QuestionPrompt(path: TrainingSettingsTests.project + "/prompts/ask-\(name).md")
      #expect(!prompt.showsQuestion)
    }
    #expect(try QuestionPrompt(path: TrainingSettingsTests.project + "/prompts/ask-letters.md").showsQuestion)
    #expect(try text("labels", PromptFields(question: "")) == "What is heard?")
  }

  @Test func aPromptOfAnotherStageIsRefused() {
    let error = #expect(throws: PipelineError.self) {
      try QuestionPrompt(path: TrainingSettingsTests.project + "/prompts/caption-plain.md")
    }

    #expect(error?.description.contains("'caption'") == true)
  }

  @Test func aVariableThatTrainingDoesNotGiveIsRefused() throws {
    let path = NSTemporaryDirectory() + "earshot-prompt-\(UUID().uuidString).md"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("---\nname: p\nfor: ask\nexpects: [answer]\n---\n\n## user\n\n{{answer}}\n".utf8)
      .write(to: URL(fileURLWithPath: path))

    #expect(throws: PipelineError.self) { try QuestionPrompt(path: path) }
  }

  @Test func systemAndEarlierTurnsAreKept() throws {
    let path = NSTemporaryDirectory() + "earshot-prompt-\(UUID().uuidString).md"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let turns = "## system\n\nBe brief.\n\n## user\n\nReady?\n\n## assistant\n\nYes.\n\n## user\n\n{{question}}\n"
    try Data("---\nname: p\nfor: ask\nexpects: [question]\n---\n\n\(turns)".utf8)
      .write(to: URL(fileURLWithPath: path))

    let messages = try QuestionPrompt(path: path).messages(fields)

    #expect(messages.map(\.role) == [.system, .user, .assistant, .user])
    #expect(messages.last?.parts == [.text(fields.question)])
  }

  @Test(arguments: [
    ("train-omni-r1", ["grpo"]), ("train-r1-aqa", ["grpo"]), ("train-r1-omni", ["sft", "grpo"]),
    ("train-sari", ["sft", "grpo"]), ("train-text-only", ["grpo"]), ("train-nano", ["warm-up", "sft", "grpo"]),
  ])
  func everyRecipeLoads(name: String, phases: [String]) throws {
    let file = try PipelineFile(path: TrainingSettingsTests.project + "/pipelines/\(name).yaml")
    let settings = try TrainingSettings(file: file)

    #expect(TrainingSettings.describes(file))
    #expect(settings.phases.map(\.name) == phases)
    for phase in settings.phases {
      let prompt = try QuestionPrompt(path: phase.data.prompt)
      #expect(prompt.showsQuestion != phase.data.form.describes)
    }
  }

  @Test func everyTrainingFileIsATestedRecipe() throws {
    let folder = TrainingSettingsTests.project + "/pipelines"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
    let training = try names.filter { try TrainingSettings.describes(PipelineFile(path: folder + "/" + $0)) }

    #expect(training.sorted().count == 6)
    #expect(training.allSatisfy { $0.hasPrefix("train-") })
  }

  // From its code and from a dump of a real run; the file says which.
  @Test func r1AQAHasItsPublishedSettings() throws {
    let file = try PipelineFile(path: TrainingSettingsTests.project + "/pipelines/train-r1-aqa.yaml")
    let phase = try TrainingSettings(file: file).phases[0]

    guard case .grpo(let grpo) = phase.method else { return #expect(Bool(false), "\(phase.method)") }
    #expect(grpo.loss.type == .grpo && grpo.loss.beta == 0.04 && grpo.maximumTokens == 256)
    #expect(grpo.generations == 8 && grpo.iterations == 1 && grpo.sampling.temperature == 1)
    #expect(grpo.rewards.names == ["accuracy:exact", "format:answer"] && grpo.rewards.weights == [1, 1])
    #expect(phase.optimizer.learningRate == 1e-6 && phase.optimizer.schedule == .linear)
    #expect(phase.optimizer.batch == 16 && phase.optimizer.steps == 1000 && phase.optimizer.maximumGradientNorm == 1)
    #expect(phase.data.replacesVideo && phase.data.form == .answer)
  }
}
