import Foundation
public import Transfer

/// Gets models from the Hugging Face hub, or what answers like it.
public struct HubClient: Sendable {
  let settings: HubSettings
  let http: HTTPClient
  var pacing = HubPacing()
  /// Files that come at the same time.
  private let width = 4

  public init(settings: HubSettings, http: HTTPClient = HTTPClient()) {
    self.settings = settings
    self.http = http
  }

  /// Pulls what is missing of a model, and returns the folder to load it from.
  ///
  /// `patterns` are globs of the files to get; without any it is what Earshot needs. What came before an error, a kill
  /// or a cancellation is kept, and a later pull goes on from there. `report` is called on any thread.
  public func pull(
    _ model: ModelName, revision: String = "main", to destination: PullDestination = .cache, patterns: [String] = [],
    report: @escaping @Sendable (PullEvent) -> Void = { _ in }
  ) async throws(HubError) -> String {
    guard HubFile.isSafe(revision), !revision.hasPrefix("-") else { throw .badRevision(HubFile.shown(revision)) }
    let place = PullPlace(model: model, destination: destination, cacheFolder: settings.cacheFolder)
    if settings.isOffline { return try offlineFolder(place, revision: revision) }
    let listing = try await list(model, revision: revision, selection: HubSelection(patterns: patterns), report)
    try FileSystem.makeFolder(place.base)
    let lock = try PullLock(path: place.lockPath, model: model)
    try await complete(listing, in: place, report)
    try place.note(revision: revision, commit: listing.commit)
    _ = consume lock
    return place.folder(commit: listing.commit)
  }

  private func offlineFolder(_ place: PullPlace, revision: String) throws(HubError) -> String {
    guard place.destination == .cache,
      let folder = ModelCache(folder: settings.cacheFolder).snapshot(of: place.model, revision: revision),
      CachedModel.isWhole(folder)
    else { throw .offline(model: "\(place.model)") }
    return folder
  }

  private func list(
    _ model: ModelName, revision: String, selection: HubSelection, _ report: @Sendable (PullEvent) -> Void
  ) async throws(HubError) -> HubListing {
    let answer = HubAnswer(
      endpoint: settings.endpoint, model: model, file: nil, revision: revision, hasToken: settings.token != nil)
    var request = request(["api", "models", model.owner, model.name, "revision", revision])
    request.url += "?blobs=true"
    request.headers.append("Accept", "application/json")
    // A wrong address or no network should show soon.
    var retries = HubRetries(pacing.withAttempts(3))
    while true {
      switch await attempt(request, answer) {
      case .success(let body):
        let listing = try HubListing(parsing: body, model: model, wanted: selection.wants)
        try selection.check(listing, of: model)
        guard !HubListing.isCommit(revision) || revision == listing.commit else {
          throw .badListing(model: "\(model)", reason: "it is that of another commit")
        }
        let bytes = listing.files.reduce(0) { $0 + $1.size }
        report(.listed(commit: listing.commit, files: listing.files.count, bytes: bytes))
        return listing
      case .failure(.giveUp(let error)): throw error
      case .failure(.again(let asked, let error)):
        let seconds = try retries.wait(asked: asked, after: error)
        report(.waiting(file: "\(model)", reason: "\(error)", seconds: seconds))
        try await sleep(seconds)
      }
    }
  }

  private func attempt(_ request: HTTPRequest, _ answer: HubAnswer) async -> Result<[UInt8], HubSetback> {
    do throws(TransferError) {
      let response = try await http.send(request)
      guard response.status == 200 else {
        return .failure(answer.setback(after: response))
      }
      return .success(response.body)
    } catch {
      return .failure(answer.setback(after: error))
    }
  }

  /// Gets the files that are not there yet, and gives all of them their names.
  private func complete(
    _ listing: HubListing, in place: PullPlace, _ report: @escaping @Sendable (PullEvent) -> Void
  ) async throws(HubError) {
    var missing: [HubFile] = []
    for file in listing.files {
      guard try await place.holds(file, report) else {
        missing.append(file)
        continue
      }
      report(.found(bytes: file.size))
      try place.place(file, commit: listing.commit)
    }
    try checkSpace(for: missing, in: place)
    // Small ones first: a wrong tokenizer file should not show after hours of weights.
    let downloads = missing.sorted { ($0.size, $0.path) < ($1.size, $1.path) }.map {
      HubDownload(client: self, place: place, commit: listing.commit, file: $0, report: report)
    }
    try await run(downloads)
  }

  private func checkSpace(for files: [HubFile], in place: PullPlace) throws(HubError) {
    let needed = files.reduce(0) { $0 + max(0, $1.size - (FileSystem.size(place.partialPath(of: $1)) ?? 0)) }
    guard let free = FileSystem.freeBytes(place.base), needed > free else { return }
    throw .diskTooSmall(folder: place.base, needed: needed, free: free)
  }

  private func run(_ downloads: [HubDownload]) async throws(HubError) {
    let failure = await withTaskGroup(of: HubError?.self) { group -> HubError? in
      var waiting = downloads[...]
      for download in waiting.prefix(width) { group.addTask { await download.failure() } }
      waiting = waiting.dropFirst(width)
      var failure: HubError?
      for await outcome in group {
        if let outcome, failure == nil {
          // The rest ends as cancelled, which is not the reason.
          failure = outcome
          group.cancelAll()
        }
        if failure == nil, let next = waiting.popFirst() { group.addTask { await next.failure() } }
      }
      return failure
    }
    if let failure { throw failure }
  }

  /// A request to the endpoint, for the path of these parts.
  func request(_ parts: [String]) -> HTTPRequest {
    let path = parts.map { "/" + Self.encoded($0) }.joined()
    var request = HTTPRequest(method: .get, url: settings.endpoint + path, connectTimeout: 20, idleTimeout: 60)
    request.staysEncrypted = true
    if let token = settings.token { request.headers.append("Authorization", "Bearer \(token.value)") }
    return request
  }

  func sleep(_ seconds: Double) async throws(HubError) {
    do {
      try await pacing.sleep(seconds)
    } catch {
      throw .cancelled
    }
  }

  /// A part of a path, with every character that is not RFC 3986's "unreserved" encoded, slashes too.
  private static func encoded(_ part: String) -> String {
    var text = ""
    for byte in part.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return text
  }
}
