import CCurl

/// One transfer of libcurl's.
struct CurlEasy: ~Copyable {
  let handle: UnsafeMutableRawPointer
  private let errorText: UnsafeMutablePointer<CChar>
  private var headerList: UnsafeMutablePointer<curl_slist>?

  init() throws(TransferError) {
    guard let handle = curl_easy_init() else {
      throw .other(code: Int(CURLE_OUT_OF_MEMORY.rawValue), text: "no memory")
    }
    self.handle = handle
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    _ = ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(headerList)
    errorText.deallocate()
  }

  func set(_ option: CURLoption, _ value: Int) throws(TransferError) {
    try check(ccurl_set_long(handle, option, value))
  }

  func set(_ option: CURLoption, _ value: String) throws(TransferError) {
    try check(ccurl_set_string(handle, option, value))
  }

  mutating func setHeaders(_ lines: [String]) throws(TransferError) {
    for line in lines {
      guard let longer = curl_slist_append(headerList, line) else {
        throw .other(code: Int(CURLE_OUT_OF_MEMORY.rawValue), text: "no memory")
      }
      headerList = longer
    }
    try check(ccurl_set_headers(handle, headerList))
  }

  func setBody(_ bytes: [UInt8]) throws(TransferError) {
    try check(bytes.withUnsafeBytes { ccurl_set_body(handle, $0.baseAddress, $0.count) })
  }

  /// The callbacks get `context`; libcurl does not keep it alive.
  func setBodySource(
    size: Int, read: ccurl_data_callback, seek: curl_seek_callback, context: UnsafeMutableRawPointer
  ) throws(TransferError) {
    try check(ccurl_set_body_source(handle, curl_off_t(size), read, seek, context))
  }

  /// The callbacks get `context`; libcurl does not keep it alive.
  func setCallbacks(
    header: ccurl_data_callback, body: ccurl_data_callback, progress: curl_xferinfo_callback,
    context: UnsafeMutableRawPointer
  ) throws(TransferError) {
    try check(ccurl_set_callbacks(handle, header, body, progress, context))
  }

  func number(_ info: CURLINFO) -> Int {
    var value = 0
    _ = ccurl_get_long(handle, info, &value)
    return value
  }

  /// For the infos whose names end in `_T`.
  func offset(_ info: CURLINFO) -> Int {
    var value: curl_off_t = 0
    _ = ccurl_get_offset(handle, info, &value)
    return Int(value)
  }

  /// What libcurl has to say about a failure, on one line.
  func reason(for code: CURLcode) -> String {
    let text = String(cString: errorText)
    let reason = text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
    return reason.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  private func check(_ code: CURLcode) throws(TransferError) {
    guard code != CURLE_OK else { return }
    throw .other(code: Int(code.rawValue), text: reason(for: code))
  }
}
