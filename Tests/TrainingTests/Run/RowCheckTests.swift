import Audio
import Dataset
import Foundation
import Models
import Testing

@testable import Training

/// What a run says of rows that it could not use, before its first step.
@Suite(.serialized) struct RowCheckTests {
  /// The error of a run on rows of its own, if there is one.
  private func error(_ lines: [String], _ phase: TrainingPhase = .sft(steps: 1)) throws -> TrainingDataError? {
    let place = try RunPlace()
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: place.path + "/train.jsonl", atomically: true, encoding: .utf8)
    try WAVWriter.write(Waveform(samples: [0.1, 0.2], sampleRate: 16_000), to: place.path + "/blip.wav")
    do {
      _ = try place.run(.tiny(place, phase), in: "run")
      return nil
    } catch let error as TrainingDataError {
      return error
    }
  }

  private func line(_ id: String, _ question: String = "Which?", audio: String = "0.wav", _ more: String = "") -> String
  {
    #"{"id":"\#(id)","question":"\#(question)","choices":["a","b"],"answer":0,"audio":"\#(audio)"\#(more)}"#
  }

  @Test func everyStretchOfAFileIsLookedAt() throws {
    // The file lasts 0.3 s.
    let found = try error([
      line("a"), line("b", audio: "0.wav", #","start":0.1,"duration":0.1"#),
      line("c", audio: "0.wav", #","start":0.5"#),
      line("d", audio: "0.wav", #","start":0.1,"duration":0.001"#),
    ])

    guard case .unusableRow("c", .audio(.endsBefore(_, frame: 8_000)), count: 2, of: 8)? = found else {
      throw try #require(found)
    }
    #expect(found?.description.contains("2 of 8 rows cannot be used; mend them or take them out.") == true)
  }

  @Test func aSoundThatIsTooShortToHearIsFound() throws {
    let found = try error([line("a"), line("b", audio: "blip.wav")])

    guard case .unusableRow("b", .prompt(.tooShort(let name, samples: 2)), count: 1, of: 6)? = found else {
      throw try #require(found)
    }
    #expect(name.hasSuffix("/blip.wav"))
  }

  @Test func aPromptThatLeavesNoRoomForItsAnswerIsFound() throws {
    let long = String(repeating: "Is it a dog? ", count: 4_000)

    for phase in [TrainingPhase.sft(steps: 1), try .grpo(steps: 1)] {
      let found = try error([line("a"), line("b", long)], phase)
      guard case .unusableRow("b", .tooLong(let prompt, _, let limit), count: 1, of: 6)? = found else {
        throw try #require(found)
      }
      #expect(prompt > limit)
    }
  }
}
