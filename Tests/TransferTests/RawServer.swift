import Foundation
import Synchronization

/// A TCP server on a free port of 127.0.0.1 that does with each connection what its script says, on a thread each.
final class RawServer: Sendable {
  let port: Int
  private let listener: Int32
  private let accepted = Mutex(0)

  init(script: @escaping @Sendable (RawConnection) -> Void) {
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    precondition(listen(on: listener) == 0, "no port to listen on")
    port = boundPort(of: listener)
    Thread.detachNewThread { [self] in
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else {
          close(listener)
          return
        }
        accepted.withLock { $0 += 1 }
        Thread.detachNewThread {
          let connection = RawConnection(descriptor: descriptor)
          script(connection)
          connection.end()
        }
      }
    }
  }

  var url: String { "http://127.0.0.1:\(port)/" }

  var connections: Int { accepted.withLock { $0 } }

  func stop() {
    // The thread closes it: were it closed here, the thread could accept from another socket of the same number.
    shutdown(listener, Int32(SHUT_RDWR))
  }
}

/// One accepted connection; used on its own thread only.
struct RawConnection: Sendable {
  let descriptor: Int32

  /// Reads one request, head and body; nil when the other side went away.
  func request() -> String? {
    var bytes: [UInt8] = []
    while true {
      if let text = wholeRequest(bytes) { return text }
      guard let more = read() else { return nil }
      bytes += more
    }
  }

  func write(_ text: String) { write(Array(text.utf8)) }

  func write(_ bytes: [UInt8]) {
    _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  /// Waits until the other side has closed.
  func waitForEnd() {
    while read() != nil {}
  }

  /// Lets this thread's time pass between two writes.
  func rest(milliseconds: Int32) { poll(nil, 0, milliseconds) }

  /// Closes so that the other side sees an end and not a reset.
  func end() {
    shutdown(descriptor, Int32(SHUT_WR))
    waitForEnd()
    close(descriptor)
  }

  private func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer.prefix(count)) : nil
  }

  private func wholeRequest(_ bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let headEnd = text.utf8.firstRange(of: "\r\n\r\n".utf8) else { return nil }
    let head = text[..<headEnd.lowerBound].lowercased()
    let length = head.firstMatch(of: /content-length: ([0-9]+)/).flatMap { Int($0.1) } ?? 0
    return text[headEnd.upperBound...].utf8.count >= length ? text : nil
  }
}

/// A port that nothing listens on: it was free a moment ago.
func closedPort() -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  precondition(listen(on: descriptor) == 0, "no port to listen on")
  defer { close(descriptor) }
  return boundPort(of: descriptor)
}

private func listen(on descriptor: Int32) -> Int32 {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = inet_addr("127.0.0.1")
  let bound = withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  return bound == 0 ? Glibc.listen(descriptor, 128) : bound
}

private func boundPort(of descriptor: Int32) -> Int {
  var address = sockaddr_in()
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  _ = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
  }
  return Int(UInt16(bigEndian: address.sin_port))
}
