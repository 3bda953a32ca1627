import Foundation
import Testing

/// `earshot duplicates`.
@Suite struct DuplicatesCommandTests {
  private func row(_ id: String, _ question: String, _ sound: String, _ choices: String = #"["a dog","a cat"]"#)
    -> String
  {
    #"{"id":"\#(id)","audio":"\#(sound).wav","question":"\#(question)","choices":\#(choices),"answer":"a dog"}"# + "\n"
  }

  @Test func aFileIsSearchedAndTheSurvivorStandsFirst() async throws {
    let place = try Workplace()
    let text =
      row("q1", "Which animal barks in the recording?", "one")
      + row("q2", "Which animal barks in the recording?", "two")
      + row("q3", "which animal barks, in the recording", "one", #"["A cat","A dog"]"#)
      .replacing(#""answer":"a dog""#, with: #""answer":"A dog""#)
    try text.write(toFile: place.path + "/set.jsonl", atomically: true, encoding: .utf8)

    let result = try await Program.run(["duplicates", "set.jsonl"], in: place.path)
    let json = try await Program.run(["duplicates", "set.jsonl", "--json"], in: place.path)
    let none = try await Program.run(["duplicates", "nowhere.jsonl"], in: place.path)

    #expect(
      result.out == """
        3 questions, 1 of them out
        asked twice of a sound: 1 out, in 1 cluster

        asked twice of a sound, 2 questions, 1 out
          100.0%  stays           q1  one.wav
                  Which animal barks in the recording?  [a dog | a cat]
          100.0%  E_DUP_SOUND     q3  one.wav
                  which animal barks, in the recording  [A cat | A dog]

        """)
    #expect(result.status == 0 && json.out.contains(#""code" : "E_DUP_SOUND""#))
    #expect(none.status == 66)
  }
}
