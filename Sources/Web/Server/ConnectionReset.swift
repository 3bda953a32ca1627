import Foundation

/// Connections that end in a reset in place of an orderly end.
///
/// FlyingFox owns the sockets and hands none out. Only how the kernel closes one is changed here, while FlyingFox sends
/// on it and so holds it open; FlyingFox then closes it as always.
enum ConnectionReset {
  /// Makes the close of the connection from `clientPort` on 127.0.0.1 a reset, which drops what was not yet sent.
  static func prepare(clientPort: UInt16) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
      guard let descriptor = Int32(name), peerPort(of: descriptor) == clientPort else { continue }
      var abrupt = linger(l_onoff: 1, l_linger: 0)
      setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &abrupt, socklen_t(MemoryLayout<linger>.size))
    }
  }

  private static func peerPort(of descriptor: Int32) -> UInt16? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let found = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
    }
    guard found == 0, Int32(address.sin_family) == AF_INET else { return nil }
    return UInt16(bigEndian: address.sin_port)
  }
}
