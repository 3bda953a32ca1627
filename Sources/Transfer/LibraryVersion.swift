import CCurl

extension HTTPClient {
  /// Versions of libcurl and what it is built with, such as "libcurl/7.88.1 OpenSSL/3.0.17 zlib/1.2.13".
  public static var libraryVersion: String { String(cString: curl_version()) }
}
