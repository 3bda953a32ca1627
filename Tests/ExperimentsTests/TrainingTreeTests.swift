import Testing

@testable import Experiments

@Suite struct TrainingTreeTests {
  private func arm(_ name: String, _ phases: [String], sets: [String] = ["a"]) -> ExperimentArm {
    ExperimentArm(name: name, phases: phases, sets: sets)
  }

  @Test func armsGoOnFromTheArmThatEndsWhereTheyAreEqual() {
    let tree = TrainingTree([
      arm("base", []), arm("sft", ["warm-up", "sft"]), arm("grpo", ["warm-up", "sft", "grpo"]),
    ])

    #expect(tree.nodes.map(\.name) == ["sft", "grpo"])
    #expect(tree.nodes.map(\.parent) == [nil, 0])
    #expect(tree.ends == ["sft": 0, "grpo": 1])
  }

  @Test func whatTwoArmsShareAndNoneEndsWithIsTrainedOnceToo() {
    let tree = TrainingTree([arm("grpo", ["sft", "grpo"]), arm("dpo", ["sft", "dpo"])])

    #expect(tree.nodes.map(\.name) == ["sft", "grpo", "dpo"])
    #expect(tree.nodes.map(\.parent) == [nil, 0, 0])
  }

  @Test func otherRowsAreAnotherTraining() {
    let tree = TrainingTree([arm("one", ["sft"], sets: ["a"]), arm("two", ["sft"], sets: ["a", "b"])])

    #expect(tree.nodes.map(\.name) == ["one", "two"])
    #expect(tree.nodes.map(\.parent) == [nil, nil])
  }

  @Test func theOrderOfSetsMakesNoOtherTraining() {
    let tree = TrainingTree([arm("one", ["sft"], sets: ["a", "b"]), arm("two", ["sft", "grpo"], sets: ["b", "a"])])

    #expect(tree.nodes.map(\.parent) == [nil, 0])
  }

  @Test func armsThatAreTheSameShareATraining() {
    let tree = TrainingTree([arm("one", ["sft"]), arm("two", ["sft"])])

    #expect(tree.nodes.map(\.name) == ["one"])
    #expect(tree.ends == ["one": 0, "two": 0])
  }

  @Test func aSharedTrainingTakesNoNameOfAnArm() {
    let tree = TrainingTree([
      arm("sft", ["sft"], sets: ["b"]), arm("grpo", ["sft", "grpo"]), arm("dpo", ["sft", "dpo"]),
    ])

    #expect(tree.nodes.map(\.name) == ["sft", "sft-2", "grpo", "dpo"])
    #expect(tree.nodes.map(\.parent) == [nil, nil, 1, 1])
  }
}
