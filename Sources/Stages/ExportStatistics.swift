import Dataset
import Store

/// What an export holds, counted while it is written.
struct ExportStatistics {
  private(set) var questions: [String: Int] = [:]
  private var clips: [String: Int] = [:]
  private var seconds: [String: Double] = [:]
  private var positions: [Int] = []
  private var skills: [String: Int] = [:]
  private(set) var wording = WordingTally()

  var total: Int { questions.values.reduce(0, +) }

  mutating func count(_ question: ExportedQuestion) {
    questions[question.split, default: 0] += 1
    while positions.count <= question.answerIndex { positions.append(0) }
    positions[question.answerIndex] += 1
    wording.add(question.question)
    skills[question.skill.isEmpty ? "not given" : question.skill, default: 0] += 1
  }

  mutating func count(_ clip: ClipRecord, split: String) {
    clips[split, default: 0] += 1
    seconds[split, default: 0] += clip.seconds
  }

  func card(name: String, format: any SetFormat.Type, store: RunStore, provenance: RunProvenance) throws -> DatasetCard
  {
    let splits = Split.allCases.map(\.rawValue).filter { questions[$0] != nil }
    let rejections = Dictionary(
      try store.status().rejections.map { ($0.code, $0.count) }, uniquingKeysWith: +)
    return DatasetCard(
      name: name,
      files: splits.flatMap { split in
        format.files(of: split).compactMap { file in
          file.configuration.map { DatasetCard.DataFile(configuration: $0, split: split, path: file.cardPath) }
        }
      },
      splits: splits.map {
        DatasetCard.SplitCount(
          split: $0, clips: clips[$0] ?? 0, seconds: seconds[$0] ?? 0, questions: questions[$0] ?? 0)
      },
      positions: positions, kinds: Self.counts(skills), rejected: Self.counts(rejections),
      making: Self.making(provenance), limits: Self.limits(provenance))
  }

  private static func counts(_ table: [String: Int]) -> [DatasetCard.Count] {
    table.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { DatasetCard.Count($0.key, $0.value) }
  }

  private static func making(_ provenance: RunProvenance) -> [String] {
    [
      "Captions by: \(provenance.captioners.joined(separator: ", ")).",
      "Questions written by \(provenance.models.joined(separator: ", ")) with the prompt \(provenance.prompt) (SHA-256 \(provenance.promptHash)).",
      "Checked by rule (version \(QuestionChecks.version)), repeats within a clip dropped, split by recording, answers "
        + "placed evenly, label questions balanced so that no label is right more often than chance.",
    ]
  }

  private static func limits(_ provenance: RunProvenance) -> [String] {
    provenance.isRehearsal
      ? ["The questions were written by Earshot's built-in stand-in, a small grammar, not by a language model."] : []
  }
}
