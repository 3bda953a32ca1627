import Captioning
import Chat
import Dataset
import Store

extension CaptionEndpoint {
  /// The caption that a raw answer holds, or why it holds none.
  func caption(in response: ResponseRecord, of clip: String) -> Result<[CaptionDraft], CaptioningError> {
    Result { () throws(CaptioningError) in [try draft(response, clip)] }
  }

  private func draft(_ response: ResponseRecord, _ clip: String) throws(CaptioningError) -> CaptionDraft {
    let without = { (reason: String) in CaptioningError.notGenerated(clip: clip, model: model, reason: reason) }
    guard response.status < 400 else {
      let words = captionText(String(decoding: response.body.prefix(300), as: UTF8.self))
      throw without("the endpoint refused the request with status \(response.status): '\(words)'")
    }
    let reply: ChatReply
    do {
      reply = try ChatReply(parsing: response.body)
    } catch {
      throw without("\(error)".hasSuffix(".") ? String("\(error)".dropLast()) : "\(error)")
    }
    if let refusal = reply.refusal { throw without("the model declined: '\(captionText(refusal))'") }
    let (isCut, text) = (reply.isCut, captionText(reply.answer))
    guard !text.isEmpty else {
      throw without(isCut ? "its \(maxTokens) tokens were used up before a caption" : "the answer is empty")
    }
    return CaptionDraft(
      text: isCut ? wholeSentences(of: text) : text, model: reply.model.map(Self.name) ?? model,
      revision: reply.systemFingerprint.map(Self.name),
      sampling: sampling, meanLogProbability: Self.meanLogProbability(response.body),
      remark: isCut ? cutOffRemark(maxTokens: maxTokens) : nil)
  }

  /// A name that a server gives, as it is stored and shown: without control characters, and not endless.
  private static func name(_ text: String) -> String { String(captionText(text).prefix(200)) }

  /// Of the tokens of the first choice; nil where the server does not tell.
  private static func meanLogProbability(_ body: [UInt8]) -> Double? {
    let choice = JSONValue(parsing: body)?["choices"]?.arrayValue?.first
    let tokens = choice?["logprobs"]?["content"]?.arrayValue?.compactMap { $0["logprob"]?.doubleValue } ?? []
    guard !tokens.isEmpty else { return nil }
    let mean = tokens.reduce(0, +) / Double(tokens.count)
    return mean.isFinite ? mean : nil
  }
}
