import Transfer

func get(_ url: String, idleTimeout: Double = 120, limit: Int = 1 << 20) -> HTTPRequest {
  HTTPRequest(method: .get, url: url, idleTimeout: idleTimeout, maximumResponseBytes: limit)
}

func post(_ url: String, _ body: String) -> HTTPRequest {
  HTTPRequest(method: .post, url: url, body: Array(body.utf8), idleTimeout: 120)
}

extension HTTPClient {
  /// How a request that must not be answered failed.
  func failure(of request: HTTPRequest) async -> TransferError? {
    do throws(TransferError) {
      _ = try await send(request)
      return nil
    } catch {
      return error
    }
  }
}

extension HTTPResponse {
  var text: String { String(decoding: body, as: UTF8.self) }
}
