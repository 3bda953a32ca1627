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
  /// Those that questions were imported from; empty where the run wrote its own.
  let sets: [ImportedSetCount]
  /// What some questions of imported sets have and others may not.
  private let sharedMembers: Set<ExportedQuestion.SharedMember>
  /// Whether the built-in stand-in wrote the questions, and no model.
  let isRehearsal: Bool
  /// Whether the set was made with judges who say which questions need their sound.
  private let isJudged: Bool

  init(_ store: RunStore) throws {
    let write = try store.stage(named: "write")?.parts ?? [:]
    let makings = try store.importedMakings().compactMap { ExportedQuestion.provenance(text: $0, sources: []) }
    models = Set(Self.values(of: "model", write) + makings.map(\.model).filter { !$0.isEmpty }).sorted()
    let promptPart = write.keys.sorted().first { $0.hasPrefix(Self.promptPrefix) } ?? ""
    let prompts = Set(makings.map { [$0.prompt, $0.promptHash] })
    prompt = prompts.count == 1 ? prompts.first?[0] ?? "" : String(promptPart.dropFirst(Self.promptPrefix.count))
    promptHash = prompts.count == 1 ? prompts.first?[1] ?? "" : write[promptPart] ?? ""
    let endpoints = Self.values(of: "endpoint", write)
    isRehearsal = !endpoints.isEmpty && endpoints.allSatisfy { $0.hasPrefix("builtin/") }
    promptNames = try store.promptNames()
    isJudged = try store.stage(named: "balance")?.parts["dependence: weak"] != nil
    let known = try store.importedMembers()
    var shared: Set<ExportedQuestion.SharedMember> = []
    if known.contribution || isJudged { shared.insert(.audioContribution) }
    if known.rationale { shared.insert(.rationale) }
    let judged = isJudged ? try store.greatestJudgedShares() : AnswerShares()
    shared.formUnion(judged.filled(from: try store.greatestImportedShares()).rates.keys.map { .rate($0) })
    sharedMembers = shared
    sets = try store.importedSets()
    let own = try store.stage(named: "caption")?.parts.keys
      .map { $0.replacing(Self.captionerPrefix, with: "", maxReplacements: 1) }
    captioners = Set((own ?? []) + makings.flatMap(\.captioners)).sorted()
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
    if isJudged || !sets.isEmpty { exported.audioContribution = question.contribution.flatMap(AudioContribution.init) }
    // What was judged here wins over what a set says.
    let judged = isJudged ? row.judged[question.id] ?? AnswerShares() : AnswerShares()
    exported.rates = judged.filled(from: row.imported[question.id]?.shares).rates
    if let imported = row.imported[question.id] { exported.take(imported) }
    exported.sharedMembers = sharedMembers
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
