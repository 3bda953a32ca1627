import Audio
import Foundation
import Pipelines
import Synchronization
import Testing

@testable import Stages
@testable import Store

/// Writers that are sent the sound itself.
@Suite struct HearingWriterTests {
  private func clips(_ count: Int) throws -> TestRun {
    let run = try TestRun()
    for number in 0..<count { try run.write("\(number).wav", run.tone(200 + 10 * Float(number), seconds: 0.3)) }
    return run
  }

  private func settings(_ endpoint: ScriptedEndpoint, inputs: String) -> [String] {
    [
      "write.endpoint=\(endpoint.baseURL)", "write.attempts=1", "write.inputs=\(inputs)", "export.formats=[jsonl]",
      "write.prompt=\(TestRun.project)/prompts/heard-questions.md",
    ]
  }

  @Test func theSoundGoesOutBesideTheCaptionsAndIsKeptByName() async throws {
    let run = try clips(1)
    let bodies = Mutex<[String]>([])
    let endpoint = try await ScriptedEndpoint { _, body in
      bodies.withLock { $0.append(body) }
      return (200, ScriptedEndpoint.completion)
    }

    try await run.run(settings(endpoint, inputs: "[captions, audio]"))

    let body = try #require(bodies.withLock { $0 }.first)
    let sent = Data(base64Encoded: String(body.firstMatch(of: /"data":"([^"]*)"/)?.1 ?? ""))
    #expect(sent == Data(WAVWriter.encode(Waveform(samples: run.tone(200, seconds: 0.3), sampleRate: 16_000))))
    #expect(body.contains("Caption by acoustic"))
    let clip = try #require(try run.store.recordings().first?.clip)
    let key = try #require(try run.store.writing(of: clip)?.request)
    let kept = String(decoding: try #require(try run.store.request(key: key)).body, as: UTF8.self)
    #expect(kept.contains("samples with SHA-256") && kept.utf8.count < 8_000)
    // What it quotes was heard: no caption needs to hold it.
    #expect(try run.store.allQuestions(of: clip).first?.verdict?.code != "E_UNSUPPORTED")
    try await run.run(settings(endpoint, inputs: "[captions, audio]"))
    #expect(endpoint.asked == 1)
  }

  @Test func withTheSoundAloneNothingIsSaidOfTheClip() async throws {
    let run = try clips(2)
    let bodies = Mutex<[String]>([])
    let endpoint = try await ScriptedEndpoint { _, body in
      bodies.withLock { $0.append(body) }
      return (200, ScriptedEndpoint.completion)
    }

    try await run.run(settings(endpoint, inputs: "[audio]"), until: "write")

    #expect(bodies.withLock { $0.count } == 2)
    #expect(bodies.withLock { $0.allSatisfy { $0.contains("input_audio") && !$0.contains("Caption by") } })
  }

  @Test func aFollowUpCarriesTheSoundAgain() async throws {
    let run = try clips(1)
    let bodies = Mutex<[String]>([])
    let endpoint = try await ScriptedEndpoint { number, body in
      bodies.withLock { $0.append(body) }
      return (200, number == 1 ? ScriptedEndpoint.reply("Sorry, no JSON.") : ScriptedEndpoint.completion)
    }

    try await run.run(settings(endpoint, inputs: "[audio]"), until: "write")

    #expect(bodies.withLock { $0.count } == 2)
    #expect(bodies.withLock { $0.allSatisfy { $0.contains("UklGR") } })
    let clip = try #require(try run.store.recordings().first?.clip)
    let key = try #require(try run.store.writing(of: clip)?.request)
    #expect(try #require(try run.store.request(key: key)).body.count < 12_000)
  }

  @Test func aClipThatIsTooLongToSendSaysSo() async throws {
    let run = try clips(1)
    try run.write("long.wav", run.tone(900, seconds: 2))
    let endpoint = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.completion) }

    try await run.run(settings(endpoint, inputs: "[audio]") + ["write.longest=1s"])

    #expect(endpoint.asked == 1)
    #expect(try run.store.status().rejections.contains { $0.code == "E_TOO_LONG" && $0.count == 1 })
    #expect(try run.store.doneCount(stage: "check") == 2)
  }

  @Test func aClipWhoseAudioIsGoneStaysPendingAndIsToldOf() async throws {
    let run = try clips(2)
    let endpoint = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.completion) }
    try await run.run(settings(endpoint, inputs: "[audio]"), until: "caption")
    // Without the scan, which would find that the clip is gone.
    let all = try run.pipeline(settings(endpoint, inputs: "[audio]"))
    let pipeline = Run(folder: all.folder, stages: Array(all.stages.dropFirst()))
    try FileManager.default.removeItem(atPath: run.audio + "/1.wav")

    try await pipeline.execute(in: run.store, until: "write", progress: run.notes)

    #expect(endpoint.asked == 1)
    #expect(run.notes.notes.contains { $0.contains("1 clip not asked about") })
    #expect(try run.store.doneCount(stage: "write") == 1)
  }

  @Test func soundHasAPriceOfItsOwn() async throws {
    let run = try clips(1)
    let endpoint = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.completion) }
    let priced = settings(endpoint, inputs: "[audio]") + ["write.price.input=1", "write.price.output=1"]
    var pipeline = try run.pipeline(priced)
    pipeline.requests.limits.usd = 1

    await #expect(throws: StagesError.self) {
      try await pipeline.execute(in: run.store, until: nil, progress: run.notes)
    }
    #expect(endpoint.asked == 0)
    #expect(Price(input: 1, output: 2, audio: 40).charge(prompt: 100, audio: 60, completion: 10).usd == 2460e-6)
    await #expect(throws: PipelineError.self) { try await run.run(priced + ["write.inputs=[]"]) }
  }
}
