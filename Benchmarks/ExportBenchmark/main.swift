// Fills the database of a run with made-up questions, three a clip, as a finished run leaves it: through the calls that
// its stages make. `Benchmarks/export` exports it then.
//
//   swift run -c release export-benchmark RUN QUESTIONS
import Foundation
import Pipelines
import Store

let arguments = CommandLine.arguments
guard arguments.count == 3, let questions = Int(arguments[2]), questions > 0 else {
  print("usage: export-benchmark RUN QUESTIONS")
  exit(64)
}
try FileManager.default.createDirectory(atPath: arguments[1], withIntermediateDirectories: true)
let run = MadeRun(store: try RunStore(path: RunFolder(path: arguments[1]).database), questions: questions)
try await run.fill()
print("\(arguments[1]): \(questions) questions on \(run.clips) clips")

/// A run with a writer's answer a clip, and two captions.
struct MadeRun {
  let store: RunStore
  let questions: Int
  var clips: Int { (questions + 2) / 3 }

  private static let stages = [
    "scan", "caption", "write", "check", "dedup", "contamination", "split", "balance", "export",
  ]
  private static let perClip: Set<String> = ["caption", "write", "check", "dedup"]
  private static let sounds = [
    "a dog barking", "rain on a roof", "a door closing", "an engine starting", "church bells", "laughter", "footsteps",
  ]
  private static let model = "gpt-4o-mini"

  private func place(_ name: String) -> StagePlace {
    let position = Self.stages.firstIndex(of: name) ?? 0
    return StagePlace(
      name: name, position: position, upstream: Self.stages[..<position].last { Self.perClip.contains($0) },
      followers: Array(Self.stages[(position + 1)...]))
  }

  func fill() async throws {
    try begin()
    _ = try store.list(
      (0..<clips).lazy.map { number in
        SourceListing(
          path: String(format: "folder %02d/%07d.wav", number % 97, number), size: 320_044, modified: 1,
          recording: "\(number)", labels: [sound(number), sound(number / 7)], metadata: ["license": "cc-by-4.0"])
      }, place("scan"))
    var last = ""
    while true {
      let sources = try store.pendingSources(from: last, limit: 8192)
      guard let end = sources.last else { break }
      last = end.path
      try await fill(sources)
    }
    try place()
  }

  private func begin() throws {
    for stage in Self.stages.dropLast() {
      let parts: [String: String] =
        switch stage {
        case "caption": ["captioner detailed": "1", "captioner plain": "1"]
        case "write": ["model": Self.model, "prompt avqa-gpt": String(repeating: "c0ffee", count: 11).prefix(64) + ""]
        default: ["version": "1"]
        }
      try store.begin(place(stage), parts: parts)
    }
    try store.keep(prompts: [PromptRecord(hash: "beef", name: "caption-plain", text: "Describe the sound.")])
  }

  private func fill(_ sources: [PendingSource]) async throws {
    let ids = sources.map { id(UInt64(bitPattern: $0.id)) }
    try store.commit(
      zip(sources, ids).map { source, id in
        ScannedSource(
          id: source.id,
          clips: [ScannedClip(id: id, sha256: id + id + id + id, seconds: 10, startFrame: 0, frames: 160_000)])
      }, place("scan"))
    let numbers = sources.map { Int($0.id) - 1 }
    try store.commit(
      captions: zip(ids, numbers).map { id, number in (id, ["\(id)-d", "\(id)-p"], captions(id, number)) },
      place("caption"))
    try await answer(ids)
    try store.commit(writings: ids.map { WritingRecord(clip: $0, request: "request \($0)") }, place("write"))
    try store.commit(
      checked: zip(ids, numbers).map { CheckedClip(clip: $0, questions: questions($0, $1)) }, place("check"))
    try store.commit(
      duplicates: zip(ids, numbers).map { id, number in
        (id, questions(id, number).map { DuplicateVerdict(question: $0.id, exactKey: $0.id) })
      }, exactCode: "E_DUP_CLIP", nearCode: "E_NEAR_DUP", place("dedup"))
  }

