import Foundation

/// Sends HTTP requests, any number at a time, all of them on one thread of its own that runs libcurl's multi interface.
///
/// Connections are kept and used again; HTTP/2 is used where the server offers it; gzip is unpacked; certificates are
/// always verified; a redirect is followed for GET and HEAD, never for POST, never from https to http, and without
/// credentials where it leads to another server. The environment's proxies hold (`https_proxy`, `no_proxy`), but never
/// for this machine itself.
public final class HTTPClient: Sendable {
  private let mailbox = Mailbox()

  public init(userAgent: String = "earshot") {
    let mailbox = mailbox
    let thread = Thread { CurlLoop(mailbox: mailbox, userAgent: userAgent).run() }
    thread.name = "earshot-curl"
    thread.start()
  }

  deinit {
    mailbox.close()
  }

  /// Ends the thread; what is in flight fails with `TransferError.closed`, and so does whatever is sent later.
  public func shutdown() {
    mailbox.close()
  }

  /// The whole answer to `request`, whatever its status. Cancelling the task aborts the transfer at once.
  public func send(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
    try await follow(request, sink: nil)
  }

  /// As `send`, with the body going to `sink` as it comes.
  public func download(_ request: HTTPRequest, to sink: BodySink) async throws(TransferError) -> HTTPResponse {
    try await follow(request, sink: sink)
  }

  private func follow(_ request: HTTPRequest, sink: BodySink?) async throws(TransferError) -> HTTPResponse {
    var request = request
    var (seconds, newConnections) = (0.0, 0)
    for _ in 0...Redirect.limit {
      var response = try await exchange(request, sink: sink)
      seconds += response.seconds
      newConnections += response.newConnections
      guard let next = try Redirect.next(after: request, response) else {
        response.seconds = seconds
        response.newConnections = newConnections
        return response
      }
      request = next
    }
    throw .other(code: Redirect.tooManyCode, text: "redirected more than \(Redirect.limit) times")
  }

  private func exchange(_ request: HTTPRequest, sink: BodySink?) async throws(TransferError) -> HTTPResponse {
    let destination = try Destination(of: request.url)
    try request.headers.validate()
    let id = mailbox.nextID()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let pending = PendingTransfer(
          id: id, request: request, destination: destination, sink: sink, then: continuation)
        mailbox.post(.start(pending))
        // A cancellation that came before the line above found nothing to cancel.
        if Task.isCancelled { mailbox.post(.cancel(id)) }
      }
    } onCancel: {
      mailbox.post(.cancel(id))
    }
    return try result.get()
  }
}
