import Synchronization
import Transfer

/// Takes in the answer to one request for a file, or for the rest of one.
final class HubReceiver: Sendable {
  private struct State {
    var etags: [String: String]
    var setback: HubSetback?
    var startedOver = false
    var rangeWasRefused = false
  }

  private let file: HubFile
  private let partial: PartialFile
  private let report: @Sendable (PullEvent) -> Void
  private let state: Mutex<State>

  init(
    file: HubFile, partial: PartialFile, etags: [String: String], report: @escaping @Sendable (PullEvent) -> Void
  ) {
    self.file = file
    self.partial = partial
    self.report = report
    state = Mutex(State(etags: etags))
  }

  /// Known entity tags, by server.
  var etags: [String: String] { state.withLock { $0.etags } }

  /// Why this ended the transfer.
  var setback: HubSetback? { state.withLock { $0.setback } }

  /// Whether the server sent all of the file, so that what was there is dropped.
  var startedOver: Bool { state.withLock { $0.startedOver } }

  /// Whether the server could not go on from the middle.
  var rangeWasRefused: Bool { state.withLock { $0.rangeWasRefused } }

  func refuseRange() { state.withLock { $0.rangeWasRefused = true } }

  var sink: BodySink {
    BodySink(
      takes: { self.takes($0) },
      receive: { bytes in
        guard self.setback == nil else { return false }
        guard self.partial.append(bytes) else {
          self.end(.giveUp(self.partial.failure ?? .cancelled))
          return false
        }
        self.report(.received(bytes: bytes.count))
        return true
      })
  }

  /// False for an error's text. What is wrong with an answer ends the transfer with its first bytes.
  private func takes(_ head: HTTPResponse) -> Bool {
    guard head.status == 200 || head.status == 206 else { return false }
    if let encoding = head.headers["Content-Encoding"], encoding.lowercased() != "identity" {
      end(.giveUp(.badAnswer(file: file.path, reason: "comes packed as '\(HubFile.shown(encoding))' unasked")))
    } else if head.status == 200 {
      takeAll(head)
    } else {
      takeRest(head)
    }
    return true
  }

  private func takeAll(_ head: HTTPResponse) {
    if let length = head.headers["Content-Length"].flatMap({ Int($0) }), length != file.size {
      return end(.giveUp(.badAnswer(file: file.path, reason: "has \(length) bytes, and not the \(file.size) listed")))
    }
    let count = partial.count
    do throws(HubError) {
      if count > 0 { try partial.startOver() }
    } catch {
      return end(.giveUp(error))
    }
    if count > 0 { report(.received(bytes: -count)) }
    state.withLock { $0.startedOver = true }
    remember(head)
  }

  private func takeRest(_ head: HTTPResponse) {
    let text = head.headers["Content-Range"] ?? ""
    let shown = HubFile.shown(text)
    guard let range = ContentRange(text), range.start == partial.count, range.last == file.size - 1,
      range.total ?? file.size == file.size
    else {
      refuseRange()
      return end(.again(wait: nil, .badAnswer(file: file.path, reason: "comes as the wrong part, '\(shown)'")))
    }
    if let known = etags[head.origin], let etag = Self.strongTag(head), known != etag {
      refuseRange()
      return end(.again(wait: nil, .badAnswer(file: file.path, reason: "has changed on the server")))
    }
    remember(head)
  }

  private func end(_ setback: HubSetback) { state.withLock { $0.setback = setback } }

  private func remember(_ head: HTTPResponse) { state.withLock { $0.etags[head.origin] = Self.strongTag(head) } }

  private static func strongTag(_ head: HTTPResponse) -> String? {
    guard let etag = head.headers["ETag"], etag.utf8.count >= 2, etag.hasPrefix("\""), etag.hasSuffix("\""),
      etag.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
    else { return nil }
    return etag
  }
}
