import Transfer

/// One file's way from the hub to its place.
struct HubDownload: Sendable {
  let client: HubClient
  let place: PullPlace
  let commit: String
  let file: HubFile
  let report: @Sendable (PullEvent) -> Void

  /// Gets the file; returns why that could not be.
  func failure() async -> HubError? {
    do throws(HubError) {
      try await run()
      return nil
    } catch {
      return error
    }
  }

  private func run() async throws(HubError) {
    let partial = try PartialFile(path: place.partialPath(of: file), for: file)
    let leftover = try partial.keepLeftover()
    report(.found(bytes: leftover))
    var attempts = HubAttempts(partial: partial, leftover: leftover, retries: HubRetries(client.pacing))
    while true {
      while partial.count < file.size { try await attempt(&attempts) }
      report(.checking(file: file.path, bytes: partial.count))
      let found = try await partial.checksum()
      if found == file.checksum.text { break }
      // A power cut may have spoilt what an earlier process left: that alone is no reason to give up.
      guard attempts.holdsLeftover else {
        partial.remove()
        throw .wrongChecksum(file: file.path, expected: file.checksum.text, found: found)
      }
      try attempts.startOver(report)
    }
    try await partial.finish(as: place.path(of: file))
    try place.place(file, commit: commit)
  }

  private func attempt(_ attempts: inout HubAttempts) async throws(HubError) {
    guard !Task.isCancelled else { throw .cancelled }
    let receiver = HubReceiver(
      file: file, partial: attempts.partial, etags: attempts.etags, report: report)
    let setback = await outcome(receiver, attempts)
    attempts.etags = receiver.etags
    if receiver.startedOver { attempts.holdsLeftover = false }
    switch setback {
    case nil: return
    case .giveUp(let error)?: throw error
    case .again(let asked, let error)?:
      if receiver.rangeWasRefused {
        attempts.refusedRanges += 1
        // Once may be a mishap of one server among many.
        if attempts.refusedRanges > 1 { try attempts.startOver(report) }
      }
      let seconds = try attempts.wait(asked: asked, after: error)
      report(.waiting(file: file.path, reason: "\(error)", seconds: seconds))
      try await client.sleep(seconds)
    }
  }

  private func outcome(_ receiver: HubReceiver, _ attempts: HubAttempts) async -> HubSetback? {
    let answer = HubAnswer(
      endpoint: client.settings.endpoint, model: place.model, file: file.path, revision: commit,
      hasToken: client.settings.token != nil)
    do throws(TransferError) {
      let response = try await client.http.download(request(attempts), to: receiver.sink)
      guard response.status == 200 || response.status == 206 else {
        if response.status == 416 { receiver.refuseRange() }
        return answer.setback(after: response)
      }
      return attempts.partial.count == file.size
        ? nil : answer.setback(after: .cutOff(received: attempts.partial.count))
    } catch {
      // The receiver ends a transfer by cancelling it.
      if let setback = receiver.setback { return setback }
      return answer.setback(after: error)
    }
  }

  private func request(_ attempts: HubAttempts) -> HTTPRequest {
    let parts = file.path.split(separator: "/").map(String.init)
    // The commit in the address holds whatever X-Repo-Commit would tell, and the listing's checksum what X-Linked-Etag
    // would.
    var request = client.request([place.model.owner, place.model.name, "resolve", commit] + parts)
    request.acceptsGzip = false
    request.maximumResponseBytes = 1 << 20
    let count = attempts.partial.count
    if count > 0 {
      request.headers.append("Range", "bytes=\(count)-")
      // Only to who gave the tag: another server calls the same bytes otherwise, and would send them all again.
      if let etag = HTTPRequest.origin(of: request.url).flatMap({ attempts.etags[$0] }) {
        request.headers.append("If-Range", etag)
      }
    }
    return request
  }
}

/// What the attempts at one file have come to.
struct HubAttempts {
  let partial: PartialFile
  /// The strong entity tags of the file, by server.
  var etags: [String: String] = [:]
  /// How often a request to go on from the middle was answered wrongly.
  var refusedRanges = 0
  /// Whether bytes of an earlier process are among those that are there.
  var holdsLeftover: Bool
  private var most: Int
  private var retries: HubRetries

  init(partial: PartialFile, leftover: Int, retries: HubRetries) {
    self.partial = partial
    self.retries = retries
    holdsLeftover = leftover > 0
    most = leftover
  }

  mutating func startOver(_ report: (PullEvent) -> Void) throws(HubError) {
    let count = partial.count
    try partial.startOver()
    report(.received(bytes: -count))
    holdsLeftover = false
    refusedRanges = 0
  }

  /// Seconds to wait before the next attempt.
  mutating func wait(asked: Double?, after error: HubError) throws(HubError) -> Double {
    let count = partial.count
    defer { most = max(most, count) }
    return try retries.wait(asked: asked, after: error, madeProgress: count > most)
  }
}
