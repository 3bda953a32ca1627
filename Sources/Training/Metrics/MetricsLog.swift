/// `metrics.jsonl`: a JSON object for each logged step.
///
/// Resumed at a step, the file loses what is behind it, so that an interrupted run leaves the same lines as one that
/// was left alone, but for the values of the clock (``MetricName/ofTheClock``), which come last in each line. To be
/// sure of that after a loss of power too, call ``synchronize()`` before a checkpoint is written.
public final class MetricsLog {
  private let lines: StepLines

  /// Opens the log of a run that goes on after `step`, 0 for none, when the file had `length` bytes, where that is known.
  public init(path: String, after step: Int, length: Int? = nil) throws(MetricsError) {
    lines = try StepLines(path: path, after: step, length: length)
  }

  /// Of the file, in bytes: to be stored with a checkpoint, as a step's lines may come on both sides of it.
  public var length: Int { lines.length }

  public func append(_ metrics: StepMetrics) throws(MetricsError) { try lines.append(metrics.line) }

  /// Waits until all that was appended is on the disk.
  public func synchronize() throws(MetricsError) { try lines.synchronize() }
}
