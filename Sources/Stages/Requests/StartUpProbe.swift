import Chat
import Foundation
import Pipelines
import Store

/// What is found out about an endpoint before a stage's first request goes out, or was found out before.
struct StartUpProbe: Sendable {
  let model: String
  /// Whether the model is to be sent sounds.
  let needsAudio: Bool
  let cache: EndpointTraitsCache

  /// Nil where the section says `probe: false`, for the stand-in, which is a part of this program, and where there is no
  /// place to keep what is found: then every pass would have to ask anew.
  init?(_ access: EndpointAccess, model: String, needsAudio: Bool) {
    guard access.isProbed, !access.isBuiltin,
      let folder = EndpointTraitsCache.usualFolder(in: ProcessInfo.processInfo.environment)
    else { return nil }
    (self.model, self.needsAudio) = (model, needsAudio)
    cache = EndpointTraitsCache(folder: folder)
  }

  /// Lets the client ask as the endpoint wants to be asked. Throws where the model is to hear and does not, and where the
  /// endpoint cannot be asked at all.
  func run(_ client: ChatClient, _ context: StageContext, send: @escaping EndpointProbe.Send) async throws {
    let probe = EndpointProbe(client: client, model: model, audio: needsAudio, send: send)
    let result = try await probe.run(cache: cache)
    client.heed(result.traits)
    if let problem = result.problem { context.progress.note(stage: context.place.name, "\(problem)") }
    if result.date == nil { context.progress.note(stage: context.place.name, told(result.traits)) }
    if needsAudio, let audio = result.traits.audio, audio.value == .no {
      throw StagesError.doesNotHear(model: model, endpoint: result.traits.endpoint, evidence: audio.evidence)
    }
  }

  private func told(_ traits: EndpointTraits) -> String {
    let found = traits.lines.map { "\($0.trait) \($0.found)" }.joined(separator: ", ")
    return "\(model) at \(traits.endpoint), found with \(counted(traits.requests, "request")): \(found)"
  }
}
