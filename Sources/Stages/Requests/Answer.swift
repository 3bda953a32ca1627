import Chat
import Store

/// An answer as it is stored, what it says, and what it cost.
struct Answer: Sendable {
  var response: ResponseRecord
  /// Nil where it is no completion, or was not read yet.
  var reply: ChatReply?
  var charge = Charge()

  init(response: ResponseRecord) {
    self.response = response
  }

  /// The charge is as much as it could be where the answer does not tell.
  init(_ raw: RawResponse, to request: EndpointRequest, at price: Price) {
    let reply = try? ChatReply(parsing: raw.body)
    charge = request.charge(of: reply, at: price)
    response = ResponseRecord(
      status: raw.status, isUsable: reply != nil, promptTokens: reply?.promptTokens ?? 0,
      completionTokens: reply?.completionTokens ?? 0, seconds: raw.seconds, format: raw.output.rawValue,
      headers: raw.headersJSON, body: raw.body, usd: charge.usd)
    self.reply = reply
  }
}