  /// Requests and their answers, by the thousands as from a batch.
  private func answer(_ clips: [String]) async throws {
    let batch = try await store.beginBatch(
      stage: "write", endpoint: "api", model: Self.model, format: "json_schema", limitsByOldName: false,
      tag: clips.first ?? "", made: 0)
    let (asked, answered) = ([UInt8](repeating: 0x20, count: 1_500), [UInt8](repeating: 0x20, count: 900))
    let requests = clips.map { clip in
      (
        request: RequestRecord(key: "request \(clip)", clip: clip, body: asked, model: Self.model, endpoint: "api"),
        charge: Charge(usd: 0, tokens: 900)
      )
    }
    try await store.add(requests, to: batch)
    let response = ResponseRecord(
      status: 200, promptTokens: 600, completionTokens: 300, seconds: 1, format: "json_schema", headers: "{}",
      body: answered)
    _ = try await store.collect(requests.map { ($0.request.key, .answered(response)) }, of: batch)
    _ = try await store.close(batch, "", mayBeBilled: false)
  }

  /// Nine tenths of the clips are for training; answers are placed in turn.
  private func place() throws {
    var splits: [(clip: String, split: String)] = []
    var balanced: [BalancedQuestion] = []
    for number in 0..<clips {
      let clip = id(UInt64(number + 1))
      splits.append((clip, [0: "test", 1: "dev"][number % 20] ?? "train"))
      for question in questions(clip, number) {
        let answer = (number + question.ordinal) % 4
        var choices = question.distractors
        choices.insert(question.correct, at: answer)
        balanced.append(BalancedQuestion(id: question.id, choices: choices, answerIndex: answer))
      }
    }
    try store.commit(splits: splits, place("split"))
    try store.commit(balanced: balanced, place("balance"))
    let input = try store.setInput()
    for stage in Self.stages.dropLast() { try store.finish(stage: stage, input: input, summary: nil) }
  }

  /// Sixteen digits in no order, as digests are.
  private func id(_ number: UInt64) -> String {
    let digits = String(number &* 0x9E37_79B9_7F4A_7C15, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func sound(_ number: Int) -> String { Self.sounds[number % Self.sounds.count] }

  /// Letters alone, no two alike: each question has a wording of its own, as writers' questions have.
  private func word(_ number: Int) -> String {
    String(decoding: id(UInt64(number + 1)).utf8.map { $0 < 0x40 ? $0 + 0x37 : $0 }, as: UTF8.self)
  }

  private func captions(_ clip: String, _ number: Int) -> [CaptionRecord] {
    [("plain", "p"), ("detailed", "d")].map { captioner, key in
      CaptionRecord(
        captioner: captioner, key: "\(clip)-\(key)",
        text:
          "First \(sound(number)) can be heard, then \(sound(number / 7)); it lasts \(number % 97) tenths of a second.",
        source: CaptionSource(
          model: "Qwen2-Audio-7B-Instruct", revision: "5a1f", prompt: "beef", sampling: #"{"max_tokens":256,"seed":0}"#),
        meanLogProbability: -0.25 - Double(number % 50) / 100)
    }
  }

  private func questions(_ clip: String, _ number: Int) -> [QuestionRecord] {
    (0..<min(3, questions - 3 * number)).map { ordinal in
      QuestionRecord(
        id: id(UInt64(3 * number + ordinal) &+ 1 << 40), clip: clip, ordinal: ordinal,
        stem: "Which sound is heard after \(sound(number / 7)), and before the \(word(3 * number + ordinal)) ends?",
        correct: sound(number + ordinal), distractors: (1...3).map { sound(number + ordinal + $0) },
        evidence: "then \(sound(number / 7))", skill: "order", difficulty: "easy")
    }
  }
}
