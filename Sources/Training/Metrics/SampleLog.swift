/// `completions.jsonl`: every few steps a line for each completion of some groups, with the members `step`, `id`,
/// `prompt`, `answer`, `completion`, `length`, `truncated`, `rewards` (by function), `reward` and `advantage`.
///
/// Resumed at a step, the file loses what is behind it, as ``MetricsLog`` does.
public final class SampleLog {
  /// Groups are written at the steps that this divides.
  public let interval: Int
  private let lines: StepLines

  /// Opens the log of a run that goes on after `step`, 0 for none, when the file had `length` bytes, where that is known.
  public init(path: String, every interval: Int, after step: Int, length: Int? = nil) throws(MetricsError) {
    precondition(interval > 0, "samples are written every \(interval) steps")
    self.interval = interval
    lines = try StepLines(path: path, after: step, length: length)
  }

  /// Of the file, in bytes.
  public var length: Int { lines.length }

  /// Whether samples of this step are wanted.
  public func wants(step: Int) -> Bool { step % interval == 0 }

  public func append(_ group: SampleGroup) throws(MetricsError) {
    guard !group.completions.isEmpty else { return }
    try lines.append(group.lines.joined(separator: "\n"))
  }

  /// Waits until all that was appended is on the disk.
  public func synchronize() throws(MetricsError) { try lines.synchronize() }
}
