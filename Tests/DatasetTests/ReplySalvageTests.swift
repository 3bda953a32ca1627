import Foundation
import Testing

@testable import Dataset

@Suite struct ReplySalvageTests {
  private func item(_ stem: String) -> String {
    #"{"question":"\#(stem)","correct":"a dog","distractors":["a cat","a cow"]}"#
  }

  private func stems(_ text: String, finishReason: String? = nil) -> [String] {
    ReplyReader.read(text, finishReason: finishReason).questions.map(\.stem)
  }

  @Test(arguments: [
    "```\n{\"items\":[A,B]}\n```",
    "```json5\n{\"items\":[A,B]}\n```\nThat is all.",
    "First:\n```json\nA\n```\nand then:\n```json\nB\n```",
    "```json\n{\"items\":[A]}\n```\n```json\n{\"items\":[B]}\n```",
    "{\"questions\":[A,B]}",
    "{\"result\":{\"count\":2,\"items\":[A,B]}}",
    "{\"response\":[{\"data\":{\"questions\":[A,B]}}]}",
    "[A,B,]",
    "A\nB",
    "A B",
    "[A B]",
    "{\"items\":[A,B,],}",
    "{\"items\":[A,B]}{\"items\":[A,B]}",
    "{\"items\":[A,B]}\n{\"items\":[A,",
    "{\"score\": NaN, \"best\": -Infinity, \"note\": None, \"ok\": True, \"items\": [A,B]}",
    "<think>maybe {\"items\":[X]}</think>\n{\"items\":[A,B]}",
    "maybe {\"items\":[X]}</think>\n[A,B]",
    "I chose [two] of {many}: [A,B] [end]",
  ])
  func whatStandsAroundItemsIsLeftAside(form: String) {
    let text = form.replacing("A", with: item("One?")).replacing("B", with: item("Two?"))
      .replacing("X", with: item("Draft?"))

    let reply = ReplyReader.read(text)

    #expect(reply.questions.map(\.stem) == ["One?", "Two?"])
    #expect(reply.items.count == 2)
    #expect(reply.isSalvaged || form.hasPrefix("{\"items\""))
  }

