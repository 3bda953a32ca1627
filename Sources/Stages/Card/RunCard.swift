import Dataset
import Foundation
import Store

/// Writes the card of an export: what is in the set, how the run made it, and how to make it again.
struct RunCard {
  let name: String
  let format: any SetFormat.Type
  let store: RunStore
  let provenance: RunProvenance
  let statistics: ExportStatistics

  private static let mostLabels = 20

  func card() throws -> DatasetCard {
    let splits = statistics.parts.filter { statistics.questions[$0] != nil }
    let status = try store.status()
    let rejections = Dictionary(
      status.rejections.map { ($0.code, $0.count) }, uniquingKeysWith: +)
    let stages = try store.stages()
    var card = DatasetCard(
      name: name, license: license, files: splits.flatMap(files),
      splits: splits.map {
        DatasetCard.SplitCount(
          split: $0, clips: statistics.clips[$0] ?? 0, seconds: statistics.seconds[$0] ?? 0,
          questions: statistics.questions[$0] ?? 0)
      },
      positions: statistics.positions, kinds: ExportStatistics.counts(statistics.skills),
      rejected: ExportStatistics.counts(rejections), making: making(stages, status),
      limits: provenance.isRehearsal
        ? ["The questions were written by Earshot's built-in stand-in, a small grammar, not by a language model."] : [])
    card.statistics = contents
    card.licences = ExportStatistics.counts(statistics.licences)
    card.details = [dependence(), try contamination(stages), try duplicates()].compactMap { $0 }
    card.closing = [reproduction(stages), Self.citation]
    return card
  }

  /// The hub's word where all clips have one licence, `other` for anything else that is known.
  private var license: String? {
    guard !statistics.licences.isEmpty else { return nil }
    let clips = statistics.clips.values.reduce(0, +)
    let only = statistics.licences.first { $0.value == clips }
    return only.flatMap { HubLicence.id($0.key) } ?? "other"
  }

  private func files(of split: String) -> [DatasetCard.DataFile] {
    format.files(of: split).compactMap { file in
      file.configuration.map { DatasetCard.DataFile(configuration: $0, split: split, path: file.cardPath) }
    }
  }

  private var contents: [DatasetCard.Block] {
    var blocks: [DatasetCard.Block] = []
    let lengths = statistics.lengths.sorted()
    if let first = lengths.first, let last = lengths.last {
      blocks.append(
        .text(
          "Clips last \(Self.seconds(first)) to \(Self.seconds(last)) s, half of them at most "
            + "\(Self.seconds(lengths[(lengths.count - 1) / 2])) s."))
    }
    let choices = statistics.choiceCounts.sorted { $0.key < $1.key }
    if !choices.isEmpty {
      blocks.append(
        .text(
          "Choices: " + choices.map { "\($0.key) in \(counted($0.value, "question"))" }.joined(separator: ", ") + "."))
    }
    if let wording = statistics.wording.commonest, wording.questions > 1 {
      blocks.append(.text(wording.sentence))
    }
    if !statistics.difficulties.isEmpty {
      blocks.append(table("difficulty", "questions", ExportStatistics.counts(statistics.difficulties)))
    }
    if !statistics.labels.isEmpty {
      let labels = ExportStatistics.counts(statistics.labels)
      blocks.append(
        .text("\(counted(labels.count, "label")) of clips; the \(min(labels.count, Self.mostLabels)) commonest:"))
      blocks.append(table("label", "clips", Array(labels.prefix(Self.mostLabels))))
    }
    return blocks
  }

  private func table(_ name: String, _ count: String, _ counts: [DatasetCard.Count]) -> DatasetCard.Block {
    .table([name, count], counts.map { [$0.name, "\($0.count)"] })
  }

  private static func seconds(_ seconds: Float) -> String { "\((10 * seconds).rounded() / 10)" }
}
