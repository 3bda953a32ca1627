import CCurl

/// Where a URL leads, as libcurl reads it.
struct Destination: Sendable, Equatable {
  let scheme: String
  let host: String
  let port: Int

  init(of url: String) throws(TransferError) {
    guard let parts = Self.parts(of: url), parts.scheme == "http" || parts.scheme == "https",
      let port = Int(parts.port)
    else { throw .badURL(Self.withoutSecrets(url)) }
    scheme = parts.scheme
    host = parts.host
    self.port = port
  }

  /// The same for all URLs that one server answers for, such as "https://host:443".
  var origin: String { "\(scheme)://\(host.lowercased()):\(port)" }

  var isLoopback: Bool {
    ["localhost", "[::1]"].contains(host.lowercased()) || host.wholeMatch(of: /127(\.[0-9]{1,3}){3}/) != nil
  }

  /// The absolute form of what a redirect's Location says on the page `url`.
  static func absolute(_ location: String, from url: String) -> String? {
    guard !location.utf8.contains(0), let handle = curl_url() else { return nil }
    defer { curl_url_cleanup(handle) }
    guard curl_url_set(handle, CURLUPART_URL, url, 0) == CURLUE_OK,
      curl_url_set(handle, CURLUPART_URL, location, UInt32(CURLU_URLENCODE | CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK
    else { return nil }
    return part(CURLUPART_URL, of: handle, flags: 0)
  }

  private static func parts(of url: String) -> (scheme: String, host: String, port: String)? {
    guard !url.utf8.contains(0), let handle = curl_url() else { return nil }
    defer { curl_url_cleanup(handle) }
    guard curl_url_set(handle, CURLUPART_URL, url, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK,
      let scheme = part(CURLUPART_SCHEME, of: handle), let host = part(CURLUPART_HOST, of: handle),
      let port = part(CURLUPART_PORT, of: handle)
    else { return nil }
    return (scheme, host, port)
  }

  private static func part(_ part: CURLUPart, of handle: OpaquePointer, flags: Int32 = CURLU_DEFAULT_PORT) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, UInt32(flags)) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }

  private static func withoutSecrets(_ url: String) -> String {
    let bare = url.prefix { $0 != "?" && $0 != "#" }
    guard let at = bare.lastIndex(of: "@") else { return String(bare) }
    return String(bare[bare.index(after: at)...])
  }
}
