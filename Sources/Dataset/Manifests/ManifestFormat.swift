/// The kinds of manifest that are read; which one a file is, its first row tells.
public enum ManifestFormat: String, Sendable, CaseIterable {
  /// A table with a header, its columns separated by commas, or by tabs in a `.tsv`.
  case table
  /// A JSON object on each line.
  case jsonLines
  /// One JSON list of objects.
  case jsonList
  /// VGGSound's `vggsound.csv`: no header; YouTube id, start in seconds, label, split.
  case vggSound
  /// VGGSound's `test.csv`: no header; clip file, label.
  case vggSoundFiles
  /// AVQA's questions, as a JSON list or as lines: the clips are used, the questions are not.
  case avqa
}

/// What a manifest says on one line.
public enum ManifestEntry: Sendable, Equatable {
  case row(ManifestRow, line: Int)
  /// A line that cannot be used, and why: no full stop, no capital.
  case refused(line: Int, reason: String)

  public var row: ManifestRow? {
    guard case .row(let row, _) = self else { return nil }
    return row
  }

  init(_ row: Result<ManifestRow, RowProblem>, line: Int) {
    switch row {
    case .success(let row): self = .row(row, line: line)
    case .failure(let problem): self = .refused(line: line, reason: problem.reason)
    }
  }
}

/// Why one row of a manifest cannot be used.
public struct RowProblem: Error, Equatable, Sendable {
  public var reason: String
  /// What a linter calls it.
  var code = ReasonCode.schema
}
