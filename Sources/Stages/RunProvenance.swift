import Dataset
import Store

/// How a run's questions were made, as its stages noted it: what an export and its card say of each question.
struct RunProvenance: Sendable {
  /// The writer's, or all writers', by name.
  let models: [String]
  let prompt: String
  let promptHash: String
  let captioners: [String]
  /// Of captions' prompts, by hash.
  private let promptNames: [String: String]
  /// Whether the built-in stand-in wrote the questions, and no model.
  let isRehearsal: Bool
  /// Whether the set was made with judges who say which questions need their sound.
  private let isJudged: Bool

  init(_ store: RunStore) throws {
    let write = try store.stage(named: "write")?.parts ?? [:]
    models = Set(Self.values(of: "model", write)).sorted()
    let promptPart = write.keys.sorted().first { $0.hasPrefix(Self.promptPrefix) } ?? ""
    prompt = String(promptPart.dropFirst(Self.promptPrefix.count))
    promptHash = write[promptPart] ?? ""
    let endpoints = Self.values(of: "endpoint", write)
    isRehearsal = !endpoints.isEmpty && endpoints.allSatisfy { $0.hasPrefix("builtin/") }
    promptNames = try store.promptNames()
    isJudged = try store.stage(named: "balance")?.parts["dependence: weak"] != nil
    captioners =
      try store.stage(named: "caption")?.parts.keys.sorted()
      .map { $0.replacing(Self.captionerPrefix, with: "", maxReplacements: 1) } ?? []
  }

  /// What the stage's one writer has as `name`, or each of several.
  private static func values(of name: String, _ write: [String: String]) -> [String] {
    write.filter { $0.key == name || ($0.key.hasPrefix("writer ") && $0.key.hasSuffix(" \(name)")) }.map(\.value)
  }

  /// How `write` and `caption` name these parts.
  static let promptPrefix = "prompt "
  static let captionerPrefix = "captioner "

  func exported(_ question: QuestionRecord, _ row: ExportRow, split: String, audioPath: String) -> ExportedQuestion {
    var exported = ExportedQuestion(
      id: question.id, clip: row.clip.id, split: split, audioPath: audioPath, question: question.stem,
      choices: question.choices ?? [], answerIndex: question.answerIndex ?? 0, skill: question.skill ?? "",
      difficulty: question.difficulty ?? "", labels: row.clip.labels, evidence: question.evidence,
      captions: row.captions.compactMap(exported),
      provenance: ExportedQuestion.Provenance(
        model: row.model ?? models.first ?? "", prompt: prompt, promptHash: promptHash, captioners: captioners,
        checksVersion: QuestionChecks.version, sources: row.sources))
    exported.rationale = question.rationale ?? ""
    if isJudged { exported.audioContribution = question.contribution.flatMap(AudioContribution.init) }
    return exported
  }

  private func exported(_ caption: CaptionRecord) -> ExportedQuestion.Caption? {
    caption.text.map { text in
      ExportedQuestion.Caption(
        captioner: caption.captioner, text: text, model: caption.source.model ?? "",
        revision: caption.source.revision ?? "",
        prompt: caption.source.prompt.flatMap { promptNames[$0] } ?? "", promptHash: caption.source.prompt ?? "",
        sampling: caption.source.sampling ?? "", meanLogProbability: caption.meanLogProbability,
        origin: caption.source.origin ?? "")
    }
  }
}
