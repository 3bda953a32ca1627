import Captioning
import Foundation
import Pipelines
import Synchronization
import Testing

@testable import Stages
@testable import Store

/// A model that is none: it says how long a clip is, keeps what it was asked, and may fail from a call on.
private final class ScriptedModel: AudioTextGenerator {
  let model = "nano"
  let revision: String
  let longestSound = 30.0
  let mostTokens = 2_048
  private let failing: Int
  private let state = Mutex<[[AudioTextRequest]]>([])
  /// Clips that the stage was done with at each call.
  private let seen = Mutex<[Int]>([])
  private let store: RunStore

  struct Broken: Error {}

  init(revision: String = "r1", failingFrom call: Int = .max, _ store: RunStore) {
    self.revision = revision
    failing = call
    self.store = store
  }

  var batches: [Int] { state.withLock { $0.map(\.count) } }
  /// Of all requests, in their order.
  var sounds: [String] { state.withLock { $0.flatMap { $0.map(\.sound) } } }
  var doneBefore: [Int] { seen.withLock { $0 } }

  func generate(_ requests: [AudioTextRequest], batch: Int) throws -> [Result<GeneratedText, AudioTextError>] {
    let done = try store.doneCount(stage: "caption")
    seen.withLock { $0.append(done) }
    let call = state.withLock { calls in
      calls.append(requests)
      return calls.count
    }
    if call >= failing { throw Broken() }
    return requests.map {
      .success(
        GeneratedText(text: "\($0.samples.count) samples.", tokens: 3, meanLogProbability: -0.5, finish: .end))
    }
  }
}

@Suite struct CaptionStageTests {
  private func clips(_ count: Int) throws -> TestRun {
    let run = try TestRun()
    for number in 0..<count { try run.write("\(number).wav", run.tone(200 + 10 * Float(number), seconds: 0.3)) }
    return run
  }

  /// Runs scan and caption with an engine that opens `model`.
  private func caption(_ run: TestRun, _ model: ScriptedModel, _ overrides: [String] = []) async throws {
    let usual = [
      "scan.audio=\(run.audio)", "caption.with=qwen2-audio", "caption.qwen2-audio.model=/models/nano",
      "caption.qwen2-audio.batch=4", "caption.qwen2-audio.prompt=\(TestRun.project)/prompts/caption-plain.md",
    ]
    let file = try PipelineFile(
      path: TestRun.project + "/pipelines/quickstart.yaml", overrides: usual + overrides)
    let opened = Mutex<[AudioTextModel]>([])
    let stage = try CaptionStage(file.section("caption")) { asked in
      opened.withLock { $0.append(asked) }
      return model
    }
    #expect(opened.withLock { $0 } == [AudioTextModel(family: .qwen2Audio, folder: "/models/nano")])
    let pipeline = Run(
      folder: RunFolder(path: run.folder + "/run"), stages: [try ScanStage(file.section("scan")), stage])
    try await pipeline.execute(in: run.store, until: nil, progress: run.notes)
  }

  @Test func aModelGetsSeveralBatchesAtOnceAndTheyAreCommittedBeforeTheNext() async throws {
    let run = try clips(10)
    let model = ScriptedModel(run.store)

    try await caption(run, model, ["caption.qwen2-audio.batch=1"])

    #expect(model.batches == [4, 4, 2])
    #expect(model.doneBefore[0] == 0 && model.doneBefore.allSatisfy { $0.isMultiple(of: 4) })
    #expect(try run.store.doneCount(stage: "caption") == 10)
    let caption = try #require(try run.store.captions(of: run.store.recordings()[0].clip).first)
    #expect(caption.captioner == "qwen2-audio" && caption.text == "4800 samples." && caption.meanLogProbability == -0.5)
    #expect(caption.source.model == "nano" && caption.source.revision == "r1")
    #expect(caption.source.sampling == #"{"max_tokens":256,"seed":0,"temperature":0}"#)
    #expect(try run.store.prompt(hash: caption.source.prompt ?? "")?.text.contains("one or two sentences") == true)
  }

  @Test func batchSizeAndWeightsInMemoryAreNoReasonToCaptionAgainAndRevisionAndSamplingAre() async throws {
    let run = try clips(3)
    let (model, newer) = (ScriptedModel(run.store), ScriptedModel(revision: "r2", run.store))

    try await caption(run, model)
    try await caption(run, model, ["caption.qwen2-audio.batch=2"])
    #expect(model.batches == [3])
    try await caption(run, model, ["caption.qwen2-audio.max_tokens=64"])
    #expect(model.batches == [3, 3])
    try await caption(run, newer)
    #expect(newer.batches == [3])
    try await caption(run, model)

    #expect(model.batches == [3, 3])
  }

  @Test func whatWasCaptionedBeforeAnEngineFailedIsKept() async throws {
    let run = try clips(10)
    let (broken, mended) = (ScriptedModel(failingFrom: 3, run.store), ScriptedModel(run.store))

    await #expect(throws: ScriptedModel.Broken.self) {
      try await caption(run, broken, ["caption.qwen2-audio.batch=1"])
    }
    #expect(try run.store.doneCount(stage: "caption") == 8)
    try await caption(run, mended)

