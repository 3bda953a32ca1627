import Foundation

@testable import Web

/// What a connection gave, byte by byte, and how it ended.
struct RawAnswer {
  enum End {
    case closed, reset
  }

  var header: String
  var body: [UInt8]
  var end: End

  /// The announced length of the body.
  var contentLength: Int? {
    header.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
      .flatMap { Int($0.dropFirst("Content-Length: ".count)) }
  }
}

/// Posts `body` over a socket of its own and reads until the server ends the connection. On a thread of its own, since it
/// blocks and the server answers in this process.
func rawPost(_ body: Data, to server: StandInServer) async throws -> RawAnswer {
  let port = UInt16(server.baseURL.dropLast(3).split(separator: ":").last ?? "") ?? 0
  return try await withCheckedThrowingContinuation { continuation in
    Thread { continuation.resume(with: Result { try exchange(body, port: port) }) }.start()
  }
}

private struct ConnectError: Error {}

private func exchange(_ body: Data, port: UInt16) throws -> RawAnswer {
  let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(connection) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let connected = withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  guard connected == 0 else { throw ConnectError() }
  let request =
    Data("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body
  _ = request.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  var received = Data()
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = recv(connection, &buffer, buffer.count, 0)
    if count <= 0 { return answer(received, end: count == 0 ? .closed : .reset) }
    received += buffer[..<count]
  }
}

private func answer(_ received: Data, end: RawAnswer.End) -> RawAnswer {
  guard let gap = received.range(of: Data("\r\n\r\n".utf8)) else { return RawAnswer(header: "", body: [], end: end) }
  return RawAnswer(
    header: String(decoding: received[..<gap.lowerBound], as: UTF8.self), body: [UInt8](received[gap.upperBound...]),
    end: end)
}
