import Captioning
import Foundation
import Pipelines
import Store

/// A prompt of the `caption` stage: what a model that hears the clip is asked to say of it.
struct CaptionPrompt: Sendable {
  /// As the store keeps it.
  let record: PromptRecord
  private let prompt: Prompt

  private static let offered = ["labels[].text"]

  /// From the section's `prompt`, which must be set.
  init(_ section: Section) throws {
    let path = try section.path("prompt")
    prompt = try Prompt(path: path)
    try prompt.check(stage: "caption", gives: Self.offered)
    record = PromptRecord(
      hash: prompt.hash, name: prompt.name, text: try String(contentsOfFile: path, encoding: .utf8))
  }

  /// The prompt's turns for a clip; the clip itself comes before the text of the last.
  func turns(labels: [String]) throws(PipelineError) -> [CaptionTurn] {
    try prompt.render(["labels": .list(labels.map { ["text": .text($0)] })]).map { message in
      CaptionTurn(role: CaptionTurn.Role(message.role), text: message.text)
    }
  }
}

extension CaptionTurn.Role {
  init(_ role: Prompt.Role) {
    self =
      switch role {
      case .system: .system
      case .user: .user
      case .assistant: .assistant
      }
  }
}
