import Audio
import Foundation
import Pipelines
import Synchronization
import Testing

@testable import Stages
@testable import Store

@Suite struct CaptionEndpointTests {
  private func clips(_ count: Int) throws -> TestRun {
    let run = try TestRun()
    for number in 0..<count { try run.write("\(number).wav", run.tone(200 + 10 * Float(number), seconds: 0.3)) }
    return run
  }

  private func prompt(_ name: String) -> String { TestRun.project + "/prompts/caption-\(name).md" }

  private func settings(_ endpoint: ScriptedEndpoint? = nil) -> [String] {
    [
      "caption.with=heard", "caption.heard.captioner=endpoint", "caption.heard.prompt=\(prompt("plain"))",
      "caption.heard.endpoint=\(endpoint?.baseURL ?? "builtin")", "caption.heard.attempts=1",
      "caption.heard.probe=false",
    ]
  }

  @Test func theBuiltinEndpointCaptionsOfflineAndQuestionsAreWrittenFromIt() async throws {
    let run = try clips(6)

    try await run.run(settings())

    let status = try run.store.status()
    #expect(status.done["caption"] == 6)
    #expect(status.questions > 0)
    let clip = try #require(try run.store.recordings().first?.clip)
    let caption = try #require(try run.store.captions(of: clip).first)
    #expect(caption.captioner == "heard" && caption.text?.hasPrefix("It lasts 0.3 seconds. Its average") == true)
    #expect(caption.source.model == "stand-in" && caption.source.revision == "stand-in-2")
    #expect(caption.source.sampling == #"{"max_tokens":512}"#)
    #expect(try run.store.prompt(hash: caption.source.prompt ?? "")?.name == "caption-plain")
    #expect(try run.store.response(to: caption.request ?? "")?.status == 200)
  }

  @Test func theClipGoesOutAsAWAVFileAndTheRequestIsKeptWithoutItsBytes() async throws {
    let run = try clips(1)
    let bodies = Mutex<[String]>([])
    let endpoint = try await ScriptedEndpoint { _, body in
      bodies.withLock { $0.append(body) }
      return (200, ScriptedEndpoint.reply("A tone."))
    }

    try await run.run(settings(endpoint) + ["caption.heard.temperature=0.5"], until: "caption")

    let body = try #require(bodies.withLock { $0 }.first)
    let sent = Data(base64Encoded: String(body.firstMatch(of: /"data":"([^"]*)"/)?.1 ?? ""))
    let wave = WAVWriter.encode(Waveform(samples: run.tone(200, seconds: 0.3), sampleRate: 16_000))
    #expect(sent == Data(wave))
    #expect(body.contains(#""format":"wav""#) && body.contains("Describe what is heard") && body.contains("0.5"))
    let clip = try #require(try run.store.clips(run.store.recordings().map(\.clip)).first)
    let kept = try #require(try run.store.request(key: run.store.captions(of: clip.id).first?.request ?? ""))
    let text = String(decoding: kept.body, as: UTF8.self)
    #expect(text.contains("WAV of \(wave.count) bytes, 16 kHz mono, of the samples with SHA-256 \(clip.sha256)"))
    #expect(kept.body.count < 1000)
  }

  @Test func anAnswerIsNeverAskedForAgainAndAnotherPromptAsksAnew() async throws {
    let run = try clips(5)
    let endpoint = try await ScriptedEndpoint { number, _ in (200, ScriptedEndpoint.reply("A tone, the \(number)th.")) }

    try await run.run(settings(endpoint), until: "caption")
    try await run.run(settings(endpoint) + ["caption.heard.concurrency=2"], until: "caption")
    #expect(endpoint.asked == 5)
    try await run.run(settings(endpoint) + ["caption.heard.prompt=\(prompt("events"))"], until: "caption")
    #expect(endpoint.asked == 10)
    try await run.run(settings(endpoint), until: "caption")

    #expect(endpoint.asked == 10)
    let texts = try run.store.recordings().flatMap { try run.store.captions(of: $0.clip).map { $0.text ?? "" } }
    #expect(texts.count == 5 && Set(texts) == Set((1...5).map { "A tone, the \($0)th." }))
  }

  @Test func aCaptionerThatIsRenamedTakesUpTheAnswersThatAreThere() async throws {
    let run = try clips(3)
    let endpoint = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.reply("A tone.")) }
    try await run.run(settings(endpoint), until: "caption")

    try await run.run(settings(endpoint).map { $0.replacing("heard", with: "listened") }, until: "caption")

