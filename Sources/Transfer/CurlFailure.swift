import CCurl

/// How libcurl ended a transfer that failed.
struct CurlFailure {
  let code: CURLcode
  let reason: String
  /// Bytes of the body that came.
  let received: Int

  func error(for destination: Destination, request: HTTPRequest) -> TransferError {
    let (host, port) = (destination.host, destination.port)
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: return .couldNotResolve(host: host)
    case CURLE_COULDNT_CONNECT: return .refused(host: host, port: port)
    // The connect timeout is the only one that libcurl is given.
    case CURLE_OPERATION_TIMEDOUT:
      return .connectTimeout(host: host, port: port, seconds: request.connectTimeout)
    case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      return .cutOff(received: received)
    case _ where isTLS: return brokenHandshake ? .cutOff(received: 0) : .tls(host: host, reason: reason)
    default: return .other(code: Int(code.rawValue), text: reason)
    }
  }

  private var isTLS: Bool {
    [
      CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED,
      CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CACERT_BADFILE,
      CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS,
      CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED,
    ].contains { $0 == code }
  }

  /// Whether the connection broke while TLS was being set up, which says nothing about certificates.
  private var brokenHandshake: Bool {
    guard code == CURLE_SSL_CONNECT_ERROR else { return false }
    return ["SSL_ERROR_SYSCALL", "reset by peer", "unexpected eof"].contains { reason.contains($0) }
  }
}
