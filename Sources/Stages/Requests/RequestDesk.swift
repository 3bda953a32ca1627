import Chat
import Pipelines
import Store

/// How the requests of one writer or captioner are treated: which endpoint they go to, what they cost, and what comes
/// after an answer that does not settle the matter.
struct RequestDesk: Sendable {
  let endpoint: Endpoint
  var price = Price()
  var probe: StartUpProbe?
  /// The request that an answer leads to which came whole and is a completion; nil where it will do.
  ///
  /// It depends on nothing but the request and the answer, so that what was asked before is found again in the store.
  var follow: @Sendable (EndpointRequest, ChatReply) -> EndpointRequest? = { _, _ in nil }

  /// How often a question is put whose answers are no completions.
  static let mostAnswers = 3

  /// The request to make after an answer; nil where that settles the matter. `reply` is what the answer says, where that
  /// was read already.
  func request(
    after response: ResponseRecord, saying reply: ChatReply? = nil, to request: EndpointRequest
  ) -> EndpointRequest? {
    guard response.status < 400 else { return nil }
    guard response.isUsable else {
      return request.salt < Self.mostAnswers - 1 ? request.again(to: endpoint) : nil
    }
    guard let reply = reply ?? (try? ChatReply(parsing: response.body)) else { return nil }
    return follow(request, reply)
  }

  /// A request whose answer clips wait for.
  struct Open: Sendable {
    var first: EndpointRequest
    /// The one to be made for it now: itself, or one that its answers led to.
    var next: EndpointRequest
  }

  /// How far the requests for one answer came.
  struct Progress {
    /// The key of the last answer; nil where there is none.
    var answered: String?
    /// The request that is to be made now; nil where the matter is settled.
    var next: EndpointRequest?
  }

  /// What the store knows of a request and of those that its answers lead to.
  func progress(of first: EndpointRequest, in store: RunStore) throws(StoreError) -> Progress {
    var progress = Progress(next: first)
    while let request = progress.next, let response = try store.response(to: request.key) {
      progress = Progress(answered: request.key, next: self.request(after: response, to: request))
    }
    return progress
  }
}
