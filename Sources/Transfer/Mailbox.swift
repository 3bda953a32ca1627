import CCurl
import Synchronization

/// A transfer that waits for the curl thread to start it.
struct PendingTransfer: Sendable {
  let id: UInt64
  let request: HTTPRequest
  let destination: Destination
  let sink: BodySink?
  let then: CheckedContinuation<Result<HTTPResponse, TransferError>, Never>
}

/// What other threads leave for the curl thread, which is woken for it.
final class Mailbox: Sendable {
  enum Letter: Sendable {
    case start(PendingTransfer)
    case cancel(UInt64)
  }

  private struct State {
    var letters: [Letter] = []
    var isOpen = true
    var bell: CurlBell?
    var lastID: UInt64 = 0
  }

  private let state = Mutex(State())

  func nextID() -> UInt64 {
    state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
  }

  /// Hands a letter over; in a closed mailbox a transfer fails at once.
  func post(_ letter: Letter) {
    let isOpen = state.withLock { state in
      guard state.isOpen else { return false }
      state.letters.append(letter)
      state.bell?.ring()
      return true
    }
    if !isOpen, case .start(let pending) = letter { pending.then.resume(returning: .failure(.closed)) }
  }

  func close() {
    state.withLock { state in
      state.isOpen = false
      state.bell?.ring()
    }
  }

  /// From now on a letter rings `bell`; nil before the thing that it wakes is freed.
  func attach(_ bell: CurlBell?) {
    state.withLock { $0.bell = bell }
  }

  /// The letters that came since the last call, and whether more may come.
  func empty() -> (letters: [Letter], isOpen: Bool) {
    state.withLock { state in
      defer { state.letters = [] }
      return (state.letters, state.isOpen)
    }
  }
}
