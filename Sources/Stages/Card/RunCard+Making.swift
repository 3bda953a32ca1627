import Dataset
import Foundation
import Store

extension RunCard {
  /// A sentence for each step that made the questions.
  func making(_ stages: [StageRecord], _ status: RunStatus) -> [String] {
    if !provenance.sets.isEmpty { return provenance.makingOfImport }
    let parts = Dictionary(stages.map { ($0.name, $0.parts) }) { first, _ in first }
    var sentences = ["Clips: \(counted(status.clips, "clip")) from \(counted(status.sources, "file"))."]
    for (captioner, made) in (parts["caption"] ?? [:]).sorted(by: { $0.key < $1.key }) {
      let name = captioner.replacing(RunProvenance.captionerPrefix, with: "", maxReplacements: 1)
      sentences.append("Captions by \(name): \(Self.published(made)).")
    }
    let writers = ExportStatistics.counts(statistics.writers).filter { !$0.name.isEmpty }
    let names = writers.count > 1 ? writers.map { "\($0.name) (\($0.count))" } : provenance.models
    sentences.append(
      "Questions written by \(names.joined(separator: ", ")) with the prompt \(provenance.prompt) "
        + "(SHA-256 \(provenance.promptHash)).")
    let rejected = ["check", "dedup", "contamination", "dependence", "balance"].compactMap { stage in
      let count = status.rejections.filter { $0.stage == stage }.reduce(0) { $0 + $1.count }
      return count > 0 ? "\(stage) \(count)" : nil
    }
    sentences.append(
      "Checked by rule (version \(QuestionChecks.version)), repeats dropped, split by recording, answers placed evenly, label "
        + "questions balanced so that no label is right more often than chance. Of \(counted(status.questions, "question")), left out: "
        + (rejected.isEmpty ? "none." : rejected.joined(separator: ", ") + "."))
    return sentences
  }

  /// What the sound adds to what the text alone is worth, where judges were asked or imported sets say so.
  func dependence() -> DatasetCard.Section? {
    guard !statistics.contributions.isEmpty else { return nil }
    let strong = statistics.contributions[AudioContribution.strong.rawValue] ?? 0
    let weak = statistics.contributions[AudioContribution.weak.rawValue] ?? 0
    let source = provenance.sets.isEmpty ? "Judges answered the questions without their sound." : "The sets say so."
    return DatasetCard.Section(
      "Does the sound matter",
      [
        .text("\(source) What was not answered so is strong: the sound is needed; the rest is weak."),
        .table(["audio contribution", "questions"], [["strong", "\(strong)"], ["weak", "\(weak)"]]),
      ])
  }

  /// What of test sets was found among the questions.
  func contamination(_ stages: [StageRecord]) throws -> DatasetCard.Section? {
    guard let parts = stages.first(where: { $0.name == "contamination" })?.parts else { return nil }
    let named = Self.testSets(parts)
    guard !named.isEmpty else {
      return DatasetCard.Section("Test sets", [.text("The set was not compared with test sets.")])
    }
    let what = parts["matches"] == "list" ? "Matches were listed and kept." : "Questions that match were removed."
    var blocks: [DatasetCard.Block] = [.text("Compared with \(named.joined(separator: ", ")). \(what)")]
    let counts = try store.contaminationCounts()
    if counts.isEmpty {
      blocks.append(.text("Nothing matched."))
    } else {
      blocks.append(
        .table(
          ["test set", "by", "questions", "its items"],
          counts.map { [$0.file, $0.kind, "\($0.questions)", "\($0.items)"] }))
    }
    return DatasetCard.Section("Test sets", blocks)
  }

  /// The names of the files and folders that the contamination stage was given: each stands before its digest.
  static func testSets(_ parts: [String: String]) -> [String] {
    let audio = parts["audio"].map { $0.split(separator: ";").dropLast() } ?? []
    let files = (parts["files"] ?? "").split(separator: ";")
    return (files + audio).map { part in
      part.split(separator: " ").dropLast().joined(separator: " ")
    }
  }

  func duplicates() throws -> DatasetCard.Section? {
    let counts = try store.duplicateCounts()
    guard !counts.isEmpty else { return nil }
    return DatasetCard.Section(
      "Repeats",
      [.table(["kind", "groups", "dropped"], counts.map { [$0.kind, "\($0.clusters)", "\($0.losers)"] })])
  }

  /// Everything that the stages' results depend on, as they noted it. Where endpoints are is nobody's business.
  func reproduction(_ stages: [StageRecord]) -> DatasetCard.Section {
    DatasetCard.Section(
      "How to make it again",
      [
        .text(
          "With the clips, Earshot, and a pipeline file of these settings. From the run's folder the same bytes come without the "
            + "network:"),
        .code("earshot run PIPELINE --into RUN --replay"),
        .table(["stage", "setting", "value"], Self.settings(stages)),
      ])
  }

  /// Stage, setting and value.
  static func settings(_ stages: [StageRecord]) -> [[String]] {
    stages.sorted { $0.position < $1.position }.filter { !["export", "train"].contains($0.name) }.flatMap { stage in
      stage.parts.sorted { $0.key < $1.key }.filter { !$0.key.contains(": ") && !$0.key.hasSuffix("endpoint") }
        .map { [stage.name, $0.key, shortened(published($0.value))] }
    }
  }

  /// A stage's part without the addresses that stand in it.
  static func published(_ text: String) -> String {
    text.replacing(/[a-z]+:\/\/[^\s,;]+/, with: "an endpoint")
  }

  private static func shortened(_ text: String) -> String {
    text.count > 160 ? text.prefix(159) + "…" : text
  }

  static let citation = DatasetCard.Section(
    "Citation",
    [
      .text("The method is that of Omni-R1:"),
      .code(
        """
        @article{rouditchenko2025omnir1,
          title={Omni-R1: Do You Really Need Audio to Fine-Tune Your Audio LLM?},
          author={Rouditchenko, Andrew and Bhati, Saurabhchand and Araujo, Edson and Thomas, Samuel and Kuehne, Hilde and Feris, Rogerio and Glass, James},
          journal={arXiv preprint arXiv:2505.09439},
          year={2025}
        }
        """),
      .text("Name the sources of the clips and of their captions too."),
    ])
}
