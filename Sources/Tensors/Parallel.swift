import CKernels
import Synchronization

/// Runs the parts of one loop on several threads.
///
/// There is one pool for the process. A call while another one runs, be it nested in it or from another thread, does
/// its whole loop on the calling thread instead of waiting for threads that have work.
public enum Parallel {
  /// Calls `body` with ranges that together cover `0..<count` once, from several threads, and returns when all are done.
  ///
  /// Each range but the last has a multiple of `grain` indices. `body` must not write what another range's call reads.
  /// The ranges go to whoever is free, large ones first, so a thread that loses its core holds up only its own.
  public static func forEach(_ count: Int, grain: Int = 1, _ body: (Range<Int>) -> Void) {
    precondition(grain > 0, "a range has at least one index")
    guard count > 0 else { return }
    let threads = Parallel.threads
    guard threads > 1, count > grain else { return body(0..<count) }
    withoutActuallyEscaping(body) { body in
      pool.run(ThreadPool.Loop(count: count, grain: grain, threads: threads, body: body))
    }
  }

  /// The number of threads of a loop: as many as there are cores for this process, or fewer where set so; at least 1.
  public static var threads: Int {
    get { min(cores, limit.load(ordering: .relaxed)) }
    set { limit.store(max(1, newValue), ordering: .relaxed) }
  }

  /// The number of cores this process may run on.
  public static let cores = threads_cores()

  private static let limit = Atomic<Int>(.max)
  private static let pool = ThreadPool()
}
