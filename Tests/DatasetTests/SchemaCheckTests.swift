import Testing

@testable import Dataset

@Suite struct SchemaCheckTests {
  private func problems(_ json: String, _ schema: String) throws -> [String] {
    try SchemaCheck(schema).problems(in: json)
  }

  private static let questions = """
    {"type":"object","additionalProperties":false,"required":["items"],"properties":{"items":{"type":"array",
    "minItems":1,"items":{"type":"object","additionalProperties":false,"required":["question","distractors"],
    "properties":{"question":{"type":"string","minLength":1},"distractors":{"type":"array","minItems":3,"maxItems":3,
    "items":{"type":"string"}},"skill":{"type":"string","enum":["pitch","order"]}}}}}}
    """

  @Test func whatFollowsTheSchemaHasNoProblems() throws {
    let json = #"{"items":[{"question":"Q?","distractors":["a","b","c"],"skill":"pitch"}]}"#

    #expect(try problems(json, Self.questions).isEmpty)
  }

  @Test func problemsSayWhereWhatAndWhatIsWanted() throws {
    let json = """
      {"items":[{"question":"Q?","distractors":["a","b","c"]},{"question":"","distractors":["a",2]},
      {"distractors":"none","skill":"taste","note":1},7],"more":null}
      """

    #expect(
      try problems(json, Self.questions) == [
        "items[1].question: 0 characters, at least 1 is wanted",
        "items[1].distractors: 2 entries, 3 are wanted",
        "items[1].distractors[1]: a number, text is wanted",
        "items[2].question: missing",
        "items[2].distractors: text, a list is wanted",
        "items[2].skill: 'taste', one of 'pitch', 'order' is wanted",
        "items[2].note: does not belong here, leave it out",
        "items[3]: a number, an object is wanted",
        "more: does not belong here, leave it out",
      ])
    #expect(try problems("[]", Self.questions) == ["the reply: a list, an object is wanted"])
    #expect(try problems("{", Self.questions) == ["not JSON"])
    #expect(try problems(#"{"items":[]}"#, Self.questions) == ["items: 0 entries, at least 1 is wanted"])
  }

  @Test(arguments: [
    (#"{"type":["string","null"]}"#, "null", ""),
    (#"{"type":["string","null"]}"#, "1", "the reply: a number, text or null is wanted"),
    (#"{"type":"integer"}"#, "1.0", ""),
    (#"{"type":"integer"}"#, "1.5", "the reply: a number, a whole number is wanted"),
    (#"{"type":"number","minimum":0,"maximum":1}"#, "1", ""),
    (#"{"type":"number","minimum":0,"maximum":1}"#, "1.5", "the reply: 1.5, 0 to 1 is wanted"),
    (#"{"exclusiveMinimum":0}"#, "0", "the reply: 0, more than 0 is wanted"),
    (#"{"exclusiveMaximum":2}"#, "1e0", ""),
    (#"{"const":{"a":1,"b":[true]}}"#, #"{"b":[true],"a":1.0}"#, ""),
    (#"{"const":"x"}"#, #""y""#, "the reply: 'y', 'x' is wanted"),
    (#"{"enum":[1,"a",null]}"#, "null", ""),
    (#"{"maxLength":2}"#, #""👩‍🚀""#, "the reply: 3 characters, at most 2 are wanted"),
    (#"{"maxItems":1}"#, "[1,2]", "the reply: 2 entries, at most 1 is wanted"),
    (#"{"properties":{"a":false}}"#, #"{"a":1}"#, "a: does not belong here, leave it out"),
    (#"{"additionalProperties":{"type":"string"}}"#, #"{"a b":1}"#, "'a b': a number, text is wanted"),
    (#"{"pattern":"^x$","format":"date","title":7}"#, #""y""#, ""),
    ("true", "{}", ""),
  ])
  func keywordsMeanWhatJSONSchemaSays(schema: String, json: String, problem: String) throws {
    #expect(try problems(json, schema) == (problem.isEmpty ? [] : [problem]))
  }

  @Test func oneOfSeveralFormsIsEnough() throws {
    let schema = #"{"anyOf":[{"type":"object","required":["a"]},{"type":"null"}]}"#

    #expect(try problems("null", schema).isEmpty)
    #expect(try problems(#"{"a":0}"#, schema).isEmpty)
    #expect(try problems("{}", schema) == ["the reply: none of the 2 forms allowed", "a: missing"])
  }

  @Test(arguments: [
    (
      ##"{"properties":{"a":{"items":{"$ref":"#/definitions/x"}}}}"##, SchemaError.reference(path: "properties.a.items")
    ),
    ("[", .notJSON),
    ("7", .notASchema(path: "", reason: "a number stands where a schema, an object, belongs")),
    (#"{"required":"a"}"#, .notASchema(path: "required", reason: "text does not belong here")),
    (#"{"minItems":"a"}"#, .notASchema(path: "minItems", reason: "text does not belong here")),
    (#"{"anyOf":[[]]}"#, .notASchema(path: "anyOf[0]", reason: "a list stands where a schema, an object, belongs")),
  ])
  func whatIsNoSchemaIsRefusedWhenItIsLoaded(schema: String, error: SchemaError) {
    #expect(throws: error) { try SchemaCheck(schema) }
  }

  @Test func anUnknownTypeNamesThoseThatThereAre() {
    let error = #expect(throws: SchemaError.self) { try SchemaCheck(#"{"items":{"type":"text"}}"#) }

    #expect(
      error.map { "\($0)" }
        == "schema, at items.type: 'text' is none of null, boolean, integer, number, string, array, object.")
  }

  @Test func sizesAreBounded() throws {
    let manyParts = "{\"anyOf\":[" + Array(repeating: "{}", count: 1_000).joined(separator: ",") + "]}"
    let deep = String(repeating: "{\"items\":", count: 100) + "{}" + String(repeating: "}", count: 100)
    let wrong = "[" + Array(repeating: "1", count: 200_000).joined(separator: ",") + "]"

    #expect(throws: SchemaError.tooLarge(most: 1_000)) { try SchemaCheck(manyParts) }
    #expect(throws: SchemaError.notJSON) { try SchemaCheck(deep) }
    #expect(try problems(wrong, #"{"items":{"type":"string"}}"#).count == 10)
    #expect(
      try problems("{\"\(String(repeating: "x", count: 10_000))\":1}", #"{"additionalProperties":false}"#)[0].count
        < 200)
  }

  @Test func formsInsideFormsAreLookedAtOnce() throws {
    let schema =
      String(repeating: #"{"anyOf":[{"type":"null"},{"items":"#, count: 12) + #"{"type":"string"}"#
      + String(repeating: "}]}", count: 12)
    let json =
      String(repeating: "[", count: 12) + Array(repeating: "1", count: 50_000).joined(separator: ",")
      + String(repeating: "]", count: 12)

    let check = try SchemaCheck(schema)

    let seconds = ContinuousClock().measure { #expect(!check.problems(in: json).isEmpty) }

    #expect(seconds < .seconds(10))
  }
}
