import Transfer

/// What to do about an attempt that failed.
enum HubSetback: Error, Equatable {
  /// Ask again, after this many seconds where the server names them. Should it be the last attempt, the error is this.
  case again(wait: Double?, HubError)
  case giveUp(HubError)
}

/// Reads what a hub answers.
struct HubAnswer: Sendable {
  let endpoint: String
  let model: ModelName
  /// What was asked for, for messages; "its files" or a file.
  let file: String?
  let revision: String
  let hasToken: Bool

  /// Whether the endpoint itself answered, and not a server that it redirects to.
  func isFromEndpoint(_ response: HTTPResponse) -> Bool { response.origin == HTTPRequest.origin(of: endpoint) }

  func setback(after error: TransferError) -> HubSetback {
    switch error {
    case .cancelled: .giveUp(.cancelled)
    case .couldNotResolve, .refused, .connectTimeout, .idle, .cutOff, .other:
      .again(wait: nil, .unreachable(endpoint: endpoint, error))
    case .badURL, .badHeader, .tls, .tooLarge, .unreadableBody, .closed:
      .giveUp(.unreachable(endpoint: endpoint, error))
    }
  }

  /// After an answer whose status is neither 200 nor 206.
  func setback(after response: HTTPResponse) -> HubSetback {
    let refused = HubError.refused(
      what: "\(model)\(file.map { ": \($0)" } ?? "")", status: response.status, excerpt: Self.excerpt(response))
    switch response.status {
    // What the endpoint redirects to takes a signed link for an hour or so; the endpoint makes a new one.
    case 400..<500 where !isFromEndpoint(response): return .again(wait: nil, refused)
    case 401, 403: return .giveUp(denial(response))
    case 404, 410: return .giveUp(absence(response))
    case 408, 416, 425, 429, 500...599: return .again(wait: Self.wait(response), refused)
    case 300..<400:
      return .giveUp(.badAnswer(file: file ?? "\(model)", reason: "is redirected to where it is not safe"))
    default: return .giveUp(refused)
    }
  }

  private func denial(_ response: HTTPResponse) -> HubError {
    .accessDenied(
      model: "\(model)", endpoint: endpoint, isGated: response.headers["X-Error-Code"] == "GatedRepo",
      hasToken: hasToken)
  }

  private func absence(_ response: HTTPResponse) -> HubError {
    switch (response.headers["X-Error-Code"], file) {
    case ("RevisionNotFound", _): .noSuchRevision(revision, model: "\(model)", endpoint: endpoint)
    case (_, let file?): .noSuchFile(file, model: "\(model)", endpoint: endpoint)
    case (_, nil): .noSuchModel("\(model)", endpoint: endpoint)
    }
  }

  private static func wait(_ response: HTTPResponse) -> Double? {
    if let seconds = response.headers["Retry-After"].flatMap(Double.init), seconds.isFinite { return max(0, seconds) }
    // huggingface.co's own way, such as: "resolvers";r=0;t=55
    return response.headers["RateLimit"]?.firstMatch(of: /;\s*t=([0-9]{1,9})/).flatMap { Double($0.1) }
  }

  /// The hub's own words on one line.
  private static func excerpt(_ response: HTTPResponse) -> String {
    let text = response.headers["X-Error-Message"] ?? String(decoding: response.body.prefix(200), as: UTF8.self)
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.hasPrefix("<") ? "" : HubFile.shown(words)
  }
}
