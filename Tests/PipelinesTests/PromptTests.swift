import Foundation
import Pipelines
import Testing

struct PromptTests {
  let folder = TemporaryFolder()

  private static let small = """
    ---
    name: small
    for: write
    expects: [questions]
    ---

    ## system

    Be brief.

    ## user

    Write {{questions}}.

    """

  private func prompt(_ text: String) throws -> Prompt {
    try Prompt(path: folder.write(text, to: "small.md"))
  }

  private func message(_ text: String) -> String? {
    folder.message { _ = try prompt(text) }
  }

  @Test func messagesAreReadAndFilled() throws {
    let prompt = try prompt(Self.small)

    let messages = try prompt.render(["questions": .number(3), "unasked": .flag(true)])

    #expect(prompt.name == "small")
    #expect(prompt.stage == "write")
    #expect(prompt.schema == nil)
    #expect(messages.map(\.role) == [.system, .user])
    #expect(messages.map(\.text) == ["Be brief.", "Write 3."])
  }

  @Test func theSchemaIsJSONWithSortedKeys() throws {
    let matter = """
      expects: [questions]
      schema_name: reply
      schema:
        type: object
        required: [b, a]
        additionalProperties: false
        properties: {b: {enum: ["1", 1, 0.5, null, true, 'true', é"\\]}, a: {}}
      """

    let prompt = try prompt(Self.small.replacingOccurrences(of: "expects: [questions]", with: matter))

    #expect(prompt.schemaName == "reply")
    #expect(
      prompt.schema == #"{"additionalProperties":false,"properties":{"a":{},"b":{"enum":["1",1,0.5,null,true,"#
        + #""true","é\"\\"]}},"required":["b","a"],"type":"object"}"#)
  }

  // The reference is sha256sum of GNU coreutils 9.1.
  @Test func theHashIsThatOfTheFileWithUnixLines() throws {
    let text = "---\nname: h\nfor: write\n---\n## user\nHello.\n"
    let windows = text.replacingOccurrences(of: "\n", with: "\r\n")

    #expect(try prompt(text).hash == "f7ea8286be88ec809efede60297838f412442b493cb8d42074bd2bf4cd1af83c")
    #expect(try prompt(windows).hash == prompt(text).hash)
    #expect(try prompt(windows).render([:]).map(\.text) == ["Hello."])
    #expect(try prompt(text + "\n").hash != prompt(text).hash)
  }

  @Test func anExpectedVariableMustBeUsed() {
    let text = Self.small.replacingOccurrences(of: "[questions]", with: "[questions, labels]")

    #expect(message(text) == "small.md:4: 'labels' is expected but never used. Use it, or take it off 'expects'.")
  }

  @Test func anUnknownVariableIsRefusedWithTheLineOfTheFile() {
    let text = Self.small.replacingOccurrences(of: "{{questions}}", with: "{{questoins}}")

    #expect(message(text) == "small.md:13: unknown variable 'questoins'. Did you mean 'questions'?")
  }

  @Test func anUnknownKeyOfTheFrontMatterIsRefused() {
    let text = Self.small.replacingOccurrences(of: "for: write", with: "for: write\nexpect: [a]")

    #expect(message(text) == "small.md:4: unknown key 'expect'. Did you mean 'expects'?")
  }

  @Test(arguments: [
    ("## user\nHi.\n", "p.md:1: no front matter. Begin the file with a '---' line, name, for and expects, and '---'."),
    ("", "p.md:1: no front matter. Begin the file with a '---' line, name, for and expects, and '---'."),
    ("---\nname: a\n", "p.md:1: the front matter does not end. Put a '---' line before the first role."),
    ("---\nname: a\n---\n## user\nHi.\n", "p.md:1: 'for' is missing. Set it to a text."),
    ("---\nname: [\n---\n", "p.md:3:1: not valid YAML: did not find expected node content."),
    (
      "---\nname: a\nfor: write\nschema: {}\n---\n## user\nHi.\n",
      "p.md:4: a schema needs a name. Add 'schema_name'."
    ),
    (
      "---\nname: a\nfor: write\nschema: []\n---\n## user\nHi.\n",
      "p.md:4: 'schema' is a list, which is not a mapping."
    ),
    (
      "---\nname: a\nfor: write\n---\n\nHi.\n## user\nHi.\n",
      "p.md:6: text before the first role. Put it under '## system' or '## user'."
    ),
    (
      "---\nname: a\nfor: write\n---\n## sytem\nHi.\n## user\nHi.\n",
      "p.md:5: unknown role 'sytem'. Did you mean 'system'?"
    ),
    (
      "---\nname: a\nfor: write\n---\n## user\nHi.\n## system\nHi.\n## user\nHi.\n",
      "p.md:7: '## system' stands after another role. Put it first, and only once."
    ),
    (
      "---\nname: a\nfor: write\n---\n## system\n\n## user\nHi.\n",
      "p.md:5: '## system' has no text. Write some, or remove the heading."
    ),
    (
      "---\nname: a\nfor: write\n---\n## system\nHi.\n",
      "p.md: the last role is not '## user', which a model answers. Add one at the end."
    ),
    (
      "---\nname: a\nfor: write\nexpects: [a b]\n---\n## user\nHi.\n",
      "p.md:4: 'a b' is not a variable. Write a name, or list[].field for a field of a list's items."
    ),
  ])
  func aBrokenFileIsRefused(text: String, expected: String) {
    let path = folder.write(text, to: "p.md")

    #expect(folder.message { _ = try Prompt(path: path) } == expected)
  }

  @Test func otherHeadingsAreText() throws {
    let prompt = try prompt(Self.small.replacingOccurrences(of: "Be brief.", with: "## Manner\nBe brief.\n### user"))

    #expect(try prompt.render(["questions": .number(1)])[0].text == "## Manner\nBe brief.\n### user")
  }

  @Test func aPromptIsCheckedAgainstWhatItsStageGives() throws {
    let prompt = try prompt(Self.small)

    try prompt.check(stage: "write", gives: ["labels[].text", "questions"])
    #expect(
      folder.message { try prompt.check(stage: "judge", gives: ["questions"]) }
        == "small.md: a prompt for 'write', not for 'judge'. Use another one.")
    #expect(
      folder.message { try prompt.check(stage: "write", gives: ["question", "labels[].text"]) }
        == "small.md:4: stage 'write' gives no 'questions'. Did you mean 'question'?")
  }

  @Test func aListWithoutFieldsIsGivenByOneWithFields() throws {
    let text = "---\nname: a\nfor: write\nexpects: \"captions[]\"\n---\n## user\n{{#captions}}x{{/captions}}\n"

    try prompt(text).check(stage: "write", gives: ["captions[].text"])
    #expect(try prompt(text).render(["captions": .list([["text": .text("a")]])]).map(\.text) == ["x"])
  }
}
