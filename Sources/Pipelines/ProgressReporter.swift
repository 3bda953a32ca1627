/// Where a run tells how far it is. Called from any thread.
public protocol ProgressReporter: Sendable {
  /// A stage has work: `total` items, counted in `unit` ("clips", "requests").
  func started(stage: String, total: Int, unit: String)
  /// A stage that had started before it knew its total learned it.
  func learned(stage: String, total: Int)
  func advanced(stage: String, by count: Int)
  /// What the work of a stage is like right now, in place of what was said before.
  func shows(stage: String, _ text: String)
  /// One line that the user should see even if nothing went wrong.
  func note(stage: String, _ text: String)
  /// A stage came to its end, with its result in a few words.
  func finished(stage: String, summary: String)
  /// A stage had nothing to do.
  func upToDate(stage: String)
}

extension ProgressReporter {
  public func learned(stage: String, total: Int) {}
  public func shows(stage: String, _ text: String) {}
}
