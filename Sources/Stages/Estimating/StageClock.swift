import Dispatch
public import Pipelines
import Synchronization

/// Times the stages of a run, and tells another reporter what it is told.
public final class StageClock: ProgressReporter {
  private struct State {
    var began: [String: Double] = [:]
    var timings: [String: StageTiming] = [:]
  }
  private let reporter: any ProgressReporter
  private let state = Mutex(State())

  public init(_ reporter: any ProgressReporter) {
    self.reporter = reporter
  }

  public var timings: [String: StageTiming] { state.withLock { $0.timings } }

  public func started(stage: String, total: Int, unit: String) {
    state.withLock { $0.began[stage] = Self.now() }
    reporter.started(stage: stage, total: total, unit: unit)
  }

  public func advanced(stage: String, by count: Int) {
    state.withLock { $0.timings[stage, default: StageTiming(seconds: 0, items: 0)].items += count }
    reporter.advanced(stage: stage, by: count)
  }

  public func finished(stage: String, summary: String) {
    state.withLock { state in
      guard let began = state.began.removeValue(forKey: stage) else { return }
      state.timings[stage]?.seconds += Self.now() - began
    }
    reporter.finished(stage: stage, summary: summary)
  }

  public func learned(stage: String, total: Int) { reporter.learned(stage: stage, total: total) }
  public func shows(stage: String, _ text: String) { reporter.shows(stage: stage, text) }
  public func note(stage: String, _ text: String) { reporter.note(stage: stage, text) }
  public func upToDate(stage: String) { reporter.upToDate(stage: stage) }

  private static func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}
