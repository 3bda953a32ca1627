/// What to write to show progress: one line that is redrawn on a terminal, a line now and then where output is piped.
///
/// Writes nothing itself: each call returns the text to write, which may be empty.
public struct ProgressLine: Sendable {
  private let isInteractive: Bool
  private var drawn: Double?
  private var isShown = false

  public init(isInteractive: Bool) { self.isInteractive = isInteractive }

  /// The text for `progress` at the time `now`, in seconds by any clock that only goes forward. Shown ten times a
  /// second on a terminal of `columns`, every ten seconds elsewhere, and whenever it is `urgent`, as the last step is.
  public mutating func update(
    _ progress: TrainingProgress, columns: Int, at now: Double, urgent: Bool = false
  ) -> String {
    draw(columns: columns, at: now, urgent: urgent) { progress.text(width: $0) }
  }

  /// The same for other work that takes its time, of plain characters.
  public mutating func update(_ text: String, columns: Int, at now: Double, urgent: Bool = false) -> String {
    draw(columns: columns, at: now, urgent: urgent) { String(text.prefix($0)) }
  }

  private mutating func draw(
    columns: Int, at now: Double, urgent: Bool, _ text: (_ width: Int) -> String
  ) -> String {
    if let drawn, !urgent, now - drawn < (isInteractive ? 0.1 : 10) { return "" }
    drawn = now
    // A terminal's last column is left free: some break the line there.
    guard isInteractive else { return text(.max) + "\n" }
    isShown = true
    return "\r\u{1B}[K" + text(max(1, columns - 1))
  }

  /// Takes the line off the terminal, to write something else or to leave.
  public mutating func clear() -> String {
    defer { isShown = false }
    return isShown ? "\r\u{1B}[K" : ""
  }
}
