import Pipelines
import Testing

/// Expected texts of the standalone-line cases are those of the mustache specification (sections.yml, inverted.yml).
struct PromptTemplateTests {
  private func template(_ text: String, _ expects: [String], firstLine: Int = 1) throws -> PromptTemplate {
    let variables = try PromptVariables(expects, at: .file("p.md", line: 1))
    return try PromptTemplate(text, file: "p.md", firstLine: firstLine, expects: variables)
  }

  private func render(_ text: String, _ expects: [String], _ values: [String: PromptValue]) throws -> String {
    try template(text, expects).render(values)
  }

  private func message(_ text: String, _ expects: [String], _ values: [String: PromptValue]? = nil) -> String? {
    do {
      let template = try template(text, expects)
      if let values { _ = try template.render(values) }
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func holesAreFilled() throws {
    let text = try render(
      "Write {{n}} about {{ topic }}.", ["n", "topic"], ["n": .number(-3), "topic": .text("é & <b>")])

    #expect(text == "Write -3 about é & <b>.")
  }

  @Test func valuesAreData() throws {
    let value = #"{{x}} {{#a}} }} {"items":{"a":{}}} {{"#

    #expect(try render("[{{a}}{{x}}]", ["a", "x"], ["a": .text(value), "x": .text("{{a}}")]) == "[\(value){{a}}]")
  }

  @Test func bracesOutsideTagsAreText() throws {
    let json = #"{"a": {"b": {}}} } { "#

    #expect(try render(json + "{{n}}" + "}}", ["n"], ["n": .number(1)]) == json + "1}}")
  }

  @Test func sectionsRepeatForEachItem() throws {
    let list = PromptValue.list([["text": .text("a")], ["text": .text("b")]])
    let expects = ["by", "captions[].text"]
    let text = "{{#captions}}{{text}}-{{by}};{{/captions}}{{^captions}}none{{/captions}}"

    #expect(try render(text, expects, ["captions": list, "by": .text("x")]) == "a-x;b-x;")
    #expect(try render(text, expects, ["captions": .list([]), "by": .text("x")]) == "none")
  }

  @Test func anItemsFieldHidesAnOuterName() throws {
    let values: [String: PromptValue] = ["text": .text("outer"), "l": .list([["text": .text("inner")]])]

    #expect(try render("{{text}} {{#l}}{{text}}{{/l}}", ["text", "l[].text"], values) == "outer inner")
    // The outer name must not stand in for a field that an item lacks.
    #expect(
      message("{{text}} {{#l}}{{text}}{{/l}}", ["text", "l[].text"], ["text": .text("outer"), "l": .list([[:]])])
        == "p.md:1: no value was given for 'text'.")
  }

  @Test func sectionsNest() throws {
    let values: [String: PromptValue] = [
      "clips": .list([
        ["id": .text("a"), "facts": .list([["f": .text("1")], ["f": .text("2")]])],
        ["id": .text("b"), "facts": .list([])],
      ])
    ]
    let text = "{{#clips}}{{#facts}}{{id}}{{f}} {{/facts}}{{^facts}}no {{id}}{{/facts}}{{/clips}}"

    #expect(try render(text, ["clips[].id", "clips[].facts[].f"], values) == "a1 a2 no b")
  }

  @Test func flagsShowAndHide() throws {
    let text = "{{#hard}}hard{{/hard}}{{^hard}}easy{{/hard}}"

    #expect(try render(text, ["hard"], ["hard": .flag(true)]) == "hard")
    #expect(try render(text, ["hard"], ["hard": .flag(false)]) == "easy")
  }

  @Test func aLineWithNothingButATagVanishes() throws {
    let list = PromptValue.list([[:]])

    #expect(
      try render("| This Is\n{{#l}}\n|\n{{/l}}\n| A Line", ["l[]"], ["l": list]) == "| This Is\n|\n| A Line")
    #expect(try render("| This Is\n  {{#l}} \n|\n\t{{/l}}\n| A Line", ["l[]"], ["l": list]) == "| This Is\n|\n| A Line")
    #expect(try render("  {{#l}}\n#{{/l}}\n/", ["l[]"], ["l": list]) == "#\n/")
    #expect(try render("#{{#l}}\n/\n  {{/l}}", ["l[]"], ["l": list]) == "#\n/\n")
    #expect(try render(" {{#l}}YES{{/l}}\n {{#l}}GOOD{{/l}}\n", ["l[]"], ["l": list]) == " YES\n GOOD\n")
    #expect(try render("Begin.\n{{! gone }}\nEnd. {{! here}}\n", [], [:]) == "Begin.\nEnd. \n")
    #expect(try render("  {{n}}\n", ["n"], ["n": .number(1)]) == "  1\n")
  }

