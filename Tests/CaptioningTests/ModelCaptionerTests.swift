import Audio
import Testing

@testable import Captioning

struct ModelCaptionerTests {
  private func clip(_ id: String, seconds: Double = 1, rate: Int = 16_000) -> CaptionInput {
    CaptionInput(
      clip: id, waveform: Waveform(samples: .init(repeating: 0.1, count: Int(seconds * Double(rate))), sampleRate: rate)
    )
  }

  private func captioner(
    _ generator: FakeGenerator, captions: Int = 1, window: Double? = nil,
    sampling: CaptionSampling = CaptionSampling(temperature: 0.7, seed: 3)
  ) -> ModelCaptioner {
    ModelCaptioner(
      name: "qwen2-audio", generator: generator,
      settings: .init(promptHash: "p1", sampling: sampling, captions: captions, window: window)
    ) { _ in [CaptionTurn(role: .user, text: "What is heard?")] }
  }

  @Test func aCaptionCarriesModelRevisionSamplingAndMeanLogProbability() throws {
    let generator = FakeGenerator()

    let results = try captioner(generator).captions(for: [clip("a"), clip("b", seconds: 2)])

    let sampling = #"{"max_tokens":256,"seed":3,"temperature":0.69999999999999996}"#
    let first = try #require(try results[0].get().first)
    #expect(try results.map { try $0.get().map(\.text) } == [["16000 samples."], ["32000 samples."]])
    #expect(first.model == "fake-7b" && first.revision == "r1" && first.meanLogProbability == -0.5)
    #expect(first.sampling == sampling || first.sampling == sampling.replacing("0.69999999999999996", with: "0.7"))
    #expect(generator.calls.map(\.count) == [2])
    #expect(generator.calls[0].allSatisfy { $0.turns.last?.text == "What is heard?" })
  }

  @Test func seedsFollowFromTheClipAndNotFromTheBatch() throws {
    let (together, apart) = (FakeGenerator(), FakeGenerator())

    _ = try captioner(together, captions: 2).captions(for: [clip("a"), clip("b")])
    for id in ["b", "a"] { _ = try captioner(apart, captions: 2).captions(for: [clip(id)]) }

    let seeds = together.calls[0].map(\.sampling.seed)
    #expect(Set(seeds).count == 4)
    #expect(apart.calls.flatMap { $0.map(\.sampling.seed) } == Array(seeds[2...] + seeds[..<2]))
  }

