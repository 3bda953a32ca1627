import Foundation
import Models
import Synchronization

/// A pull's progress on a terminal; elsewhere nothing is shown.
final class PullScreen: Sendable {
  private struct State {
    var total = 0
    var there = 0
    var speed = TransferSpeed()
    var drawn = 0.0
    var isLineShown = false
  }

  private let model: String
  private let terminal: Terminal
  private let state = Mutex(State())

  init(model: String, terminal: Terminal = .standardError) {
    self.model = model
    self.terminal = terminal
  }

  func show(_ event: PullEvent) {
    guard terminal.isInteractive else { return }
    let now = Double(DispatchTime.now().uptimeNanoseconds) / 1e9
    state.withLock { state in
      switch event {
      case .listed(let commit, let files, let bytes):
        state.total = bytes
        printNote("\(model) at \(commit.prefix(8)): \(Quantity.count(files, "files")), \(Quantity.bytes(bytes))")
      case .checking(let file, let bytes):
        guard bytes >= 1_000_000_000 else { return }
        clear(&state)
        printNote("\(file): checking the \(Quantity.bytes(bytes)) that are there")
      case .found(let bytes): state.there += bytes
      case .received(let bytes):
        state.there += bytes
        state.speed.add(bytes, at: now)
      case .waiting(let file, let reason, let seconds):
        clear(&state)
        printNote("\(file): \(reason) Trying again in \(Quantity.duration(seconds)).")
      }
      guard now - state.drawn >= 0.1 else { return }
      state.drawn = now
      draw(&state, now)
    }
  }

  /// Takes the progress off the screen.
  func clear() { state.withLock { clear(&$0) } }

  /// Leaves a last line, where there was any progress.
  func finish() {
    state.withLock { state in
      clear(&state)
      guard terminal.isInteractive, state.speed.bytes > 0 else { return }
      printNote("\(Quantity.bytes(state.speed.bytes)) pulled in \(Quantity.duration(state.speed.seconds))")
    }
  }

  private func draw(_ state: inout State, _ now: Double) {
    let share = "\(Quantity.bytes(max(0, state.there))) of \(Quantity.bytes(state.total))"
    var tail = share
    if let speed = state.speed.bytesPerSecond(at: now), speed >= 1 {
      let left = Double(max(0, state.total - state.there)) / speed
      tail += "  \(Quantity.bytes(Int(speed)))/s"
      if left < 1e7 { tail += "  \(Quantity.duration(left)) left" }
    }
    let room = min(terminal.columns - tail.count - 4, 30)
    var line = tail
    if room >= 6, state.total > 0 {
      let filled = min(room, max(0, Int(Double(room) * Double(state.there) / Double(state.total))))
      line = String(repeating: "█", count: filled) + String(repeating: "░", count: room - filled) + "  " + tail
    }
    write("\r\u{1B}[K" + line.prefix(max(1, terminal.columns - 1)), to: Screen.descriptor)
    state.isLineShown = true
  }

  private func clear(_ state: inout State) {
    if state.isLineShown { write("\r\u{1B}[K", to: Screen.descriptor) }
    state.isLineShown = false
  }
}

/// How fast bytes come, over the last few seconds.
struct TransferSpeed {
  private static let window = 10.0

  /// Bytes that came at all.
  private(set) var bytes = 0
  private var first: Double?
  private var last = 0.0
  private var recent: [(time: Double, bytes: Int)] = []

  /// Seconds between the first and the last bytes.
  var seconds: Double { first.map { last - $0 } ?? 0 }

  /// Less than nothing, for bytes that have to come again, counts for nothing.
  mutating func add(_ count: Int, at time: Double) {
    guard count > 0 else { return }
    bytes += count
    first = first ?? time
    last = time
    // A tenth of a second an entry is fine enough, and keeps the list short.
    if let newest = recent.last, time - newest.time < 0.1 {
      recent[recent.count - 1].bytes += count
    } else {
      recent.append((time, count))
    }
    recent.removeAll { time - $0.time > Self.window }
  }

  /// Nil in the first second.
  func bytesPerSecond(at time: Double) -> Double? {
    guard let first, time - first >= 1 else { return nil }
    let sum = recent.reduce(0) { $0 + (time - $1.time <= Self.window ? $1.bytes : 0) }
    return Double(sum) / min(Self.window, time - first)
  }
}
