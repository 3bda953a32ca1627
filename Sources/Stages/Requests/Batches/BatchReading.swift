import Chat
import Store

/// What the lines of a batch's files mean.
struct BatchReading: Sendable {
  let desk: RequestDesk
  let client: ChatClient
  let batch: BatchRecord
  /// Whether the endpoint is known to answer: then a request that it will not have is that request's own fault.
  let isWorking: Bool

  /// What becomes of a request.
  enum Fate: Sendable, Equatable {
    case answered
    /// To be made again, in another batch.
    case again(String)
    /// To be made again, asking less strictly; no fault of the request's.
    case otherForm
    /// The endpoint will not have it.
    case refused(String)
  }

  struct Item: Sendable {
    var key: String
    var fate: Fate
    var outcome: BatchOutcome
    /// What an answer cost; nil where it does not tell.
    var charge: Charge?
  }

  func item(_ answer: BatchAnswer) -> Item {
    guard let status = answer.status else {
      let reason = [answer.code, answer.message].compactMap(\.self).joined(separator: ": ")
      return item(answer, .again(reason))
    }
    if (200..<300).contains(status) { return answered(answer, status) }
    if let spelling = batch.spelling, client.isRefusal(of: spelling, by: batch.model, answer) {
      return item(answer, .otherForm)
    }
    let reason = "status \(status): \(client.beginning(of: answer.body))"
    switch status {
    case 408, 409, 429, 500...599: return item(answer, .again(reason), mayBeBilled: status == 504 || status == 524)
    case 400, 413, 422:
      guard isWorking else { return item(answer, .refused(reason)) }
      // The endpoint works, and will not have this one request: that is its answer.
      let response = ResponseRecord(
        status: status, promptTokens: 0, completionTokens: 0, seconds: 0, format: "", headers: "{}", body: answer.body)
      return Item(key: answer.customID, fate: .answered, outcome: .answered(response), charge: Charge())
    default: return item(answer, .refused(reason))
    }
  }

  private func item(_ answer: BatchAnswer, _ fate: Fate, mayBeBilled: Bool = false) -> Item {
    let reason =
      switch fate {
      case .again(let reason), .refused(let reason): reason
      case .otherForm, .answered: "the form that it has is refused"
      }
    return Item(key: answer.customID, fate: fate, outcome: .failed(reason, mayBeBilled: mayBeBilled))
  }

  private func answered(_ answer: BatchAnswer, _ status: Int) -> Item {
    let reply = try? ChatReply(parsing: answer.body)
    let (prompt, completion) = (reply?.promptTokens ?? 0, reply?.completionTokens ?? 0)
    // Where tokens of sound have a price of their own and are not told apart, all count at the dearer one.
    let isSoundDearer = (desk.price.audio ?? 0) > (desk.price.input ?? 0)
    let audio = min(prompt, reply?.audioTokens ?? (isSoundDearer ? prompt : 0))
    let charge =
      prompt + completion > 0 ? desk.price.charge(prompt: prompt, audio: audio, completion: completion) : nil
    let headers = JSONValue.object(answer.requestID.map { ["x-request-id": .string($0)] } ?? [:])
    let response = ResponseRecord(
      status: status, isUsable: reply != nil, promptTokens: prompt, completionTokens: completion, seconds: 0,
      format: batch.format, headers: headers.canonicalText, body: answer.body, usd: charge?.usd)
    return Item(key: answer.customID, fate: .answered, outcome: .answered(response), charge: charge)
  }
}
