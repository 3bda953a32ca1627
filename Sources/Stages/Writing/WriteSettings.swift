import Chat
import Dataset
import Foundation
import Pipelines
import Store

/// How questions are asked for: from whom, with which prompt, under which settings.
struct WriteSettings: Sendable {
  /// How many choices a question has.
  let choices: Int
  let writers: [Writer]
  let waves: Int
  let inputs: WriteInputs
  private let prompt: Prompt
  private let questions: Int
  /// Whether the writer is told what the clip's labels are.
  private let showsLabels: Bool
  private let steering: Steering
  let rationale: RationaleForm
  private let schema: JSONValue?
  private let schemaCheck: SchemaCheck?

  private static let offered =
    [
      "captions[].captioner", "captions[].text", "labels[].text", "questions", "distractors", "avoid[].text",
    ] + Steering.offered + RationaleForm.offered

  init(_ section: Section) throws {
    writers = try Writer.all(section)
    prompt = try Prompt(path: try section.path("prompt"))
    try prompt.check(stage: "write", gives: Self.offered)
    questions = try section.int("questions", in: 1...32, default: 5)
    choices = try section.int("choices", in: 2...8, default: 4)
    inputs = try WriteInputs(section)
    showsLabels = try section.choice("labels", of: ["shown", "withheld"], default: "shown") == "shown"
    steering = try Steering(section.section("steer"))
    waves = try section.int("waves", in: 1...1000, default: 1)
    rationale = try RationaleForm(section)
    schema = try rationale.extended(prompt.schema.flatMap { JSONValue(parsing: Array($0.utf8)) }, in: section)
    schemaCheck = try schema.map { try SchemaCheck($0.canonicalText) }
    try checkUse(section)
  }

  /// Refuses what would be of no effect.
  private func checkUse(_ section: Section) throws {
    let steers = Steering.offered.dropFirst().contains { prompt.shows($0) }
    for key in ["steer", "waves"] where section.has(key) {
      let isUsed = key == "steer" ? steers : prompt.shows("avoid[].text")
      if !isUsed {
        throw section.conflict(
          key, with: "the prompt, which does not show \(key == "steer" ? "plan[]" : "avoid[]")",
          advice: "Use a prompt that does, or leave it out.")
      }
    }
    if inputs.captions, inputs.audio || section.has("inputs"), !prompt.shows("captions[].text") {
      throw section.conflict(
        "inputs", with: "the prompt, which does not show captions[].text",
        advice: "Use a prompt that does, or leave captions out of it.")
    }
    if rationale != .none, !RationaleForm.offered.contains(where: { prompt.shows($0) }) {
      throw section.conflict(
        "rationale", with: "the prompt, which asks for none",
        advice: "Use a prompt that shows \(rationale.variable), or leave it out.")
    }
  }

  var parts: [String: String] {
    var parts = [
      "version": "1", "follow-ups": "\(ReplyVerdict.version).\(RepairTurn.version)",
      RunProvenance.promptPrefix + (prompt.path as NSString).lastPathComponent: prompt.hash,
      "questions": "\(questions)", "choices": "\(choices)",
    ]
    for writer in writers { parts.merge(writer.parts) { own, _ in own } }
    parts.merge(steering.parts) { own, _ in own }
    parts.merge(inputs.parts) { own, _ in own }
    if !showsLabels { parts["labels"] = "withheld" }
    if waves > 1 { parts["waves"] = "\(waves)" }
    if rationale != .none { parts["rationale"] = rationale.rawValue }
    return parts
  }

  /// How the requests of a writer are treated.
  func desk(of writer: Int) -> RequestDesk {
    let followUp = FollowUp(endpoint: writers[writer].access.endpoint, schema: schemaCheck)
    return RequestDesk(
      endpoint: followUp.endpoint, price: writers[writer].price,
      probe: StartUpProbe(writers[writer].access, model: writers[writer].model, needsAudio: inputs.audio),
      follow: { followUp.request(after: $1, to: $0) })
  }

  /// Throws where a limit in dollars cannot be kept, for want of a price.
  func checkPrices(_ limits: SpendingLimits) throws(StagesError) {
    let unknown = writers.first { !$0.price.isKnown(withAudio: inputs.audio) && !$0.access.isBuiltin }
    guard limits.usd != nil, let writer = unknown else { return }
    throw .noPrice(
      setting: "write.\(writer.name.map { "\($0)." } ?? "")price",
      members: inputs.audio ? "'input', 'output' and 'audio'" : "'input' and 'output'")
  }

  /// Which of the writers a clip is for.
  func writer(of clip: String) -> Int {
    guard writers.count > 1 else { return 0 }
    var left = ClipDraw(clip, for: "writer").share * writers.reduce(0) { $0 + $1.weight }
    for (index, writer) in writers.enumerated() {
      left -= writer.weight
      if left < 0 { return index }
    }
    return writers.count - 1
  }

  /// Which of the waves a clip belongs to.
  func wave(of clip: String) -> Int { waves == 1 ? 0 : ClipDraw(clip, for: "wave").number(below: waves) }

  /// The captions that a writer is given of each clip. A clip that nothing can be asked about is left out.
  func captions(of clips: [ClipRecord], in store: RunStore) throws -> [String: [CaptionRecord]] {
    guard inputs.captions else { return Dictionary(clips.map { ($0.id, []) }) { first, _ in first } }
    var captions = try store.captions(of: clips.map(\.id)).mapValues { $0.filter { $0.text != nil } }
    for clip in clips where captions[clip.id, default: []].isEmpty { captions[clip.id] = inputs.audio ? [] : nil }
    return captions
  }

  /// What a clip's captions and its sound make of the prompt. `avoid` are questions that others were asked too often.
  func request(
    for clip: ClipRecord, captions: [CaptionRecord], sound: AttachedSound?, avoiding avoid: [String]
  ) throws -> EndpointRequest {
    let texts = captions.compactMap { caption in caption.text.map { (caption.captioner, $0) } }
    var values: [String: PromptValue] = [
      "captions": .list(texts.map { ["captioner": .text($0.0), "text": .text($0.1)] }),
      "labels": .list((showsLabels ? clip.labels : []).map { ["text": .text($0)] }),
      "questions": .number(questions), "distractors": .number(choices - 1),
      "avoid": .list(avoid.map { ["text": .text($0)] }),
      "plan": steering.plan(for: clip.id, questions: questions),
    ]
    values.merge(rationale.values) { own, _ in own }
    let messages = try prompt.render(values).map { ChatMessage(ChatMessage.Role($0.role), $0.text) }
    return writers[writer(of: clip.id)].request(messages, format, clip: clip.id, sound: sound)
  }

  private var format: ResponseFormat? {
    schema.map { .jsonSchema(name: prompt.schemaName ?? "reply", schema: $0) }
  }
}

extension ChatMessage.Role {
  init(_ role: Prompt.Role) {
    self =
      switch role {
      case .system: .system
      case .user: .user
      case .assistant: .assistant
      }
  }
}
