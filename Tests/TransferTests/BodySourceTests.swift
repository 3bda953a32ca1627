import Synchronization
import Testing

@testable import Transfer

/// Bodies that are sent a piece at a time.
struct BodySourceTests {
  private func post(_ url: String, _ source: BodySource) -> HTTPRequest {
    var request = HTTPRequest(method: .post, url: url, idleTimeout: 120, maximumResponseBytes: 32 << 20)
    request.bodySource = source
    return request
  }

  @Test func aLongBodyArrivesWholeAndWithItsLengthAlthoughItIsNeverInOnePlace() async throws {
    let server = try await EchoServer()
    let size = 9 << 20
    let most = Mutex(0)
    let source = BodySource(size: size) { buffer, offset in
      most.withLock { $0 = max($0, buffer.count) }
      // Pieces of odd sizes, as a disk may give them.
      let count = min(buffer.count, 10_007)
      for place in 0..<count { buffer[place] = UInt8(truncatingIfNeeded: (offset + place) &* 31) }
      return count
    }

    let answer = try await HTTPClient().send(post(server.url, source))
    await server.stop()

    #expect(answer.body.count == size)
    #expect(answer.body.indices.allSatisfy { answer.body[$0] == UInt8(truncatingIfNeeded: $0 &* 31) })
    #expect(most.withLock { $0 } < 1 << 20)
  }

  @Test func anEmptyBodyIsSentAsOne() async throws {
    let server = try await EchoServer()

    let answer = try await HTTPClient().send(post(server.url, BodySource(size: 0) { _, _ in 0 }))
    await server.stop()

    #expect(answer.status == 200 && answer.body.isEmpty)
  }

  @Test(arguments: [0, -1]) func aBodyThatCannotBeReadToItsEndEndsTheTransfer(last: Int) async throws {
    let server = try await EchoServer()
    let source = BodySource(size: 1 << 20) { buffer, offset in offset < 1 << 18 ? min(buffer.count, 1 << 16) : last }

    let failure = await HTTPClient().failure(of: post(server.url, source))
    await server.stop()

    #expect(failure == .unreadableBody)
    #expect("\(TransferError.unreadableBody)".contains("Check the disk"))
  }
}