  @Test func typographicQuotesDelimitStrings() {
    let text = "{“items”: [{“question”: “What says \"woof\"?”, „correct“: “it’s a dog”, “distractors”: [“a cat”]}]}"

    #expect(
      ReplyReader.read(text).questions == [
        WrittenQuestion(stem: "What says \"woof\"?", correct: "it’s a dog", distractors: ["a cat"])
      ])
  }

  @Test func typographicQuotesInsideStringsStay() {
    #expect(stems(item("What is “woof”?") + ",") == ["What is “woof”?"])
  }

  @Test func escapedApostrophesAndRawLineBreaksAreRead() {
    #expect(stems(#"[{"question":"It\'s \"what\"?\#n","correct":"a","distractors":["b"]}]"#) == ["It's \"what\"?"])
  }

  @Test func aRationaleMayHoldTheMarksOfThinking() {
    let text = "```json\n[{\"question\":\"Q?\",\"correct\":\"<think>a</think>b\",\"distractors\":[\"c\"]}]\n```"

    #expect(ReplyReader.read(text).questions.map(\.correct) == ["<think>a</think>b"])
  }

  @Test func thoughtsThatNeverEndHoldNoQuestions() {
    let reply = ReplyReader.read("<think>\nPerhaps {\"items\":[\(item("Draft?"))]}")

    #expect(reply.questions.isEmpty)
    #expect(reply.problem?.code == .truncated)
  }

  @Test func anItemThatBreaksOffIsRejectedAlone() {
    let broken = #"{"question":"What does "woof" mean?","correct":"a","distractors":["b"]}"#

    let reply = ReplyReader.read("{\"items\":[\(item("One?")),\(broken),\(item("Two?"))]}")

    #expect(reply.items.count == 3)
    #expect(reply.questions.map(\.stem) == ["One?", "Two?"])
    guard case .unreadable(let verdict) = reply.items[1] else {
      Issue.record("the broken item should stand in its place")
      return
    }
    #expect(verdict.code == .schema)
    #expect(verdict.detail?.hasPrefix("The item is not JSON from 'woof") == true)
  }

  @Test func aCutItemIsNotReadEvenWhereItsQuestionIsWhole() {
    let whole = item("One?")
    for text in [
      "[\(whole),{\"question\":\"Q\",\"correct\":\"a\",\"distractors\":[\"b\"]", "{\"result\":{\"items\":[\(whole),{",
    ] {
      let reply = ReplyReader.read(text)
      #expect(reply.questions.map(\.stem) == ["One?"])
      #expect(reply.items.count == 1)
      #expect(reply.problem == Verdict(code: .truncated, detail: "1 whole items came before the end."))
    }
  }

  @Test func everyCutOfAWrappedListGivesOnlyWholeItems() {
    let whole = Array("```json\n{\"result\":{\"items\":[\(item("One?")),\(item("Two?"))]}}\n```".utf8)
    for length in 0..<whole.count {
      let reply = ReplyReader.read(String(decoding: whole[..<length], as: UTF8.self))
      #expect(reply.questions.allSatisfy { $0.distractors == ["a cat", "a cow"] })
      #expect(reply.questions.count == reply.items.count)
    }
  }

  @Test func aFilterThatEndsAReplyIsTold() {
    let reply = ReplyReader.read("[\(item("One?"))", finishReason: "content_filter")

    #expect(reply.questions.count == 1)
    #expect(reply.problem?.code == .contentFilter)
    #expect(ReplyReader.read("", finishReason: "SAFETY").problem?.code == .contentFilter)
    #expect(ReplyReader.read("{", finishReason: "max_tokens").problem?.code == .truncated)
  }

  @Test(
    arguments: [
      "[", "{", "\"", "[\"", "{\"a\":", "{\"items\":[", "[{\"question\":\"", "[]", "{}", "[1,", "“", "[“", "\\'",
      "[\"\\'",
      "</think>", "<think>", "</", "{\"items\":[{}]}", "{\"question\":\"a\",\"correct\":", "[[[[[[[[]]]]]]]]", "[tru",
    ])
  func hostileTextsTakeTimeInProportionToTheirLength(part: String) {
    let bytes = Array(String(repeating: part, count: ReplyReader.longestReply / part.utf8.count).utf8)

    let before = processorNanoseconds()
    let answer = ReplyReader.withoutThinking(bytes)
    #expect(ReplyReader.salvaged(from: Array(answer)).items.count <= ReplyReader.mostItems)

    // Processor time, which does not grow with what else the machine does; a look at every byte for each byte would take hours.
    #expect(processorNanoseconds() - before < 15_000_000_000)
  }

  @Test func tenMegabytesOfQuotesAreRefusedAtOnce() {
    let text = String(repeating: "\"", count: 10 << 20)

    let seconds = ContinuousClock().measure { #expect(ReplyReader.read(text).problem?.code == .schema) }

    #expect(seconds < .seconds(2))
    #expect(ReplyReader.salvaged(from: Array(text.utf8)) == ReplyReader.Salvage())
  }

  @Test func deepListsAreSearchedOnce() {
    let nested = String(repeating: "[", count: 60) + item("Deep?") + String(repeating: "]", count: 60)

    #expect(stems(nested) == ["Deep?"])
  }

  @Test func damagedTextsGiveNoQuestionsThatWereNotWritten() {
    var generator = SeededGenerator(state: 7)
    let whole = Array("```json\n{\"items\":[\(item("One?")),\(item("Two?"))]}\n```".utf8)
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes.remove(at: Int.random(in: 0..<bytes.count, using: &generator))
      }
      let reply = ReplyReader.read(String(decoding: bytes, as: UTF8.self))
      #expect(reply.items.count <= 2)
      #expect(!reply.items.isEmpty || reply.problem != nil)
    }
  }
}

/// Of this thread, so far.
private func processorNanoseconds() -> Int {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return time.tv_sec * 1_000_000_000 + time.tv_nsec
}
