import Dataset
import Foundation
import Testing

@testable import Stages
@testable import Store

@Suite struct ClaimCheckTests {
  private func known(
    _ captions: [CaptionRecord], in run: TestRun, measuring: Bool
  ) async throws -> (evidence: ClipEvidence, findings: ClipFindings) {
    try run.write("a.wav", run.tone(440, seconds: 2))
    try await run.run(until: "scan")
    let clip = try #require(try run.store.pendingClips(place("caption"), from: "", limit: 1).first)
    try run.store.commit(captions: [(clip, ["k"], captions)], place("caption"))
    let record = try #require(try run.store.clips([clip]).first)
    return try ClipKnowledge(run.store).known(of: record, measuring: measuring)
  }

  private func place(_ name: String) -> StagePlace {
    StagePlace(
      name: name, position: 1, upstream: nil, followers: ["write", "check", "dedup", "split", "balance", "export"])
  }

  @Test func aClipThatNoCaptionerMeasuredIsMeasuredWhereAQuestionNeedsIt() async throws {
    let caption = CaptionRecord(captioner: "file", key: "k", text: "A tone. It lasts 9 seconds.")

    let idle = try await known([caption], in: try TestRun(), measuring: false)
    let busy = try await known([caption], in: try TestRun(), measuring: true)

    #expect(idle.evidence.measured == nil && idle.findings.facts == nil && idle.findings.trust == 1)
    #expect(busy.evidence.measured?.seconds == 2 && busy.findings.facts != nil)
    // What the caption says of the length is not so.
    #expect(busy.findings.trust == 0.5 && busy.findings.contradictions.count == 1)
  }

  @Test func whatACaptionerMeasuredIsTakenFromItsCaption() async throws {
    let facts = #"{"events":[],"level":{"changeDB":0,"course":"steady","loudestSeconds":0},"seconds":7}"#
    let caption = CaptionRecord(captioner: "acoustic", key: "k", text: "It lasts 7 seconds.", facts: facts)

    let known = try await known([caption], in: try TestRun(), measuring: true)

    #expect(known.evidence.measured?.seconds == 7 && known.findings.facts == nil)
    #expect(known.evidence.captions == ["It lasts 7 seconds."] && known.evidence.told.isEmpty)
  }

  @Test func questionsOfTheStandInAreBorneOutByTheirClips() async throws {
    let run = try TestRun()
    for hertz in [220, 440, 880] as [Float] { try run.write("\(hertz).wav", run.tone(hertz, seconds: 3)) }

    try await run.run(until: "check")

    let status = try run.store.status()
    #expect(status.questions > 0 && !status.rejections.contains { $0.stage == "check" })
  }
}
