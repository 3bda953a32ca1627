import Foundation
import Pipelines
import Testing

/// The files that users start from.
struct ShippedFilesTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  private static func files(_ folder: String, _ suffix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root + "/" + folder).filter { $0.hasSuffix(suffix) }.sorted()
      .map { root + "/" + folder + "/" + $0 }
  }

  @Test func everyPipelineParses() throws {
    let files = try Self.files("pipelines", ".yaml")

    #expect(!files.isEmpty)
    for path in files {
      let file = try PipelineFile(path: path)
      #expect(path.hasSuffix("/\(file.name).yaml"))
    }
  }

  @Test func everyPromptParses() throws {
    let files = try Self.files("prompts", ".md")

    #expect(!files.isEmpty)
    for path in files { #expect(path.hasSuffix("/\(try Prompt(path: path).name).md")) }
  }

  @Test func quickstartNamesItsPrompt() throws {
    let write = try PipelineFile(path: Self.root + "/pipelines/quickstart.yaml").section("write")

    #expect(try Prompt(path: write.path("prompt")).name == "avqa-gpt")
    #expect(try write.string("endpoint") == "builtin")
    #expect(try write.int("questions", in: 1...64, default: 0) == 5)
    #expect(try write.int("choices", in: 2...26, default: 0) == 4)
  }

  private func rendered(labels: [String]) throws -> [Prompt.Message<String>] {
    let captions: [[String: PromptValue]] = [
      ["captioner": .text("acoustic"), "text": .text("It lasts {{questions}} seconds.")],
      ["captioner": .text("manifest"), "text": .text("Rain on a tin roof.")],
    ]
    return try Prompt(path: Self.root + "/prompts/avqa-gpt.md").render([
      "questions": .number(5), "distractors": .number(3), "captions": .list(captions),
      "labels": .list(labels.map { ["text": .text($0)] }),
    ])
  }

  @Test func theWritersPromptAsksForWhatIsGiven() throws {
    let messages = try rendered(labels: ["dog", "rain"])

    #expect(messages.map(\.role) == [.system, .user])
    #expect(
      messages[1].text == """
        Write 5 questions, each with 3 wrong answers. If the captions do not carry that many
        good ones, write fewer.

        Caption by acoustic:
        It lasts {{questions}} seconds.

        Caption by manifest:
        Rain on a tin roof.

        Known to be heard, so never a wrong answer: dog
        Known to be heard, so never a wrong answer: rain
        """)
    #expect(try rendered(labels: [])[1].text.hasSuffix("Rain on a tin roof."))
  }

  // OpenAI's strict mode: every property required, no others allowed, no bounds on lengths.
  @Test func theWritersSchemaIsFitForStrictMode() throws {
    let prompt = try Prompt(path: Self.root + "/prompts/avqa-gpt.md")
    let schema = try #require(prompt.schema)
    let root = try JSONSerialization.jsonObject(with: Data(schema.utf8)) as? [String: Any]

    func check(_ value: Any) {
      for inner in value as? [Any] ?? [] { check(inner) }
      guard let object = value as? [String: Any] else { return }
      if let properties = object["properties"] as? [String: Any] {
        #expect((object["required"] as? [String])?.sorted() == properties.keys.sorted())
        #expect(object["additionalProperties"] as? Bool == false)
        #expect(object["type"] as? String == "object")
      }
      for key in object.keys.sorted() {
        #expect(!["minItems", "maxItems", "minLength", "maxLength", "pattern", "format"].contains(key))
        check(object[key] as Any)
      }
    }
    check(try #require(root))
    #expect(prompt.schemaName?.wholeMatch(of: /[A-Za-z0-9_\-]{1,64}/) != nil)
    #expect(schema.contains(#""required":["question","correct","distractors","evidence","skill","difficulty"]"#))
  }
}
