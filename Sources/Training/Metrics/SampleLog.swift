/// `completions.jsonl`: a line for each completion of some groups, with the members `step`, `id`,
/// `prompt`, `answer`, `completion`, `length`, `truncated`, `rewards` (by function), `reward` and `advantage`.
///
/// Resumed at a step, the file loses what is behind it, as ``MetricsLog`` does.
public final class SampleLog {
  private let lines: StepLines

  /// Opens the log of a run that goes on after `step`, 0 for none, when the file had `length` bytes, where that is known.
  public init(path: String, after step: Int, length: Int? = nil) throws(MetricsError) {
    lines = try StepLines(path: path, after: step, length: length)
  }

  /// Of the file, in bytes.
  public var length: Int { lines.length }

  public func append(_ group: SampleGroup) throws(MetricsError) {
    guard !group.completions.isEmpty else { return }
    try lines.append(group.lines.joined(separator: "\n"))
  }

  /// Waits until all that was appended is on the disk.
  public func synchronize() throws(MetricsError) { try lines.synchronize() }
}
