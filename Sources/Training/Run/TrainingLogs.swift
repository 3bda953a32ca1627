/// The files that a run writes while it goes on.
final class TrainingLogs {
  private let metrics: MetricsLog
  private let samples: SampleLog
  private let board: TensorBoardWriter

  /// The logs of a run that goes on at `position`, or with `resumes` false begins there.
  init(folder: TrainingFolder, at position: RunPosition, resumes: Bool) throws {
    let (step, lengths) = (position.step, position.logLengths)
    metrics = try MetricsLog(path: folder.metrics, after: step, length: lengths?.metrics)
    samples = try SampleLog(path: folder.completions, after: step, length: lengths?.completions)
    board = try TensorBoardWriter(folder: folder.tensorBoard, after: step, resumes: resumes)
  }

  /// Of the files, in bytes.
  var lengths: RunPosition.LogLengths { .init(metrics: metrics.length, completions: samples.length) }

  func append(_ measured: StepMetrics) throws {
    try metrics.append(measured)
    try board.append(measured)
  }

  /// Groups of one step.
  func append(_ groups: [SampleGroup]) throws {
    for (place, group) in groups.enumerated() {
      try samples.append(group)
      try board.append(text: group.markdown, name: "samples/\(place + 1)", step: group.step)
    }
  }

  /// Puts on the disk what a checkpoint is about to count as written.
  func synchronize() throws {
    try metrics.synchronize()
    try samples.synchronize()
  }
}
