import Foundation
import Pipelines
import Synchronization

/// Progress as a bar that is redrawn, on a terminal; as plain lines now and then, where output is piped or logged.
final class ScreenProgress: ProgressReporter {
  private let terminal: Terminal
  private let state = Mutex(State())

  private struct State {
    var stage = ""
    var total = 0
    var done = 0
    var unit = ""
    /// What the stage itself says of its work.
    var detail: String?
    var start = 0.0
    var drawn = 0.0
    var isBarShown = false
  }

  init(terminal: Terminal = .standardError) {
    self.terminal = terminal
  }

  func started(stage: String, total: Int, unit: String) {
    state.withLock {
      let now = Self.now()
      $0 = State(stage: stage, total: total, done: 0, unit: unit, start: now, drawn: now)
      if terminal.isInteractive { draw(&$0) }
    }
  }

  func learned(stage: String, total: Int) {
    state.withLock {
      $0.total = total
      if terminal.isInteractive { draw(&$0) }
    }
  }

  func advanced(stage: String, by count: Int) {
    state.withLock {
      $0.done += count
      guard Self.now() - $0.drawn >= (terminal.isInteractive ? 0.1 : 10) else { return }
      draw(&$0)
    }
  }

  func shows(stage: String, _ text: String) {
    state.withLock { $0.detail = text }
  }

  func note(stage: String, _ text: String) {
    state.withLock {
      clear(&$0)
      printNote("\(Self.column(stage))\(text)")
    }
  }

  func finished(stage: String, summary: String) {
    state.withLock {
      clear(&$0)
      let seconds = Self.now() - $0.start
      printNote("\(Self.column(stage))\(summary) (\(Quantity.duration(seconds)))")
      $0.stage = ""
    }
  }

  func upToDate(stage: String) {
    printNote("\(Self.column(stage))up to date")
  }

  /// Leaves the screen as it should be when the program ends in mid-stage.
  func interrupt() {
    state.withLock { clear(&$0) }
  }

  private func draw(_ state: inout State) {
    state.drawn = Self.now()
    if let detail = state.detail { return draw(detail, &state) }
    let seconds = max(state.drawn - state.start, 0.001)
    let rate = Double(state.done) / seconds
    var tail = "\(Quantity.count(state.done))"
    if state.total > 0 { tail += "/\(Quantity.count(state.total))" }
    tail += " \(state.unit)"
    if seconds > 1 && state.done > 0 {
      tail += "  \(Quantity.rate(rate))"
      if state.total > state.done { tail += "  \(Quantity.duration(Double(state.total - state.done) / rate)) left" }
    }
    guard terminal.isInteractive else { return printNote(Self.column(state.stage) + tail) }
    write("\r\u{1B}[K" + Self.bar(state, tail: tail, columns: terminal.columns), to: Screen.descriptor)
    state.isBarShown = true
  }

  /// Draws a line that the stage made itself.
  private func draw(_ detail: String, _ state: inout State) {
    let line = Self.column(state.stage) + detail
    guard terminal.isInteractive else { return printNote(line) }
    write("\r\u{1B}[K" + line.prefix(terminal.columns - 1), to: Screen.descriptor)
    state.isBarShown = true
  }

  private static func bar(_ state: State, tail: String, columns: Int) -> String {
    let head = column(state.stage)
    let room = min(columns - head.count - tail.count - 3, 30)
    guard room >= 6, state.total > 0 else { return String((head + tail).prefix(columns - 1)) }
    let filled = min(room, room * state.done / max(state.total, 1))
    return head + String(repeating: "█", count: filled) + String(repeating: "░", count: room - filled) + "  " + tail
  }

  private func clear(_ state: inout State) {
    if state.isBarShown { write("\r\u{1B}[K", to: Screen.descriptor) }
    state.isBarShown = false
  }

  private static func column(_ stage: String) -> String {
    stage.padding(toLength: max(15, stage.count + 2), withPad: " ", startingAt: 0)
  }

  private static func now() -> Double {
    Double(DispatchTime.now().uptimeNanoseconds) / 1e9
  }
}

/// Progress as one JSON object a line on standard error, for scripts.
struct JSONProgress: ProgressReporter {
  func started(stage: String, total: Int, unit: String) {
    emit(Event(event: "started", stage: stage, total: total, unit: unit))
  }

  func learned(stage: String, total: Int) {
    emit(Event(event: "total", stage: stage, total: total))
  }

  func advanced(stage: String, by count: Int) {}

  func shows(stage: String, _ text: String) {
    emit(Event(event: "progress", stage: stage, text: text))
  }

  func note(stage: String, _ text: String) {
    emit(Event(event: "note", stage: stage, text: text))
  }

  func finished(stage: String, summary: String) {
    emit(Event(event: "finished", stage: stage, text: summary))
  }

  func upToDate(stage: String) {
    emit(Event(event: "up-to-date", stage: stage))
  }

  private struct Event: Encodable {
    var event: String
    var stage: String
    var total: Int?
    var unit: String?
    var text: String?
  }

  private func emit(_ event: Event) {
    printNote(jsonLine(event))
  }
}

/// A value as one line of JSON with sorted keys.
func jsonLine(_ value: some Encodable, pretty: Bool = false) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
  return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
}
