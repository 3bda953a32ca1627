import Captioning

/// Captioners that work on the same clips together: those that share a model, or one alone.
struct CaptionTeam: Sendable {
  let entries: [CaptionEntry]
  let needsAudio: Bool
  /// One result per clip, in their order; `member` is the place of the entry that the captions are for.
  let captions: @Sendable ([(member: Int, clip: CaptionInput)]) throws -> [Result<[CaptionDraft], CaptioningError>]

  /// The captioners that need no model, each alone.
  static func quick(_ entries: [CaptionEntry]) -> [CaptionTeam] {
    entries.compactMap { entry in
      guard case .local(let captioner) = entry.work else { return nil }
      return CaptionTeam(entries: [entry], needsAudio: captioner.needsAudio) { work in
        try captioner.captions(for: work.map(\.clip))
      }
    }
  }

  /// The captioners that are models, those with the same one together, in the order of the first of them.
  static func models(_ entries: [CaptionEntry]) -> [CaptionTeam] {
    var order: [AudioTextModel] = []
    var members: [AudioTextModel: [(entry: CaptionEntry, captioner: ModelCaptioner)]] = [:]
    for entry in entries {
      guard case .model(let captioner, let model) = entry.work else { continue }
      if members[model] == nil { order.append(model) }
      members[model, default: []].append((entry, captioner))
    }
    return order.map { model in
      let team = members[model] ?? []
      let captioners = team.map(\.captioner)
      return CaptionTeam(entries: team.map(\.entry), needsAudio: true) { work in
        try ModelCaptioner.captions(
          of: work.map { ModelCaptioner.Job(captioner: captioners[$0.member], clip: $0.clip) })
      }
    }
  }
}
