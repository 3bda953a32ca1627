import Chat
import Dataset
import Foundation
import Store

/// The request that follows an answer of no use: once with more room where it was cut off, once with what was wrong.
///
/// It depends on the request and its answer alone, so that a replay finds what was asked before.
struct FollowUp: Sendable {
  let endpoint: Endpoint
  /// What the answer is held to.
  let schema: SchemaCheck?

  /// How much more may be written the second time.
  private static let moreRoom = 3
  private static let mostTokens = 131_072

  /// Nil where the answer will do, or nothing better is to be had.
  func request(after reply: ChatReply, to request: EndpointRequest) -> EndpointRequest? {
    let text = reply.answer
    switch ReplyVerdict(text, finishReason: reply.finishReason, refusal: reply.refusal, schema: schema) {
    case .usable, .hopeless: return nil
    case .longer: return request.turn == .first ? longer(request) : nil
    case .repair(let problems):
      return request.turn == .repair ? nil : repaired(request, RepairTurn(reply: text, problems: problems))
    }
  }

  private func longer(_ request: EndpointRequest) -> EndpointRequest? {
    var chat = request.chat
    guard let room = chat.maxTokens, room < Self.mostTokens else { return nil }
    chat.maxTokens = min(Self.mostTokens, room * Self.moreRoom)
    return EndpointRequest(chat, to: endpoint, clip: request.clip, sound: request.sound, turn: .longer)
  }

  private func repaired(_ request: EndpointRequest, _ turn: RepairTurn) -> EndpointRequest {
    var chat = request.chat
    chat.messages += [.assistant(turn.assistant), .user(turn.user)]
    return EndpointRequest(chat, to: endpoint, clip: request.clip, sound: request.sound, turn: .repair)
  }
}
