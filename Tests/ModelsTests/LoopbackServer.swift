import Foundation
import Synchronization

/// A request as `LoopbackServer` got it.
struct LoopbackRequest: Sendable {
  let method: String
  /// With its query.
  let path: String
  /// Names in lower case.
  let headers: [String: String]

  init?(head: String) {
    var lines = head.split(separator: "\r\n").map(String.init)[...]
    let words = lines.popFirst()?.split(separator: " ") ?? []
    guard words.count == 3 else { return nil }
    method = String(words[0])
    path = String(words[1])
    headers = Dictionary(
      lines.compactMap { line in
        line.firstIndex(of: ":").map {
          (line[..<$0].lowercased(), line[line.index(after: $0)...].trimmingCharacters(in: .whitespaces))
        }
      },
      uniquingKeysWith: { $1 })
  }
}

/// What `LoopbackServer` sends.
struct LoopbackAnswer: Sendable {
  var status: Int
  /// Over those that follow from the body; an empty value leaves a field out.
  var headers: [String: String] = [:]
  var body: [UInt8] = []
  /// Ends the connection after so many bytes of the body.
  var cutAfter: Int?
  /// After what is sent, keeps the connection open, and silent, until the other side is gone.
  var stalls = false

  static func text(_ status: Int, _ text: String = "", headers: [String: String] = [:]) -> LoopbackAnswer {
    LoopbackAnswer(status: status, headers: headers, body: Array(text.utf8))
  }
}

/// An HTTP server on a free port of 127.0.0.1, with a thread for each connection, that can break off in mid-answer.
final class LoopbackServer: Sendable {
  typealias Script = @Sendable (LoopbackRequest) -> LoopbackAnswer

  let port: Int
  private let listener: Int32
  private let log = Mutex<[LoopbackRequest]>([])

  init(_ script: @escaping Script) {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    port = Self.listen(on: listener)
    Thread.detachNewThread { [self] in
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else {
          close(listener)
          return
        }
        Thread.detachNewThread { self.serve(descriptor, script) }
      }
    }
  }

  var url: String { "http://127.0.0.1:\(port)" }

  /// The requests so far.
  var requests: [LoopbackRequest] { log.withLock { $0 } }

  func stop() {
    // The thread closes it: were it closed here, the thread could accept from another socket of the same number.
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func serve(_ descriptor: Int32, _ script: Script) {
    defer { close(descriptor) }
    var rest: [UInt8] = []
    while let head = Self.head(descriptor, &rest), let request = LoopbackRequest(head: head) {
      log.withLock { $0.append(request) }
      let answer = script(request)
      var lines = "HTTP/1.1 \(answer.status) Answer\r\n"
      let headers = ["Content-Length": "\(answer.body.count)"].merging(answer.headers) { $1 }
      for (name, value) in headers where !value.isEmpty { lines += "\(name): \(value)\r\n" }
      let body = answer.body.prefix(answer.cutAfter ?? .max)
      guard Self.write(Array(lines.utf8) + Array("\r\n".utf8) + body, to: descriptor) else { return }
      if answer.stalls { while Self.read(descriptor) != nil {} }
      if answer.stalls || answer.cutAfter != nil { return }
    }
  }

  /// The next request's head; none of these requests has a body.
  private static func head(_ descriptor: Int32, _ rest: inout [UInt8]) -> String? {
    while true {
      if let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
        defer { rest.removeSubrange(..<end.upperBound) }
        return String(decoding: rest[..<end.lowerBound], as: UTF8.self)
      }
      guard let more = read(descriptor) else { return nil }
      rest += more
    }
  }

  private static func read(_ descriptor: Int32) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  private static func listen(on descriptor: Int32) -> Int {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        precondition(bind(descriptor, $0, size) == 0 && Glibc.listen(descriptor, 64) == 0, "no port to listen on")
        getsockname(descriptor, $0, &size)
      }
      return Int(UInt16(bigEndian: pointer.pointee.sin_port))
    }
  }
}
