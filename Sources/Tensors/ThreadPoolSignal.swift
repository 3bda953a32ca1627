import Glibc

/// Where the threads of a pool sleep, and how they begin.
///
/// @unchecked because the pointers never change and what they point to is made for several threads.
final class ThreadSignal: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let work = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(work, nil)
    pthread_cond_init(done, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(work)
    pthread_cond_destroy(done)
    mutex.deallocate()
    work.deallocate()
    done.deallocate()
  }

  func workerSleep(while condition: () -> Bool) { sleep(on: work, while: condition) }

  func callerSleep(while condition: () -> Bool) { sleep(on: done, while: condition) }

  func wakeWorkers() { wake(work) }

  func wakeCaller() { wake(done) }

  /// Runs `body` on a thread of its own that no signal interrupts; false where the system has none left.
  func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    var everything = sigset_t()
    var before = sigset_t()
    sigfillset(&everything)
    pthread_sigmask(SIG_SETMASK, &everything, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let box = Unmanaged.passRetained(ThreadBody(run: body))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        argument.map { Unmanaged<ThreadBody>.fromOpaque($0).takeRetainedValue().run() }
        return nil
      }, box.toOpaque())
    guard status == 0 else {
      box.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  private func sleep(on signal: UnsafeMutablePointer<pthread_cond_t>, while condition: () -> Bool) {
    pthread_mutex_lock(mutex)
    while condition() { pthread_cond_wait(signal, mutex) }
    pthread_mutex_unlock(mutex)
  }

  private func wake(_ signal: UnsafeMutablePointer<pthread_cond_t>) {
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(signal)
    pthread_mutex_unlock(mutex)
  }
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(run: @escaping @Sendable () -> Void) { self.run = run }
}