  @Test func aLongClipIsRefusedUnlessItMayBeCutIntoWindows() throws {
    let generator = FakeGenerator()
    let long = clip("long", seconds: 70)

    let refused = try captioner(generator).captions(for: [long, clip("short")])
    let cut = try captioner(generator, window: 60).captions(for: [long])

    #expect(refused[0] == .failure(.tooLong(clip: "long", seconds: 70, longest: 30)))
    #expect((try? refused[1].get()) != nil)
    #expect(generator.calls[1].map(\.samples.count).max()! <= 30 * 16_000)
    #expect(
      try cut[0].get().map(\.text) == [
        "From 0 to 23.3 seconds: 373334 samples. From 23.3 to 46.7 seconds: 373333 samples. "
          + "From 46.7 to 70 seconds: 373333 samples."
      ])
    #expect(
      "\(CaptioningError.tooLong(clip: "long", seconds: 70, longest: 30))"
        == "long: lasts 70 seconds, and the captioner takes 30 seconds at most. "
        + "Set scan.window, or the captioner's own 'window' or 'longest'.")
  }

  @Test func whatIsAskedAboutASoundIsAskedInARowAndEachCaptionGetsItsOwnAnswers() throws {
    let generator = FakeGenerator { request in
      .success(
        GeneratedText(
          text: "\(request.turns[0].text) \(request.sound) \(request.sampling.seed).", tokens: 1, meanLogProbability: 0,
          finish: .end))
    }
    let captioners = ["one", "two"].map { text in
      ModelCaptioner(
        name: "qwen2-audio", generator: generator,
        settings: .init(promptHash: text, sampling: CaptionSampling(temperature: 1), captions: 2, window: 30)
      ) { _ in [CaptionTurn(role: .user, text: text)] }
    }
    let clips = [clip("a", seconds: 50), clip("b")]
    let jobs = captioners.flatMap { captioner in clips.map { ModelCaptioner.Job(captioner: captioner, clip: $0) } }

    let together = try ModelCaptioner.captions(of: jobs)

    let (start, end) = ("a 0..<400000", "a 400000..<800000")
    #expect(generator.calls.count == 1)
    #expect(
      generator.calls[0].map(\.sound)
        == [start, start, start, start, end, end, end, end, "b", "b", "b", "b"])
    #expect(generator.calls[0].prefix(4).map(\.turns[0].text) == ["one", "one", "two", "two"])
    #expect(together == (try captioners[0].captions(for: clips) + captioners[1].captions(for: clips)))
    let first = try #require(try together[0].get().first).text
    #expect(first.hasPrefix("From 0 to 25 seconds: one \(start) ") && first.contains("50 seconds: one \(end) "))
  }

  @Test func oneRequestThatFailsCostsItsClipAlone() throws {
    let generator = FakeGenerator { request in
      request.sound == "b" ? .failure(AudioTextError(reason: "no end in sight")) : FakeGenerator.said(request)
    }

    let results = try captioner(generator).captions(for: [
      clip("a"), clip("b"), clip("c", seconds: 0), clip("d", rate: 8_000),
    ])

    #expect((try? results[0].get()) != nil)
    #expect(results[1] == .failure(.notGenerated(clip: "b", model: "fake-7b", reason: "no end in sight")))
    #expect(results[2] == .failure(.noSamples(clip: "c")))
    #expect(results[3] == .failure(.wrongRate(clip: "d", rate: 8_000)))
    #expect(generator.calls.map(\.count) == [2])
  }

  @Test func aCaptionThatWasCutOffEndsWithItsLastWholeSentence() throws {
    let generator = FakeGenerator { request in
      .success(
        GeneratedText(
          text: "<think>hm</think> A dog barks at 2.5 m. Then\n a", tokens: 9, meanLogProbability: -1, finish: .length))
    }

    let draft = try #require(try captioner(generator).captions(for: [clip("a")])[0].get().first)

    #expect(draft.text == "A dog barks at 2.5 m.")
    #expect(draft.remark == "cut off at 256 tokens; kept up to its last whole sentence")
  }

  @Test func thoughtsThatWereCutOffAreNoCaption() {
    #expect(captionText("<think>The user wants a caption. Let me") == "")
    #expect(captionText("<think>hm</think> A dog. <think>or a") == "A dog.")
  }

  @Test func aModelThatWritesNothingGivesNoCaption() throws {
    let generator = FakeGenerator { _ in
      .success(GeneratedText(text: " \n", tokens: 1, meanLogProbability: -1, finish: .end))
    }

    let results = try captioner(generator).captions(for: [clip("a")])

    #expect(results == [.failure(.notGenerated(clip: "a", model: "fake-7b", reason: "it wrote nothing"))])
  }

  @Test func theIdentityNamesModelPromptAndSampling() {
    let usual = captioner(FakeGenerator()).identity

    #expect(usual["revision"] == "r1" && usual["prompt"] == "p1")
    #expect(usual != captioner(FakeGenerator(), sampling: CaptionSampling(temperature: 0.8, seed: 3)).identity)
    #expect(usual != captioner(FakeGenerator(), captions: 2).identity)
    #expect(usual != captioner(FakeGenerator(), window: 20).identity)
  }

  @Test func stretchesAreEvenAndCoverEverySample() {
    for count in [1, 479_999, 480_000, 480_001, 1_000_003] {
      let stretches = ClipStretch.even(samples: count, longest: 30)
      #expect(stretches.first?.samples.lowerBound == 0 && stretches.last?.samples.upperBound == count)
      #expect(zip(stretches, stretches.dropFirst()).allSatisfy { $0.samples.upperBound == $1.samples.lowerBound })
      let lengths = stretches.map(\.samples.count)
      #expect(lengths.max()! - lengths.min()! <= 1 && lengths.max()! <= 480_000)
    }
  }
}
