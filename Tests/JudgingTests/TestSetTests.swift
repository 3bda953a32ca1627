import Dataset
import Evaluation
import Foundation
import Models
import Testing

@testable import Judging

@Suite struct TestSetTests {
  private func file(_ folder: TemporaryFolder) throws -> String {
    let rows = (0..<8).map { number in
      return """
        {"id": "q\(number)", "task": "\(number < 4 ? "mcq" : "choice")", "category": "\(number % 2 == 0 ? "even" : "odd")", \
        "question": "Which?", "choices": ["bell", "dog"], "answer": "bell", "audio": "\(number).wav"}
        """
    }
    let path = folder.path + "/set.jsonl"
    try (rows.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  private func set(_ path: String, limit: Int? = nil, _ tasks: [String]) throws -> TestSet {
    try TestSet(path: path, limit: limit, tasks: tasks, prompts: AskPrompts(), way: .generate)
  }

  @Test func itemsAreChosenByTaskOrCategoryAndThenLimited() throws {
    let folder = try TemporaryFolder()
    let path = try file(folder)

    #expect(try set(path, []).items.count == 8)
    #expect(try set(path, ["odd"]).items.map(\.id) == ["q1", "q3", "q5", "q7"])
    #expect(try set(path, ["odd", "mcq"]).items.map(\.id) == ["q0", "q1", "q2", "q3", "q5", "q7"])
    #expect(try set(path, limit: 2, ["odd"]).items.map(\.id) == ["q1", "q5"])
    #expect(try set(path, limit: 2, ["odd"]).missing.map(\.id) == ["q1", "q5"])
    let partly = try set(path, ["odd", "singing"])
    #expect(partly.items.count == 4)
    #expect(partly.notes == ["\(path): no item is of the task 'singing'"])
  }

  @Test func aPromptThatShowsNoQuestionIsRefused() throws {
    let folder = try TemporaryFolder()
    let path = try file(folder)
    let prompt = QuestionPrompt(name: "ask-labels", showsQuestion: false) { _ in [] }

    #expect(throws: JudgingError.promptWithoutQuestion(prompt: "ask-labels")) {
      try TestSet(path: path, prompts: AskPrompts(prompt), way: .likelihood)
    }
  }

  @Test func theTasksThereAreAreNamedWhereNoneFits() throws {
    let folder = try TemporaryFolder()
    let path = try file(folder)

    let error = #expect(throws: JudgingError.self) { try set(path, ["singing"]) }

    #expect(error?.description == "\(path): no item is of the task 'singing'. There are: choice, even, mcq, odd.")
  }

  @Test func theTasksArePartOfTheManifest() throws {
    let folder = try TemporaryFolder()
    let path = try file(folder)

    let odd = try set(path, ["odd", "odd"]).questions(.none, seed: 0).data
    let even = try set(path, ["even"]).questions(.none, seed: 0).data

    #expect(odd.tasks == ["odd"] && even.tasks == ["even"])
    #expect(odd.asked == 4 && odd.items == 8 && odd.sha256 == even.sha256)
    #expect(try set(path, []).questions(.none, seed: 0).data.tasks == nil)
  }

  @Test func calibrationNeedsSomethingToHear() throws {
    let folder = try TemporaryFolder()
    let set = try TestSet(path: try file(folder), prompts: AskPrompts(), way: .calibrated)

    #expect(throws: JudgingError.nothingToCalibrate(hearing: "none")) { try set.questions(.none, seed: 0) }
    #expect(set.rule == .strict)
  }
}
