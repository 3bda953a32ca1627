import Dispatch

/// Calls `body` with each number below `count`, on up to `threads` threads of the system's pool and this one, and returns
/// the results in their order. It blocks, so it is not for a task.
func inParallel<Result: Sendable>(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
  guard threads > 1, count > 1 else { return (0..<count).map(body) }
  let workers = min(threads, count)
  var results = [Result?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { results in
    // Each place is written by one worker alone.
    nonisolated(unsafe) let places = results
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      for index in stride(from: worker, to: count, by: workers) { places[index] = body(index) }
    }
  }
  return results.compactMap(\.self)
}
