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

  private static func parts(of url: String) -> (scheme: String, host: String, port: String)? {
    guard !url.utf8.contains(0), let handle = curl_url() else { return nil }
    defer { curl_url_cleanup(handle) }
    guard curl_url_set(handle, CURLUPART_URL, url, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK,
      let scheme = part(CURLUPART_SCHEME, of: handle), let host = part(CURLUPART_HOST, of: handle),
      let port = part(CURLUPART_PORT, of: handle)
    else { return nil }
    return (scheme, host, port)
  }

  private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }

  private static func withoutSecrets(_ url: String) -> String {
    let bare = url.prefix { $0 != "?" && $0 != "#" }
    guard let at = bare.lastIndex(of: "@") else { return String(bare) }
    return String(bare[bare.index(after: at)...])
  }
}
