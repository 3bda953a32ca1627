import ArgumentParser
import Dataset
import Foundation
import Pipelines
import Store

struct DuplicatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "duplicates",
    abstract: "Show which questions repeat others, which of them stay, and why.",
    discussion: """
      Of a run's folder: what its dedup stage found. Of a file of questions, in any format that is read: what a search \
      finds in it; nothing is written. Questions about different sounds are no duplicates, whatever their words; of a \
      wording that too many share, the questions over the limit go. docs/duplicates.md says how it is done.

      Of a run, clips that are the same recording are listed too; docs/fingerprint.md says how they are found.

      Examples:
        earshot duplicates runs/quickstart
        earshot duplicates mmau-test-mini.json --all
      """)

  @Argument(help: "The run's folder, such as runs/quickstart, or a file of questions.", completion: .file())
  var source: String

  @Option(help: ArgumentHelp("Show at most this many clusters.", valueName: "n"))
  var limit: Int = 20

  @Flag(help: "Show clusters too of which all questions stay.")
  var all = false

  @OptionGroup(title: "Search in a file") var search: DuplicateSearchOptions

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit must be at least 1.") }
  }

  func run() throws {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: source, isDirectory: &isFolder)
    let report = isThere && !isFolder.boolValue ? try ofFile() : try ofRun()
    printResult(json ? jsonLine(report, pretty: true) : report.text)
  }

  private func ofRun() throws -> DuplicateReport {
    let store = try RunStore(reading: RunFolder(path: source).database)
    let clusters = try store.duplicateClusters(all: all, limit: limit)
    let counts = try store.duplicateCounts().map {
      DuplicateReport.Count(kind: $0.kind, clusters: $0.clusters, out: $0.losers)
    }
    return DuplicateReport(
      counts: counts, clusters: try clusters.map { try shown($0, store) },
      recordings: try .init(of: store, limit: limit))
  }

  private func shown(_ cluster: DuplicateClusterRecord, _ store: RunStore) throws -> DuplicateReport.Cluster {
    var questions: [DuplicateReport.Question] = []
    for member in cluster.members.prefix(DuplicateReport.mostMembers) {
      let question = try store.question(id: member.question)
      questions.append(
        .init(
          id: question.id, sound: question.clip, stem: question.stem,
          choices: [question.correct] + question.distractors, similarity: member.similarity, code: member.code))
    }
    return .init(
      kind: cluster.kind, members: cluster.members.count, out: cluster.members.count { $0.code != nil },
      questions: questions)
  }

  private func ofFile() throws -> DuplicateReport {
    let found = try search.search(source)
    let clusters = found.clusters.filter { all || $0.losers > 0 }
      .sorted { ($1.losers, $1.members.count) < ($0.losers, $0.members.count) }
    var counts: [DuplicateReport.Count] = []
    for kind in DuplicateCluster.Kind.allCases {
      let own = found.clusters.filter { $0.kind == kind && $0.losers > 0 }
      guard !own.isEmpty else { continue }
      counts.append(.init(kind: kind.rawValue, clusters: own.count, out: own.reduce(0) { $0 + $1.losers }))
    }
    let rows = try search.rows(of: source, numbers: Set(clusters.prefix(limit).flatMap(\.shownMembers).map(\.question)))
    return DuplicateReport(
      questions: found.questions, counts: counts,
      clusters: clusters.prefix(limit).map { cluster in
        .init(
          kind: cluster.kind.rawValue, members: cluster.members.count, out: cluster.losers,
          questions: cluster.shownMembers.compactMap { member in
            rows[member.question].map { row in
              .init(
                id: row.id, sound: row.audio, stem: row.question, choices: row.choices, similarity: member.similarity,
                code: member.code?.rawValue)
            }
          })
      })
  }
}

extension DuplicateCluster {
  /// The first, then those that go, as many as are shown.
  fileprivate var shownMembers: [Member] {
    let others = members.dropFirst().sorted {
      ($0.code == nil ? 1 : 0, -$0.similarity) < ($1.code == nil ? 1 : 0, -$1.similarity)
    }
    return Array((members.prefix(1) + others).prefix(DuplicateReport.mostMembers))
  }
}
