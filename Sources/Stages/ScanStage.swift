import Audio
import Dataset
import Foundation
import Pipelines
import Store

/// Finds the audio, decodes what is new or changed, and makes clips of it.
struct ScanStage: Stage {
  let name = "scan"
  let scope = StageScope.sources
  let unit = "files"
  private let audio: String
  private let manifest: String?
  private let labelsFromFolders: Bool
  private let decoder: SourceDecoder
  private let demoClips: Int
  private let demoSeed: Int

  /// What `scan.audio` says for the demo set that Earshot makes itself.
  static let demo = "synth"

  init(_ section: Section) throws {
    audio = try section.path("audio", words: [Self.demo])
    manifest = try section.optionalPath("manifest")
    labelsFromFolders = try section.choice("labels", of: ["manifest", "folders"], default: "manifest") == "folders"
    decoder = SourceDecoder(
      window: try section.optionalDuration("window", in: 0.1...3600),
      shortest: try section.duration("shortest", in: 0...3600, default: 0.1),
      longest: try section.duration("longest", in: 0.1...86_400, default: 300))
    demoClips = try section.int("demo_clips", in: 1...100_000, default: 64)
    demoSeed = try section.int("demo_seed", in: 0...Int(Int32.max), default: 1)
  }

  var parts: [String: String] {
    [
      "version": "1", "window": decoder.window.map { "\($0) s" } ?? "none", "shortest": "\(decoder.shortest) s",
      "longest": "\(decoder.longest) s",
    ]
  }

  func forecast(_ context: StageContext, changed: Bool) async throws -> StageForecast {
    if audio == Self.demo && !FileManager.default.fileExists(atPath: root(context).path) {
      return StageForecast(count: demoClips, unit: unit)
    }
    let listing = try listing(context)
    let sample = listing.sample(context.limit)
    let isNew = try changed || isOtherFolder(root(context), context)
    let count =
      isNew
      ? sample?.count ?? listing.sources.count
      : try context.store.forecast(listing.sources, sample: sample)
    return StageForecast(count: count, unit: unit)
  }

  func run(_ context: StageContext) async throws -> String {
    guard try context.store.stage(named: "import") == nil else { throw StagesError.otherKindOfRun(context.folder.path) }
    let root = root(context)
    if audio == Self.demo { try makeDemoSet(in: root) }
    let listing = try listing(context)
    for note in listing.notes { context.progress.note(stage: name, note) }
    if try isOtherFolder(root, context) { try context.store.renewSources() }
    let change = try context.store.list(listing.sources, context.place)
    try root.remember(in: context.store)
    try await decode(listing, root, context)
    return try summary(change, context)
  }

  private func isOtherFolder(_ root: AudioRoot, _ context: StageContext) throws -> Bool {
    guard let before = try context.store.setting(AudioRoot.setting) else { return false }
    return before != root.path
  }

  private func root(_ context: StageContext) -> AudioRoot {
    guard audio == Self.demo else { return AudioRoot(path: AudioRoot.absolute(audio)) }
    return AudioRoot(path: AudioRoot.absolute(context.folder.path) + "/demo-\(demoClips)-\(demoSeed)")
  }

  private func listing(_ context: StageContext) throws -> SourceList {
    try SourceList(
      folder: AudioFolder(root: root(context).path), manifest: manifest, labelsFromFolders: labelsFromFolders)
  }

  /// Makes the demo set where it is missing; under a name of its own first, so that half a set is never taken for one.
  private func makeDemoSet(in root: AudioRoot) throws {
    guard !FileManager.default.fileExists(atPath: root.path) else { return }
    let partial = root.path + ".partial"
    try? FileManager.default.removeItem(atPath: partial)
    try writeDemoSet(to: partial, count: demoClips, seed: UInt64(demoSeed))
    guard rename(partial, root.path) == 0 else {
      throw StagesError.cannotWrite(root.path, reason: String(cString: strerror(errno)))
    }
  }

  private func decode(_ listing: SourceList, _ root: AudioRoot, _ context: StageContext) async throws {
    let chosen = listing.sample(context.limit)
    let waiting = try context.store.forecast(listing.sources, sample: chosen)
    guard waiting > 0 else { return }
    context.progress.learned(stage: name, total: waiting)
    var last = ""
    let work = ParallelWork<PendingSource, ScannedSource>(threads: context.threads, chunk: 4)
    try await work.run(
      page: {
        while true {
          let page = try context.store.pendingSources(from: last, limit: 1024)
          guard let end = page.last else { return [] }
          last = end.path
          let wanted = chosen.map { chosen in page.filter { chosen.contains($0.path) } } ?? page
          if !wanted.isEmpty { return wanted }
        }
      },
      work: { sources in sources.map { decoder.decode($0, in: root) } },
      commit: { scanned in
        try context.store.commit(scanned, context.place)
        context.progress.advanced(stage: name, by: scanned.count)
      })
  }

  private func summary(_ change: ListingChange, _ context: StageContext) throws -> String {
    let status = try context.store.status()
    let rejected = status.rejections.filter { $0.stage == name }
    var text = "\(counted(status.clips, "clip")) from \(counted(status.sources, "file"))"
    let repeats = try context.store.repeatCount()
    if repeats > 0 { text += ", \(repeats) of them the same sound as another" }
    if change.gone > 0 { text += ", \(counted(change.gone, "file")) gone" }
    if status.pendingSources > 0 { text += ", \(counted(status.pendingSources, "file")) left for later (--limit)" }
    if !rejected.isEmpty {
      text += "; not used: " + rejected.map { "\($0.count) \($0.code)" }.joined(separator: ", ")
    }
    return text
  }
}