    #expect(mended.batches == [2])
    #expect(try run.store.doneCount(stage: "caption") == 10)
  }

  @Test func severalCaptionsAndPromptsOfOneModelAreAllKept() async throws {
    let run = try clips(2)
    let model = ScriptedModel(run.store)
    let more = [
      "caption.with=[acoustic, qwen2-audio, events]", "caption.qwen2-audio.captions=3",
      "caption.qwen2-audio.temperature=0.8", "caption.events.captioner=qwen2-audio",
      "caption.events.model=/models/nano",
      "caption.events.prompt=\(TestRun.project)/prompts/caption-events.md",
    ]

    try await caption(run, model, more)

    #expect(model.batches == [8])
    #expect(model.sounds[0] == model.sounds[3] && Set(model.sounds).count == 2)
    let captions = try run.store.captions(of: run.store.recordings()[0].clip)
    #expect(
      captions.map(\.captioner) == ["acoustic", "events", "qwen2-audio", "qwen2-audio", "qwen2-audio"])
    #expect(Set(captions.compactMap(\.source.prompt)).count == 2)
  }

  @Test func aClipThatIsGoneSinceTheScanStaysPendingAndIsToldOfOnce() async throws {
    let run = try clips(3)
    let model = ScriptedModel(run.store)
    try await run.run(until: "scan")
    try FileManager.default.removeItem(atPath: run.audio + "/1.wav")
    let file = try PipelineFile(
      path: TestRun.project + "/pipelines/quickstart.yaml",
      overrides: [
        "caption.with=[acoustic, omni]", "caption.omni.captioner=qwen2.5-omni", "caption.omni.model=/m",
        "caption.omni.prompt=\(TestRun.project)/prompts/caption-plain.md",
      ])
    let stage = try CaptionStage(file.section("caption")) { _ in model }
    let place = StagePlace(name: "caption", position: 1, upstream: nil, followers: [])
    let context = StageContext(
      store: run.store, folder: RunFolder(path: run.folder + "/run"), place: place, progress: run.notes, threads: 2)

    let summary = try await stage.run(context)

    #expect(summary == "2 clips captioned by acoustic, omni")
    #expect(model.batches == [2])
    #expect(run.notes.notes.filter { $0.contains("not captioned") }.count == 1)
  }

  @Test func settingsThatNoClipCouldBeCaptionedWithAreRefusedBeforeTheRun() throws {
    let run = try TestRun()
    func error(_ override: String) throws -> String {
      let file = try PipelineFile(
        path: TestRun.project + "/pipelines/quickstart.yaml",
        overrides: [
          "caption.with=qwen2-audio", "caption.qwen2-audio.model=/models/nano",
          "caption.qwen2-audio.prompt=\(TestRun.project)/prompts/caption-plain.md", "caption.qwen2-audio.\(override)",
        ])
      let model = ScriptedModel(run.store)
      let error = #expect(throws: PipelineError.self) { try CaptionStage(file.section("caption")) { _ in model } }
      return error.map { "\($0)" } ?? ""
    }

    #expect(try error("top_p=0").hasSuffix("top_p' is '0', which is not a number above 0 and at most 1."))
    #expect(
      try error("max_tokens=2049").hasSuffix(
        "max_tokens' is '2049', which is not at most 2048, half of the positions that the model has for prompt, sound "
          + "and caption."))
  }

  @Test func mistakesInTheListOfCaptionersAreNamed() throws {
    let run = try TestRun()
    func error(_ overrides: String...) -> String {
      do {
        _ = try run.pipeline(overrides)
        return ""
      } catch {
        return "\(error)"
      }
    }

    #expect(
      error("caption.with=acustic").hasPrefix(
        "caption.with: no captioner is called 'acustic'. Did you mean 'acoustic'?"))
    #expect(
      error("caption.with=mine", "caption.mine.captioner=filee")
        == "caption.with: no captioner is called 'filee'. Did you mean 'file'?")
    #expect(error("caption.with=[file, file]").hasPrefix("caption.with: 'file' is there twice."))
    #expect(error("caption.with=[with]").hasPrefix("caption.with: 'with' cannot name a captioner."))
    #expect(error("caption.with=endpoint").contains("'caption.endpoint.prompt' is missing. Set it to a path."))
    #expect(
      error("caption.with=endpoint", "caption.endpoint.prompt=\(run.folder)/avqa-gpt.md")
        == "\(run.folder)/avqa-gpt.md: a prompt for 'write', not for 'caption'. Use another one.")
    #expect(
      error(
        "caption.with=qwen2-audio", "caption.qwen2-audio.model=m",
        "caption.qwen2-audio.prompt=\(TestRun.project)/prompts/caption-plain.md")
        == "'m': no such folder, and not OWNER/NAME either. Check the path, or give the model's name on the hub.")
    #expect(error("caption.acoustic.prompt=x").contains("unknown key 'prompt' in 'caption.acoustic'"))
  }

  @Test(arguments: ["plain", "detailed", "events"]) func theShippedPromptsAreForThisStage(name: String) throws {
    let file = try PipelineFile(
      path: TestRun.project + "/pipelines/quickstart.yaml",
      overrides: ["caption.x.prompt=\(TestRun.project)/prompts/caption-\(name).md"])

    let turns = try CaptionPrompt(file.section("caption").section("x")).turns(labels: ["dog"])

    #expect(turns.map(\.role) == [.user])
    #expect(!turns[0].text.contains("{{"))
  }
}