    #expect(endpoint.asked == 3)
    #expect(try run.store.doneCount(stage: "caption") == 3)
    #expect(try run.store.captions(of: run.store.recordings()[0].clip).map(\.captioner) == ["listened"])
  }

  @Test func severalPromptsGiveSeveralCaptionsAndAllOfThemReachTheWriter() async throws {
    let run = try clips(2)
    let bodies = Mutex<[String]>([])
    let listener = try await ScriptedEndpoint { _, body in
      (200, ScriptedEndpoint.reply(body.contains("in detail") ? "A long steady tone." : "A tone."))
    }
    let writer = try await ScriptedEndpoint { _, body in
      bodies.withLock { $0.append(body) }
      return (200, ScriptedEndpoint.completion)
    }
    let second = [
      "caption.with=[acoustic, heard, detailed]", "caption.detailed.captioner=endpoint",
      "caption.detailed.prompt=\(prompt("detailed"))", "caption.detailed.endpoint=\(listener.baseURL)",
      "caption.detailed.probe=false",
      "write.endpoint=\(writer.baseURL)",
    ]

    try await run.run(settings(listener) + second, until: "write")

    #expect(listener.asked == 4 && writer.asked == 2)
    for body in bodies.withLock({ $0 }) {
      #expect(body.contains("Caption by acoustic:"))
      #expect(body.contains(#"Caption by detailed:\nA long steady tone."#))
      #expect(body.contains(#"Caption by heard:\nA tone."#))
    }
  }

  @Test func whatTheModelDoesNotSayHasAReasonAndARowAndIsNotAskedForAgain() async throws {
    let run = try clips(4)
    let endpoint = try await ScriptedEndpoint { number, _ in
      switch number {
      case 1: (200, ScriptedEndpoint.reply("A tone."))
      case 2: (200, ScriptedEndpoint.reply(" "))
      case 3: (400, #"{"error":{"message":"sound too short"}}"#)
      default:
        (200, #"{"choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"I must not."}}],"usage":{}}"#)
      }
    }
    let overrides = settings(endpoint) + ["caption.heard.concurrency=1"]

    try await run.run(overrides, until: "caption")
    try await run.run(overrides, until: "caption")

    #expect(endpoint.asked == 4)
    let captions = try run.store.recordings().flatMap { try run.store.captions(of: $0.clip) }
    #expect(captions.filter { $0.code == "E_NO_CAPTION" }.count == 3)
    let details = captions.compactMap(\.detail).map { $0.drop { $0 != " " } }.sorted()
    #expect(
      details == [
        " no caption from stand-in: the answer is empty.",
        " no caption from stand-in: the endpoint refused the request with status 400: "
          + #"'{"error":{"message":"sound too short"}}'."#,
        " no caption from stand-in: the model declined: 'I must not.'.",
      ])
  }

  @Test func logProbabilitiesAreAskedForAndTheirMeanIsKept() async throws {
    let run = try clips(1)
    let endpoint = try await ScriptedEndpoint { _, body in
      let tokens =
        body.contains(#""logprobs":true"#) ? #"[{"token":"A","logprob":-0.5},{"token":" b","logprob":-1}]"# : "[]"
      return (
        200,
        #"{"choices":[{"finish_reason":"length","message":{"content":"A tone. It"},"#
          + #""logprobs":{"content":\#(tokens)}}]}"#
      )
    }

    try await run.run(settings(endpoint) + ["caption.heard.logprobs=true"], until: "caption")

    let caption = try #require(try run.store.captions(of: run.store.recordings()[0].clip).first)
    #expect(caption.meanLogProbability == -0.75)
    #expect(caption.text == "A tone.")
    #expect(caption.detail == "cut off at 512 tokens; kept up to its last whole sentence")
  }

  @Test func aClipThatIsTooLongIsNotSentAndTheOthersAre() async throws {
    let run = try clips(2)
    try run.write("long.wav", run.tone(300, seconds: 2))
    let endpoint = try await ScriptedEndpoint { _, _ in (200, ScriptedEndpoint.reply("A tone.")) }

    try await run.run(settings(endpoint) + ["caption.heard.longest=1s"], until: "caption")

    #expect(endpoint.asked == 2)
    #expect(
      try run.store.status().rejections == [RejectionCount(stage: "caption", code: "E_TOO_LONG", count: 1)])
  }

  @Test func anEndpointThatFailsKeepsWhatOthersSaidAndTheNextRunGoesOn() async throws {
    let run = try clips(3)
    let isUp = Mutex(false)
    let endpoint = try await ScriptedEndpoint { _, _ in
      isUp.withLock { $0 } ? (200, ScriptedEndpoint.reply("A tone.")) : (500, "{}")
    }
    let overrides = settings(endpoint) + ["caption.with=[acoustic, heard]"]

    try await run.run(overrides, until: "caption")
    #expect(try run.store.doneCount(stage: "caption") == 0)
    #expect(run.notes.notes.contains { $0.hasPrefix("3 requests without an answer") })
    isUp.withLock { $0 = true }
    try await run.run(overrides, until: "caption")

    #expect(try run.store.doneCount(stage: "caption") == 3)
    let captions = try run.store.captions(of: run.store.recordings()[0].clip)
    #expect(captions.map(\.captioner) == ["acoustic", "heard"])
  }

  @Test func aMissingKeyIsToldBeforeAnyWork() async throws {
    let run = try clips(1)
    let overrides =
      settings() + ["caption.heard.endpoint=https://example.invalid/v1", "caption.heard.key=EARSHOT_NO_SUCH_KEY"]

    let error = await #expect(throws: (any Error).self) { try await run.run(overrides, until: "caption") }

    #expect(
      error.map { "\($0)" }
        == "https://example.invalid/v1: needs a key, and EARSHOT_NO_SUCH_KEY is not set. "
        + "Set it, or name another variable as caption.heard.key.")
  }

  @Test func aCancelledRunKeepsTheCaptionsThatWereOnTheWire() async throws {
    let run = try clips(12)
    let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
    let (releases, release) = AsyncStream.makeStream(of: Void.self)
    let endpoint = try await ScriptedEndpoint { _, _ in
      arrival.yield()
      for await _ in releases { break }
      return (200, ScriptedEndpoint.reply("A tone."))
    }
    try await run.run(settings(endpoint), until: "scan")
    let pipeline = try run.pipeline(settings(endpoint) + ["caption.heard.concurrency=2"])
    let (store, notes) = (run.store, run.notes)

    let task = Task { try await pipeline.execute(in: store, until: "caption", progress: notes) }
    var onWire = 0
    for await _ in arrivals {
      onWire += 1
      if onWire == 2 { break }
    }
    task.cancel()
    release.finish()

    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(endpoint.asked == 2)
    #expect(try run.store.status().usage.answered == 2)
    #expect(try run.store.doneCount(stage: "caption") == 2)
  }
}
