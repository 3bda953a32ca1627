import Foundation
import Testing

@testable import Training

@Suite struct SampleTests {
  private let group = SampleGroup(
    step: 20, id: "q7", prompt: "Which animal is heard?\nA dog, or a cat?", answer: "a dog",
    completions: [
      .init(
        text: "It is a cat, which can be heard at the very end of the recording, behind the rain and the wind.",
        length: 21, rewards: ["accuracy": 0, "format": 1], reward: 1, advantage: -0.7071, isTruncated: true),
      .init(
        text: "a dog", length: 3, rewards: ["accuracy": 1, "format": nil], reward: 2, advantage: 0.7071,
        isTruncated: false),
    ])

  @Test func aTerminalShowsTheBestFirstInFewLines() {
    #expect(
      group.text(width: 50, lines: 2) == """
        step 20         Which animal is heard? A dog, or a
                        cat?
        answer          a dog
        2.00 +0.71      a dog
        1.00 -0.71 cut  It is a cat, which can be heard at
                        the very end of the recording,…
        """)
  }

  @Test func aLineHoldsACompletion() throws {
    let folder = try MetricsFolder()
    do {
      let log = try SampleLog(path: "\(folder.path)/completions.jsonl", after: 0)
      try log.append(group)
    }

    let lines = try folder.text("completions.jsonl").split(separator: "\n")
    #expect(lines.count == 2)
    #expect(
      lines.last == """
        {"step": 20, "id": "q7", "prompt": "Which animal is heard?\\nA dog, or a cat?", "answer": "a dog", \
        "completion": "a dog", "length": 3, "truncated": false, "rewards": {"accuracy": 1.0, "format": null}, \
        "reward": 2.0, "advantage": 0.7071}
        """)
    _ = try SampleLog(path: "\(folder.path)/completions.jsonl", after: 19)
    #expect(try folder.text("completions.jsonl").isEmpty)
  }

  @Test func nothingThatAModelWritesActsOnTheTerminal() {
    let scalars = (0...0x10FFFF).compactMap { Unicode.Scalar(UInt32($0)) }
    var harmful = group
    harmful.prompt = "\u{1B}[31m\u{9B}2J\u{202E}abc\u{200B}\r\u{7}"
    let shown = PlainText.cleaned(String(String.UnicodeScalarView(scalars)))

    for category in [Unicode.GeneralCategory.control, .format, .privateUse, .lineSeparator, .paragraphSeparator] {
      #expect(!shown.unicodeScalars.contains { $0.properties.generalCategory == category })
    }
    #expect(!harmful.text(width: 80).unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    #expect(!harmful.markdown.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    #expect(harmful.text(width: 80).contains("·[31m·2J·abc·"))
  }

  @Test(arguments: [0, 1, 8, 20, 33, 200]) func noLineIsWiderThanAsked(width: Int) {
    var odd = group
    odd.completions[0].text = "狗狗狗狗狗狗狗狗 🐕🐕🐕 " + String(repeating: "x", count: 300) + " e\u{301}\u{301}nd"
    let lines = odd.text(width: width, lines: 4).split(separator: "\n")

    #expect(lines.allSatisfy { PlainText.columns($0) <= max(width, 24) })
    #expect(lines.count <= 2 * 4 + 3)
  }

  @Test(arguments: [2, 3, 7, 40]) func wrappingLosesNoCharacterButSpaces(width: Int) {
    let text = "Which of  these 狗狗 is heardfirstofall: the bell?"

    let wrapped = PlainText.wrapped(text, width: width)

    #expect(wrapped.joined().filter { $0 != " " } == text.filter { $0 != " " })
    #expect(wrapped.allSatisfy { PlainText.columns($0) <= width && !$0.isEmpty })
  }
}