  @Test func aCommentMayRunOverLines() throws {
    #expect(try render("a\n{{! one\ntwo }}\nb", [], [:]) == "a\nb")
    #expect(message("{{! one\ntwo }}\n{{x}}", ["y"]) == "p.md:3: unknown variable 'x'. There are: y.")
  }

  @Test func anUnknownVariableIsRefusedWithItsLine() throws {
    #expect(
      message("a\n{{#captions}}\n{{text}}\n{{/captions}}\n{{captoin}}", ["captions[].text"])
        == "p.md:5: unknown variable 'captoin'. Did you mean 'captions'?")
    #expect(
      message("{{#captions}}\n{{txet}}\n{{/captions}}", ["captions[].text"])
        == "p.md:2: unknown variable 'txet'. Did you mean 'text'?")
    #expect(message("{{text}}", ["captions[].text"]) == "p.md:1: unknown variable 'text'. There are: captions.")
    #expect(message("{{^l}}{{text}}{{/l}}", ["l[].text"]) == "p.md:1: unknown variable 'text'. There are: l.")
    #expect(message("{{x}}", []) == "p.md:1: unknown variable 'x'. Add it to 'expects'.")
  }

  @Test func linesCountFromWhereTheTextBegins() throws {
    let problem = #expect(throws: PipelineError.self) { try template("a\n\n{{x}}", ["y"], firstLine: 12) }

    #expect("\(problem!)".hasPrefix("p.md:14: "))
  }

  @Test(arguments: [
    ("a\n{{#l}}\nb", "p.md:2: section 'l' is not closed. Add {{/l}}."),
    ("a\n{{/l}}", "p.md:2: {{/l}} closes a section that is not open. Remove it."),
    ("{{#l}}{{#m}}\n{{/l}}{{/m}}", "p.md:2: {{/l}} stands where 'm' is open. Close 'm' first."),
    ("a\n{{n", "p.md:2: '{{' without '}}'. Close the tag."),
    ("{{}}", "p.md:1: '{{}}' is not a tag. Write {{name}}, {{#list}}, {{^list}}, {{/list}} or {{! comment }}."),
    ("{{a b}}", "p.md:1: '{{a b}}' is not a tag. Write {{name}}, {{#list}}, {{^list}}, {{/list}} or {{! comment }}."),
    (
      "{{> part}}",
      "p.md:1: '{{> part}}' is a tag that is not read: there are no partials, lambdas, escapes or delimiters."
    ),
    (
      "{{{n}}}", "p.md:1: '{{{n}}' is a tag that is not read: there are no partials, lambdas, escapes or delimiters."
    ),
    ("{{l}}", "p.md:1: 'l' is a list. Write {{#l}} ... {{/l}} around the text of one item."),
  ])
  func aBrokenTemplateIsRefused(text: String, expected: String) {
    #expect(message(text, ["n", "l[]", "m[]"]) == expected)
  }

  @Test func aValueOfTheWrongKindIsRefused() {
    #expect(message("{{n}}", ["n"], [:]) == "p.md:1: no value was given for 'n'.")
    #expect(
      message("{{n}}", ["n"], ["n": .list([])]) == "p.md:1: 'n' is a list, where a text or a number is needed.")
    #expect(message("\n{{#l}}{{/l}}", ["l[]"], ["l": .number(2)]) == "p.md:2: 'l' is a number, where a list is needed.")
    #expect(message("{{#n}}{{/n}}", ["n"], ["n": .text("")]) == "p.md:1: 'n' is a text, where a flag is needed.")
  }

  // One scan back to the start of the line for each tag would take hours.
  @Test func manyTagsOnALineAreRead() throws {
    let text = String(repeating: "{{!}}x", count: 100_000)

    #expect(try render(text, [], [:]).utf8.count == 100_000)
  }

  @Test func hostileNestingIsRefused() {
    let text = String(repeating: "{{#l}}", count: 100_000)

    #expect(message(text, ["l[]"]) == "p.md:1: nested too deeply. Flatten it.")
  }

  @Test(arguments: ["", "a b", "a[", "a[].", "[].a", "a[]b", "a.b", "a[][].b", "1a"])
  func whatIsNoVariableIsRefused(path: String) {
    #expect(
      message("", [path])
        == "p.md:1: '\(path)' is not a variable. Write a name, or list[].field for a field of a list's items.")
  }

  @Test func aNameIsAListOrNot() {
    #expect(message("", ["a", "a[].b"])?.contains("'a[].b' is not a variable") == true)
  }
}
