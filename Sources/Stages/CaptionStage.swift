import Audio
import Captioning
import Dataset
import Foundation
import Pipelines
import Store

/// Describes each clip in words, by one captioner or several.
struct CaptionStage: Stage {
  let name = "caption"
  let scope = StageScope.clips
  private let captioners: [any Captioner]

  static let captionerNames = ["acoustic", "manifest"]

  init(_ section: Section) throws {
    let names = try section.strings("with", default: ["acoustic"])
    guard !names.isEmpty else { throw section.badValue("with", wanted: "a captioner, or a list of at least one") }
    let column = try section.string("column", default: "caption")
    captioners = try names.map { name throws(StagesError) -> any Captioner in
      switch name {
      case "acoustic": AcousticCaptioner()
      case "manifest": ManifestCaptioner(column: column)
      default: throw .unknownCaptioner(name, known: Self.captionerNames)
      }
    }
  }

  var parts: [String: String] {
    var parts: [String: String] = [:]
    for captioner in captioners {
      parts["captioner \(captioner.name)"] = captioner.identity.sorted { $0.key < $1.key }
        .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    return parts
  }

  func run(_ context: StageContext) async throws -> String {
    let root = try AudioRoot(context.store)
    let tally = Tally()
    var pages = context.pendingPages()
    let work = ParallelWork<ClipRecord, CaptionedClip>(threads: context.threads, chunk: 1)
    try await work.run(
      page: { try pages.next() },
      work: { clips in try self.caption(clips, root, context, tally) },
      commit: { captioned in
        try context.store.commit(
          captions: captioned.map { ($0.clip, $0.keys, $0.made) }, context.place)
        context.progress.advanced(stage: name, by: captioned.count)
      })
    for (reason, count) in tally.counts {
      context.progress.note(stage: name, "\(counted(count, "clip")) not captioned: \(reason)")
    }
    return counted(try context.store.doneCount(stage: name), "clip")
      + " captioned by \(captioners.map(\.name).joined(separator: ", "))"
  }

  private struct CaptionedClip: Sendable {
    var clip: String
    var keys: [String]
    var made: [CaptionRecord]
  }

  /// Captions those clips that have no caption under their key. A clip whose audio cannot be read any more stays
  /// pending.
  private func caption(_ clips: [ClipRecord], _ root: AudioRoot, _ context: StageContext, _ tally: Tally) throws
    -> [CaptionedClip]
  {
    var waveforms: [String: Waveform] = [:]
    var results = clips.map { CaptionedClip(clip: $0.id, keys: [], made: []) }
    var unreadable: Set<String> = []
    for captioner in captioners {
      var waiting: [(index: Int, key: String, input: CaptionInput)] = []
      for (index, clip) in clips.enumerated() where !unreadable.contains(clip.id) {
        let key = Self.key(captioner, clip)
        results[index].keys.append(key)
        guard try context.store.captionKeys(of: clip.id, among: [key]).isEmpty else { continue }
        do {
          if captioner.needsAudio && waveforms[clip.id] == nil { waveforms[clip.id] = try root.waveform(of: clip) }
        } catch {
          tally.add("\(error)")
          unreadable.insert(clip.id)
          continue
        }
        let waveform = waveforms[clip.id] ?? Waveform(samples: [], sampleRate: Waveform.modelRate)
        waiting.append(
          (index, key, CaptionInput(clip: clip.id, waveform: waveform, labels: clip.labels, metadata: clip.metadata)))
      }
      let drafts = try captioner.captions(for: waiting.map(\.input))
      for (item, draft) in zip(waiting, drafts) {
        results[item.index].made.append(Self.record(captioner.name, key: item.key, draft))
      }
    }
    return results.filter { !unreadable.contains($0.clip) }
  }

  private static func record(_ captioner: String, key: String, _ draft: Result<CaptionDraft, CaptioningError>)
    -> CaptionRecord
  {
    switch draft {
    case .success(let draft):
      CaptionRecord(captioner: captioner, key: key, text: draft.text, facts: draft.facts)
    case .failure(let error):
      CaptionRecord(
        captioner: captioner, key: key, text: nil, code: ReasonCode.noCaption.rawValue, detail: "\(error)")
    }
  }

  /// Digest of everything a caption depends on.
  private static func key(_ captioner: any Captioner, _ clip: ClipRecord) -> String {
    var parts = [captioner.name, clip.sha256]
    for (name, value) in captioner.identity.sorted(by: { $0.key < $1.key }) { parts += [name, value] }
    parts.append("labels")
    parts += clip.labels
    if !captioner.needsAudio {
      for (name, value) in clip.metadata.sorted(by: { $0.key < $1.key }) { parts += [name, value] }
    }
    return ContentID.make(domain: "earshot caption 1", parts)
  }
}
