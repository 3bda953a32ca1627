import Foundation

/// Writes a run's measurements into an event file of TensorBoard.
///
/// Every start of a run has a file of its own in the folder; a resumed one tells TensorBoard to forget what earlier
/// files hold from its first step on. Used by one thread.
public final class TensorBoardWriter {
  /// The event file.
  public let path: String
  private let descriptor: Int32

  /// Begins an event file in `folder`, which is made where it is missing, for a run that goes on after `step`, or
  /// is new and does not. `time` is in seconds since 1970; now, where it is `nil`.
  public init(folder: String, after step: Int, resumes: Bool? = nil, time: Double? = nil) throws(MetricsError) {
    let time = time ?? Self.now
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .cannotWrite(path: folder, reason: "the folder cannot be made")
    }
    (path, descriptor) = try Self.newFile(in: folder, second: Int(exactly: time.rounded(.down)) ?? 0)
    try write(EventRecord.version(time: time))
    if resumes ?? (step > 0) { try write(EventRecord.start(step: step + 1, time: time)) }
  }

  deinit { close(descriptor) }

  /// Appends all values that are numbers; infinite ones count.
  public func append(_ metrics: StepMetrics, time: Double? = nil) throws(MetricsError) {
    let known = metrics.values.sorted { $0.key < $1.key }.filter { !$0.value.isNaN }
    let values = [(name: "epoch", value: Float(metrics.epoch))] + known.map { ($0.key.rawValue, Float($0.value)) }
    try write(EventRecord.scalars(values, step: metrics.step, time: time ?? Self.now))
  }

  /// Appends a Markdown text, such as ``SampleGroup/markdown``.
  public func append(
    text: String, name: String, step: Int, time: Double? = nil
  ) throws(MetricsError) {
    try write(EventRecord.text(text, name: name, step: step, time: time ?? Self.now))
  }

  private static var now: Double { Date().timeIntervalSince1970 }

  /// TensorBoard reads the files of a folder in the order of their names, which therefore begin with the time.
  private static func newFile(in folder: String, second: Int) throws(MetricsError) -> (String, Int32) {
    for number in 0..<10_000 {
      let ordinal = String(repeating: "0", count: 4 - String(number).count) + String(number)
      let path = "\(folder)/events.out.tfevents.\(second).earshot.\(ordinal)"
      let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
      if descriptor >= 0 { return (path, descriptor) }
      guard errno == EEXIST else { throw .ofSystem(errno, path: path) }
    }
    throw .cannotWrite(path: folder, reason: "it holds ten thousand event files of this very second")
  }

  private func write(_ bytes: [UInt8]) throws(MetricsError) { try appendAll(bytes, to: descriptor, path: path) }
}
