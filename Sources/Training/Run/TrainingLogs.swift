/// The files that a run writes while it goes on.
final class TrainingLogs {
  private let metrics: MetricsLog
  private let samples: SampleLog
  private let board: TensorBoardWriter

  init(folder: TrainingFolder, after step: Int, settings: TrainingSettings) throws {
    metrics = try MetricsLog(path: folder.metrics, after: step)
    samples = try SampleLog(path: folder.completions, every: 1, after: step)
    board = try TensorBoardWriter(folder: folder.tensorBoard, after: step)
  }

  func append(_ measured: StepMetrics) throws {
    try metrics.append(measured)
    try board.append(measured)
  }

  func append(_ group: SampleGroup) throws { try samples.append(group) }

  /// Puts on the disk what a checkpoint is about to count as written.
  func synchronize() throws {
    try metrics.synchronize()
    try samples.synchronize()
  }
}
