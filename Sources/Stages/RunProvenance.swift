import Dataset
import Store

/// How a run's questions were made, as its stages noted it: what an export and its card say of each question.
struct RunProvenance: Sendable {
  let model: String
  let prompt: String
  let promptHash: String
  let captioners: [String]
  /// Of captions' prompts, by hash.
  private let promptNames: [String: String]
  /// Whether the built-in stand-in wrote the questions, and no model.
  let isRehearsal: Bool

  init(_ store: RunStore) throws {
    let write = try store.stage(named: "write")?.parts ?? [:]
    model = write["model"] ?? ""
    let promptPart = write.keys.sorted().first { $0.hasPrefix(Self.promptPrefix) } ?? ""
    prompt = String(promptPart.dropFirst(Self.promptPrefix.count))
    promptHash = write[promptPart] ?? ""
    isRehearsal = write["endpoint"]?.hasPrefix("builtin/") ?? false
    promptNames = try store.promptNames()
    captioners =
      try store.stage(named: "caption")?.parts.keys.sorted()
      .map { $0.replacing(Self.captionerPrefix, with: "", maxReplacements: 1) } ?? []
  }

  /// How `write` and `caption` name these parts.
  static let promptPrefix = "prompt "
  static let captionerPrefix = "captioner "

  func exported(_ question: QuestionRecord, _ row: ExportRow, split: String, audioPath: String) -> ExportedQuestion {
    ExportedQuestion(
      id: question.id, clip: row.clip.id, split: split, audioPath: audioPath, question: question.stem,
      choices: question.choices ?? [], answerIndex: question.answerIndex ?? 0, skill: question.skill ?? "",
      difficulty: question.difficulty ?? "", labels: row.clip.labels, evidence: question.evidence,
      captions: row.captions.compactMap(exported),
      provenance: ExportedQuestion.Provenance(
        model: model, prompt: prompt, promptHash: promptHash, captioners: captioners,
        checksVersion: QuestionChecks.version, sources: row.sources))
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
