import CCurl

/// libcurl's set of transfers in flight, with its open connections and its DNS cache.
struct CurlMulti: ~Copyable {
  private let handle: UnsafeMutableRawPointer

  init?() {
    guard curlIsReady, let handle = curl_multi_init() else { return nil }
    // Without it the number of connections kept shrinks whenever few transfers are in flight.
    _ = ccurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, 256)
    self.handle = handle
  }

  deinit {
    curl_multi_cleanup(handle)
  }

  var bell: CurlBell { CurlBell(multi: handle) }

  func add(_ easy: borrowing CurlEasy) -> Bool {
    curl_multi_add_handle(handle, easy.handle) == CURLM_OK
  }

  func remove(_ easy: borrowing CurlEasy) {
    curl_multi_remove_handle(handle, easy.handle)
  }

  /// Moves every transfer as far as it goes without waiting.
  func perform() {
    var running: Int32 = 0
    curl_multi_perform(handle, &running)
  }

  /// Waits for the network, for libcurl's own timers, for the bell, or for `milliseconds`.
  func wait(milliseconds: Int) {
    curl_multi_poll(handle, nil, 0, Int32(clamping: milliseconds), nil)
  }

  /// The easy handle of a transfer that ended since the last call, and how.
  func nextFinished() -> (easy: UnsafeMutableRawPointer, code: CURLcode)? {
    var left: Int32 = 0
    while let message = curl_multi_info_read(handle, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
      return (easy, message.pointee.data.result)
    }
    return nil
  }
}

/// Wakes the thread that waits in `CurlMulti.wait`.
// @unchecked because curl_multi_wakeup is the one call on a multi handle that libcurl allows from any thread.
struct CurlBell: @unchecked Sendable {
  fileprivate let multi: UnsafeMutableRawPointer

  func ring() {
    curl_multi_wakeup(multi)
  }
}

private let curlIsReady = ccurl_global_init() == CURLE_OK
