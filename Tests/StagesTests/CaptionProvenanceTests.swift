import Dataset
import Foundation
import Testing

@testable import Stages
@testable import Store

/// Where captions come from, as a reader of an export or an explanation sees it.
@Suite struct CaptionProvenanceTests {
  private func finished() async throws -> TestRun {
    let run = try TestRun()
    for number in 0..<4 { try run.write("\(number).wav", run.tone(200 + Float(number) * 90, seconds: 0.6)) }
    try (0..<4).map { "{\"file\":\"\($0).wav\",\"captions\":[\"A tone sounds.\",\"It is a beep.\"]}" }
      .joined(separator: "\n").write(toFile: run.folder + "/c.jsonl", atomically: true, encoding: .utf8)
    try await run.run([
      "caption.with=[acoustic, heard, file]", "caption.heard.captioner=endpoint", "caption.heard.temperature=0.5",
      "caption.heard.prompt=\(TestRun.project)/prompts/caption-events.md", "caption.file.path=\(run.folder)/c.jsonl",
      "caption.file.origin=Beeps",
    ])
    return run
  }

  @Test func anExportShowsModelPromptSamplingAndOriginOfEveryCaption() async throws {
    let run = try await finished()

    var captions: [[ExportedQuestion.Caption]] = []
    for split in ["train", "dev", "test"] {
      let path = run.folder + "/run/export/jsonl/\(split).jsonl"
      try JSONLFormat.forEachQuestion(path: path) { captions.append($0.captions) }
    }

    let first = try #require(captions.first)
    #expect(first.map(\.captioner) == ["acoustic", "file", "file", "heard"])
    #expect(first[0].model.isEmpty && first[0].origin.isEmpty && first[0].sampling.isEmpty)
    #expect(first[1...2].map(\.text) == ["A tone sounds.", "It is a beep."])
    #expect(first[1...2].map(\.origin) == ["Beeps", "Beeps"])
    #expect(first[3].model == "stand-in" && first[3].revision == "stand-in-2" && first[3].prompt == "caption-events")
    #expect(first[3].promptHash.count == 64 && first[3].sampling == #"{"max_tokens":512,"temperature":0.5}"#)
    #expect(first[3].meanLogProbability == nil)
  }

  @Test func anExplanationShowsTheSameAndTheRequest() async throws {
    let run = try await finished()
    let id = try #require(try run.store.exportRows(split: nil, from: "", limit: 1).first?.questions.first?.id)

    let captions = try Explanation(of: id, in: run.store).captions

    #expect(captions.map(\.captioner) == ["acoustic", "file", "file", "heard"])
    #expect(captions[0].facts != nil && captions[1].origin == "Beeps")
    #expect(captions[3].prompt == "caption-events" && captions[3].model == "stand-in")
    #expect(try run.store.response(to: captions[3].requestKey ?? "") != nil)
  }
}
