/// `metrics.jsonl`: a JSON object for each logged step.
///
/// Resumed at a step, the file loses what is behind it, so that an interrupted run leaves the same lines as one that
/// was left alone, but for the values of the clock (``MetricName/ofTheClock``), which come last in each line. To be
/// sure of that after a loss of power too, call ``synchronize()`` before a checkpoint is written.
public final class MetricsLog {
  private let lines: StepLines

  /// Opens the log of a run that goes on after `step`; 0 begins anew.
  public init(path: String, after step: Int) throws(MetricsError) {
    lines = try StepLines(path: path, after: step)
  }

  public func append(_ metrics: StepMetrics) throws(MetricsError) { try lines.append(metrics.line) }

  /// Waits until all that was appended is on the disk.
  public func synchronize() throws(MetricsError) { try lines.synchronize() }
}
