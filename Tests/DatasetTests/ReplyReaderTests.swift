import Testing

@testable import Dataset

@Suite struct ReplyReaderTests {
  private let item =
    #"{"question":"What barks?","correct":"a dog","distractors":["a cat","a cow","a hen"],"#
    + #""evidence":"A dog barks.","skill":"identification","difficulty":"easy"}"#

  private let read = WrittenQuestion(
    stem: "What barks?", correct: "a dog", distractors: ["a cat", "a cow", "a hen"], evidence: "A dog barks.",
    skill: "identification", difficulty: "easy")

  @Test func theFormAskedForIsReadAsItIs() {
    #expect(
      ReplyReader.read(#"{"items":[\#(item),\#(item)]}"#) == ReadReply(items: [.question(read), .question(read)]))
  }

  @Test(arguments: [
    "```json\n{\"items\":[ITEM]}\n```",
    "Here are the questions [as asked]:\n\n{\"items\": [ITEM]}\n\nI hope they help {really}.",
    "[ITEM]",
    "ITEM",
    "{\"items\":[ITEM,],}",
    "{\"questions\":[ITEM]}",
    "{\"result\":{\"items\":[ITEM]}}",
    "<think>{\"items\":[{\"question\":\"Q?\",\"correct\":\"x\",\"distractors\":[]}]}?</think>{\"items\":[ITEM]}",
  ])
  func otherFormsAreSalvaged(form: String) {
    let reply = ReplyReader.read(form.replacing("ITEM", with: item))

    #expect(reply.questions == [read])
    #expect(reply.problem == nil)
    #expect(reply.isSalvaged)
  }

  @Test func itemsOnLinesAreTakenTogether() {
    let (second, third) = (item.replacing("barks", with: "meows"), item.replacing("barks", with: "crows"))

    #expect(ReplyReader.read("\(item)\n\(second)\n\(third)").questions.count == 3)
  }

  @Test func rawLineBreaksInStringsAreSalvaged() {
    let reply = ReplyReader.read(#"{"items":[{"question":"What\#nbarks?","correct":"a","distractors":["b"]}]}"#)

    #expect(reply.questions.map(\.stem) == ["What\nbarks?"])
  }

  @Test func aReplyCutOffKeepsItsWholeItems() {
    let cut = #"{"items":[\#(item),\#(item),{"question":"What me"#

    let reply = ReplyReader.read(cut, finishReason: "length")

    #expect(reply.questions == [read, read])
    #expect(reply.problem?.code == .truncated)
    #expect(ReplyReader.read(cut).problem?.code == .truncated)
  }

  @Test func everyCutOfAReplyGivesOnlyWholeItems() {
    let whole = Array(#"{"items":[\#(item),\#(item)]}"#)
    for length in 0..<whole.count {
      let reply = ReplyReader.read(String(whole[..<length]))
      #expect(reply.questions.allSatisfy { $0 == read })
      #expect(reply.problem != nil)
    }
  }

  @Test func aWrongItemLeavesTheOthers() {
    let items = [
      item, "7", #"{"question":"Q?","correct":3,"distractors":["b"]}"#, #"{"question":"Q?","correct":"a"}"#,
      #"{"question":"Q?","correct":"a","distractors":["b",null]}"#, item,
    ]

    let reply = ReplyReader.read(#"{"items":[\#(items.joined(separator: ","))]}"#)

    #expect(
      reply.items == [
        .question(read),
        .unreadable(Verdict(code: .schema, detail: "The item is a number, not an object.")),
        .unreadable(Verdict(code: .schema, detail: "'correct' is a number, not text.")),
        .unreadable(Verdict(code: .schema, detail: "'distractors' is missing.")),
        .unreadable(Verdict(code: .schema, detail: "'distractors' is null, not text.")),
        .question(read),
      ])
  }

  @Test func whatIsNoQuestionsHasAReason() {
    #expect(ReplyReader.read("").problem == Verdict(code: .schema, detail: "The reply is empty."))
    #expect(ReplyReader.read("Hello.").problem == Verdict(code: .schema, detail: "No questions in 'Hello.'."))
    #expect(ReplyReader.read("{\"items\":[]}").problem?.code == .schema)
    #expect(ReplyReader.read("I’m sorry, but I cannot help with that.").problem?.code == .refusal)
    #expect(ReplyReader.read("", refusal: "No.").problem == Verdict(code: .refusal, detail: "'No.'"))
    #expect(ReplyReader.read("", finishReason: "content_filter").problem?.code == .contentFilter)
    #expect(ReplyReader.read("", finishReason: "length").problem?.code == .truncated)
    #expect(ReplyReader.read("", finishReason: "length", refusal: "No.").problem?.code == .refusal)
  }

  @Test func sizesAreBounded() {
    let many = "[" + Array(repeating: item, count: 100).joined(separator: ",") + "]"
    let long = #"{"items":[{"question":"\#(String(repeating: "x", count: 4001))","correct":"a","distractors":["b"]}]}"#

    #expect(ReplyReader.read(many).items.count == 64)
    #expect(ReplyReader.read(many).problem?.code == .schema)
    #expect(ReplyReader.read(long).questions.isEmpty)
    #expect(ReplyReader.read(String(repeating: "x", count: 1 << 20 + 1)).problem?.code == .schema)
  }

  @Test(arguments: ["[", "{", "{\"a\":", "[{\"items\":", "\"", "{\"items\":[{"])
  func deepNestingIsRefused(opening: String) {
    let reply = ReplyReader.read(String(repeating: opening, count: 100_000))

    #expect(reply.questions.isEmpty)
    #expect(reply.problem != nil)
  }

  @Test func damagedRepliesNeverCrash() {
    var generator = SeededGenerator(state: 1)
    let whole = Array(#"{"items":[\#(item),{"question":"\u00e9\ud83d\ude00","correct":"1e5","distractors":[]}]}"#.utf8)
    let pool = Array(#"{}[]",:\u0eE-+.tfn<"#.utf8) + [0x00, 0xC3, 0xFF]
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        if Bool.random(using: &generator) {
          bytes[place] = pool.randomElement(using: &generator)!
        } else {
          bytes.remove(at: place)
        }
      }
      let reply = ReplyReader.read(String(decoding: bytes, as: UTF8.self))
      #expect(!reply.items.isEmpty || reply.problem != nil)
    }
  }
}
