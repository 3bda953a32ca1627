import Foundation
import Testing

@testable import Web

struct PromptSocketPoolTests {
  @Test func answersDoNotWaitForConfirmation() async throws {
    let server = try await StandInServer.start()
    let port = try #require(UInt16(server.baseURL.dropLast(3).split(separator: ":").last ?? ""))

    _ = try await post(try chatBody("Write 1 question. It lasts 7 seconds."), to: server)

    // The client keeps its connection open, so the server's end of it is there too.
    let accepted = sockets().filter { address(of: $0, getsockname) == port && address(of: $0, getpeername) != nil }
    #expect(!accepted.isEmpty)
    for socket in accepted { #expect(isPrompt(socket)) }
    await server.stop()
  }

  private func sockets() -> [Int32] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap { Int32($0) }
  }

  private func address(
    of socket: Int32, _ name: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) -> UInt16? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let found = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name(socket, $0, &length) }
    }
    return found == 0 && Int32(address.sin_family) == AF_INET ? UInt16(bigEndian: address.sin_port) : nil
  }

  private func isPrompt(_ socket: Int32) -> Bool {
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &value, &length) == 0 && value != 0
  }
}
