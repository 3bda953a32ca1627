import Pipelines
import Testing

struct OverrideTests {
  let folder = TemporaryFolder()

  private func section(_ overrides: [String], name: String = "write") throws -> Section {
    let text = "name: demo\nwrite:\n  model: small\n  questions: 5\n  retry: {base: 1s, cap: 60s}\n"
    return try PipelineFile(path: folder.write(text, to: "demo.yaml"), overrides: overrides).section(name)
  }

  @Test func theLastOneWins() throws {
    let write = try section(["write.model=mid", "write.model=large", "write.retry.base=2s", "name=other"])

    #expect(try write.string("model") == "large")
    #expect(try write.int("questions", in: 1...64, default: 1) == 5)
    #expect(try write.section("retry").duration("base", default: 0) == 2)
    #expect(try write.section("retry").duration("cap", default: 0) == 60)
  }

  @Test func aValueIsTextUnlessItBeginsAsYAML() throws {
    let write = try section([
      "write.url=http://localhost:8080/v1", "write.a=x: y # z", "write.b=[p, 'q r']", "write.c=\"5\"", "write.d=a=b",
    ])

    #expect(try write.string("url") == "http://localhost:8080/v1")
    #expect(try write.string("a") == "x: y # z")
    #expect(try write.strings("b") == ["p", "q r"])
    #expect(try write.string("c") == "5")
    #expect(try write.string("d") == "a=b")
  }

  @Test func anEmptyValueGivesTheDefaultBack() throws {
    #expect(try section(["write.model="]).string("model", default: "none") == "none")
    #expect(try section(["write.model=''"]).string("model", default: "none") == "")
  }

  @Test func aBadValueIsNamedByItsOverride() throws {
    let write = try section(["write.concurrency=many"])

    #expect(
      folder.message { _ = try write.int("concurrency", in: 1...1024, default: 8) }
        == "--set write.concurrency=many: 'write.concurrency' is 'many', "
        + "which is not a whole number between 1 and 1024."
    )
  }

  @Test func anUnknownKeyIsNamedByItsOverride() throws {
    let write = try section(["write.modle=x"], name: "write")
    for key in ["model", "questions", "retry"] { _ = write.has(key) }

    #expect(
      folder.message { try write.finish() }
        == "--set write.modle=x: unknown key 'modle' in 'write'. Did you mean 'model'?")
  }

  @Test(arguments: ["", "write", "write=5", "model", "write.=5", ".model=5", "wri te.model=5", "=", "write..a=1"])
  func whatIsNoOverrideIsRefused(text: String) {
    #expect(
      folder.message { _ = try section([text]) }
        == "--set \(text): not an override. Write section.key=value, such as write.questions=3.")
  }

  @Test func brokenYAMLIsRefused() {
    #expect(
      folder.message { _ = try section(["write.b=[a"]) }
        == "--set write.b=[a: not valid YAML: did not find expected ',' or ']'.")
    #expect(folder.message { _ = try section(["write.b=[*x]"]) }?.contains("aliases") == true)
  }

  @Test func aSecretIsNotRepeated() throws {
    let write = try section(["write.key=sk-1234"])

    #expect(
      folder.message { _ = try write.optionalVariableName("key") }
        == "--set write.key: 'write.key' is not the name of an environment variable. "
        + "Put the secret in a variable and its name here, such as OPENAI_API_KEY.")
    #expect(try section(["write.key=OPENAI_API_KEY"]).optionalVariableName("key") == "OPENAI_API_KEY")
  }
}
