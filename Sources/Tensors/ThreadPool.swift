import CKernels
import Glibc
import Synchronization

/// Threads that share the ranges of one loop at a time with the thread that called.
///
/// A thread without work looks for it for some 25 µs, which bridges the gaps between the steps of a model, and then
/// sleeps: spinning longer would take the core from someone who has work.
///
/// @unchecked because `loop` is written only by the owner of `busy` while no worker is inside, which `state` counts.
final class ThreadPool: @unchecked Sendable {
  /// What is to be done.
  struct Loop {
    var count: Int
    var grain: Int
    var threads: Int
    var body: (Range<Int>) -> Void
  }

  private var loop: Loop?
  private var started = 0
  private let busy = Atomic<Bool>(false)
  /// The first grain that nobody took yet.
  private let next = Atomic<Int>(0)
  /// The number of workers inside the loop (16 bits), whether more may enter (1 bit), and the number of the loop.
  private let state = Atomic<UInt64>(0)
  private let sleepers = Atomic<Int>(0)
  private let callerSleeps = Atomic<Bool>(false)
  private let lock = ThreadSignal()

  private static let open: UInt64 = 1 << 16
  private static let inside: UInt64 = open - 1
  private static let spins = 400

  private static func number(_ state: UInt64) -> UInt64 { state >> 17 }

  /// Runs `loop` to its end, alone where another loop runs already.
  func run(_ loop: Loop) {
    guard busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      return loop.body(0..<loop.count)
    }
    startWorkers(loop.threads - 1)
    self.loop = loop
    next.store(0, ordering: .relaxed)
    let number = Self.number(state.load(ordering: .relaxed)) + 1
    state.store(number << 17 | Self.open, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { lock.wakeWorkers() }
    work(loop)
    state.bitwiseAnd(~Self.open, ordering: .sequentiallyConsistent)
    awaitWorkers()
    self.loop = nil
    busy.store(false, ordering: .releasing)
  }

  /// Takes ranges until none is left: each time a share of what is left, at least one grain.
  private func work(_ loop: Loop) {
    let grains = (loop.count - 1) / loop.grain + 1
    var start = next.load(ordering: .relaxed)
    while start < grains {
      let end = start + max(1, (grains - start) / (2 * loop.threads))
      let (taken, found) = next.compareExchange(expected: start, desired: end, ordering: .relaxed)
      guard taken else {
        start = found
        continue
      }
      loop.body(start * loop.grain..<(end == grains ? loop.count : end * loop.grain))
      start = next.load(ordering: .relaxed)
    }
  }

  private func awaitWorkers() {
    for _ in 0..<Self.spins {
      guard state.load(ordering: .acquiring) & Self.inside > 0 else { return }
      threads_pause()
    }
    callerSleeps.store(true, ordering: .sequentiallyConsistent)
    lock.callerSleep { state.load(ordering: .sequentiallyConsistent) & Self.inside > 0 }
    callerSleeps.store(false, ordering: .relaxed)
  }

  private func startWorkers(_ count: Int) {
    while started < count, lock.startThread({ [started] in self.serve(index: started) }) { started += 1 }
  }

  /// The life of a worker.
  private func serve(index: Int) {
    var seen: UInt64 = 0
    while true {
      seen = awaitLoop(after: seen)
      guard enter(seen) else { continue }
      if let loop, index < loop.threads - 1 { work(loop) }
      state.subtract(1, ordering: .sequentiallyConsistent)
      if callerSleeps.load(ordering: .sequentiallyConsistent) { lock.wakeCaller() }
    }
  }

  /// The number of the current loop, once it is not `seen` any more.
  private func awaitLoop(after seen: UInt64) -> UInt64 {
    for _ in 0..<Self.spins {
      let number = Self.number(state.load(ordering: .acquiring))
      guard number == seen else { return number }
      threads_pause()
    }
    sleepers.add(1, ordering: .sequentiallyConsistent)
    lock.workerSleep { Self.number(state.load(ordering: .sequentiallyConsistent)) == seen }
    sleepers.subtract(1, ordering: .relaxed)
    return Self.number(state.load(ordering: .acquiring))
  }

  /// Counts the calling worker among those inside; false where the loop is over for new ones.
  private func enter(_ number: UInt64) -> Bool {
    var current = state.load(ordering: .relaxed)
    while Self.number(current) == number, current & Self.open > 0 {
      let (entered, found) = state.compareExchange(
        expected: current, desired: current + 1, ordering: .acquiringAndReleasing)
      guard !entered else { return true }
      current = found
    }
    return false
  }
}
