import CCurl
import Foundation

/// The curl thread's work: takes letters from the mailbox, moves the transfers, tells those who wait.
final class CurlLoop {
  private let mailbox: Mailbox
  private let options: CurlOptions
  private var transfers: [UnsafeMutableRawPointer: ActiveTransfer] = [:]
  private var handles: [UInt64: UnsafeMutableRawPointer] = [:]
  /// When a transfer may have been silent too long; activity only puts that off.
  private var idleCheck: SuspendingClock.Instant?

  init(mailbox: Mailbox, userAgent: String) {
    self.mailbox = mailbox
    options = CurlOptions(userAgent: userAgent)
  }

  /// Returns once the mailbox is closed.
  func run() {
    Self.blockBrokenPipeSignal()
    guard let multi = CurlMulti() else {
      mailbox.close()
      failLetters(mailbox.empty().letters)
      return
    }
    mailbox.attach(multi.bell)
    while true {
      let (letters, isOpen) = mailbox.empty()
      guard isOpen else {
        failLetters(letters)
        break
      }
      for letter in letters { obey(letter, multi) }
      multi.perform()
      while let (easy, code) = multi.nextFinished() { end(transfers[easy], multi) { $0.outcome(of: code) } }
      multi.wait(milliseconds: expireIdle(multi))
    }
    mailbox.attach(nil)
    for transfer in transfers.values { end(transfer, multi) { _ in .failure(.closed) } }
  }

  private func obey(_ letter: Mailbox.Letter, _ multi: borrowing CurlMulti) {
    switch letter {
    case .start(let pending): start(pending, multi)
    case .cancel(let id):
      end(handles[id].flatMap { transfers[$0] }, multi) { _ in .failure(.cancelled) }
    }
  }

  private func start(_ pending: PendingTransfer, _ multi: borrowing CurlMulti) {
    do throws(TransferError) {
      let transfer = try ActiveTransfer(pending, options: options)
      guard multi.add(transfer.easy) else {
        return transfer.finish(.failure(.other(code: Int(CURLE_FAILED_INIT.rawValue), text: "cannot start a transfer")))
      }
      transfers[transfer.easy.handle] = transfer
      handles[pending.id] = transfer.easy.handle
      idleCheck = min(idleCheck ?? transfer.idleDeadline, transfer.idleDeadline)
    } catch {
      pending.then.resume(returning: .failure(error))
    }
  }

  /// Takes a transfer out; its result is read only then, when libcurl no longer writes to it.
  private func end(
    _ transfer: ActiveTransfer?, _ multi: borrowing CurlMulti,
    _ result: (ActiveTransfer) -> Result<HTTPResponse, TransferError>
  ) {
    guard let transfer else { return }
    multi.remove(transfer.easy)
    transfers[transfer.easy.handle] = nil
    handles[transfer.pending.id] = nil
    transfer.finish(result(transfer))
  }

  /// Gives up what has been silent too long; returns the milliseconds until the next one might be.
  private func expireIdle(_ multi: borrowing CurlMulti) -> Int {
    guard let check = idleCheck else { return 60_000 }
    let now = SuspendingClock.now
    if check <= now {
      for transfer in transfers.values where transfer.idleDeadline <= now {
        end(transfer, multi) { .failure(.idle(seconds: $0.pending.request.idleTimeout)) }
      }
      idleCheck = transfers.values.map(\.idleDeadline).min()
    }
    guard let next = idleCheck else { return 60_000 }
    let left = now.duration(to: next)
    return Int(min(60, left / .seconds(1)) * 1000) + 1
  }

  private func failLetters(_ letters: [Mailbox.Letter]) {
    for case .start(let pending) in letters { pending.then.resume(returning: .failure(.closed)) }
  }

  /// OpenSSL's writes raise SIGPIPE when the other side is gone, which would end the process.
  private static func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}
