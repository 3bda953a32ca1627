import CCurl

/// Where an answer sends a request on to.
enum Redirect {
  static let limit = 8
  static let tooManyCode = Int(CURLE_TOO_MANY_REDIRECTS.rawValue)

  /// The request that follows; nil where there is no redirect, or none that may be followed.
  static func next(after request: HTTPRequest, _ response: HTTPResponse) throws(TransferError) -> HTTPRequest? {
    guard request.method != .post, [301, 302, 303, 307, 308].contains(response.status),
      let location = response.headers["Location"], let url = Destination.absolute(location, from: request.url),
      let target = try? Destination(of: url)
    else { return nil }
    let origin = try Destination(of: request.url)
    guard target.scheme == "https" || (origin.scheme == "http" && (target.isLoopback || !request.staysEncrypted)) else {
      return nil
    }
    var next = request
    next.url = url
    if target.origin != origin.origin { next.headers.removeWhatIsForOneServer() }
    return next
  }
}
