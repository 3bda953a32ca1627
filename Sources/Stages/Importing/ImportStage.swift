import Dataset
import Foundation
import Pipelines
import Store

/// Takes questions from sets that were made elsewhere, in the place of scan, caption, write and check: reads their rows,
/// decodes the sounds that they name, and makes clips and questions of them.
struct ImportStage: Stage {
  let name = "import"
  let scope = StageScope.sources
  let unit = "sounds"
  let settings: ImportSettings

  init(_ section: Section) throws { settings = try ImportSettings(section) }

  var parts: [String: String] { settings.parts }

  func pending(_ context: StageContext) throws -> Int {
    let isOutdated = try context.store.isImportOutdated() ? 1 : 0
    return try context.store.unreadImportFiles().count + context.store.pendingSourceCount() + isOutdated
  }

  func forecast(_ context: StageContext, changed: Bool) async throws -> StageForecast {
    let listings = try ImportFiles(settings).listings
    let count = changed ? listings.count : try context.store.forecast(importFiles: listings)
    return StageForecast(count: count, unit: "files", text: count == 0 ? nil : "read \(counted(count, "file")) of sets")
  }

  func run(_ context: StageContext) async throws -> String {
    guard try context.store.stage(named: "scan") == nil else { throw StagesError.otherKindOfRun(context.folder.path) }
    let files = try ImportFiles(settings)
    let own = RunFolder(path: AudioRoot.absolute(context.folder.path))
    if files.sources[own.database] != nil { throw StagesError.importsItself(context.folder.path) }
    try context.store.list(importFiles: files.listings)
    try AudioRoot(path: settings.hasSounds ? "/" : AudioRoot.noSounds).remember(in: context.store)
    let sounds = EmbeddedSounds(folder: AudioRoot.absolute(context.folder.path) + "/sounds")
    _ = try context.store.renewImportSources { ImportFiles.state(of: "/" + $0) }
    try context.store.reread(importSourcesMissingBelow: String(sounds.folder.dropFirst()))
    for file in try context.store.unreadImportFiles() {
      guard let source = files.sources[file.path] else { continue }
      try await read(file, source, RowKeeper(settings: settings, sounds: sounds), context)
    }
    try context.store.dropUnusedImportSounds()
    try await decode(context)
    try await settle(context)
    return try summary(context)
  }

  private func read(
    _ file: ImportFileRecord, _ source: ImportFiles.Source, _ keeper: RowKeeper, _ context: StageContext
  ) async throws {
    try context.store.beginReading(importFile: file.id)
    let pages = try ImportPages(source, settings)
    var count = 0
    var work = ParallelWork<ImportEntry, ImportRowRecord>(threads: context.threads, chunk: 64)
    work.batch = 2_048
    try await work.run(
      page: { try pages.next() },
      work: { entries in try entries.map { try keeper.record($0) } },
      commit: { rows in
        try context.store.add(rows, to: file.id, context.place)
        count += rows.count
        context.progress.shows(stage: name, "\(count) rows of \(file.set) read")
      })
    try context.store.endReading(importFile: file.id)
  }

  private func decode(_ context: StageContext) async throws {
    let waiting = min(try context.store.pendingSourceCount(), context.limit ?? .max)
    guard waiting > 0 else { return }
    context.progress.learned(stage: name, total: waiting)
    let decoder = StretchDecoder(decoder: settings.decoder, root: AudioRoot(path: "/"))
    var last = ""
    var left = waiting
    let work = ParallelWork<PendingImportSource, Decoded>(threads: context.threads, chunk: 4)
    try await work.run(
      page: {
        let page = try context.store.pendingImportSources(from: last, limit: min(left, 1_024))
        left -= page.count
        if let end = page.last { last = end.source.path }
        return page
      },
      work: { items in items.map { Decoded(decoder.decode($0)) } },
      commit: { decoded in
        try context.store.commit(decoded: decoded.map { ($0.source, $0.sounds) }, context.place)
        context.progress.advanced(stage: name, by: decoded.count)
      })
  }

  private struct Decoded: Sendable {
    var source: Int64
    var sounds: [DecodedSound]

    init(_ decoded: (source: Int64, sounds: [DecodedSound])) { (source, sounds) = decoded }
  }

  /// Makes clips and questions of rows and sounds: those that are not as they were.
  private func settle(_ context: StageContext) async throws {
    guard try context.store.isImportOutdated() else { return }
    try await onThread {
      try context.store.assign(clips: ClipNaming.clips(of: try context.store.namedSounds()))
    }
    var last = ""
    let work = ParallelWork<String, ImportedClip>(threads: context.threads, chunk: 64)
    try await work.run(
      page: {
        let page = try context.store.importedClips(from: last, limit: 1_024)
        last = page.last ?? last
        return page
      },
      work: { ids in
        try ids.compactMap { id in
          let rows = try context.store.importedRows(of: id)
          guard var clip = ImportedClip(id, rows: rows) else { return nil }
          clip.isSame = try context.store.importDigest(of: id) == clip.digest
          return clip.isSame && rows.allSatisfy(\.isSettled) ? nil : clip
        }
      },
      commit: { clips in try context.store.commit(imported: clips, context.place) })
    _ = try context.store.finishImport(context.place)
  }

  private func summary(_ context: StageContext) throws -> String {
    let sets = try context.store.importedSets()
    let status = try context.store.status()
    let unused = try context.store.unusedImportRows(limit: 1).first
    let first = unused.map { "\($0.path):\($0.line): \($0.detail)" } ?? ""
    guard status.questions > 0 || status.pendingSources > 0 else { throw StagesError.nothingImported(first) }
    let refused = sets.reduce(0) { $0 + $1.refused }
    if refused > 0 { context.progress.note(stage: name, "\(counted(refused, "row")) not used; the first: \(first)") }
    var text =
      "\(counted(status.questions, "question")) on \(counted(status.clips, "clip")) from \(counted(sets.count, "set"))"
    if status.pendingSources > 0 { text += ", \(counted(status.pendingSources, "sound")) left for later (--limit)" }
    let rejected = status.rejections.filter { $0.stage == name }
    if !rejected.isEmpty { text += "; not used: " + rejected.map { "\($0.count) \($0.code)" }.joined(separator: ", ") }
    return text
  }
}
