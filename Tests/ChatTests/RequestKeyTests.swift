import Crypto
import Testing

@testable import Chat

struct RequestKeyTests {
  /// Written out by hand: each field behind its length, through another path of swift-crypto.
  @Test func aKeyIsTheDigestOfItsFields() {
    var bytes: [UInt8] = []
    for field in ["earshot-request-1", "POST", "https://h/v1", "/chat/completions", "{}", "0"] {
      bytes += [UInt8(field.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(field.utf8)
    }
    let digest = SHA256.hash(data: bytes).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()

    let key = RequestKey(
      method: "POST", identity: "https://h/v1", path: "/chat/completions", body: Array("{}".utf8), salt: 0)

    #expect(key.hex == digest)
  }

  @Test func keysDifferWhenAnyPartDiffers() throws {
    var others = [RequestKey(method: "POST", identity: "a", path: "b", body: [1], salt: 0)]
    others.append(RequestKey(method: "GET", identity: "a", path: "b", body: [1], salt: 0))
    others.append(RequestKey(method: "POST", identity: "ab", path: "", body: [1], salt: 0))
    others.append(RequestKey(method: "POST", identity: "", path: "ab", body: [1], salt: 0))
    others.append(RequestKey(method: "POST", identity: "a", path: "b", body: [1, 0], salt: 0))
    others.append(RequestKey(method: "POST", identity: "a", path: "b", body: [1], salt: 1))
    others.append(RequestKey(method: "POST", identity: "a", path: "b", body: [1, 0x30], salt: 0))
    let endpoint = try Endpoint(baseURL: "http://h/v1")
    let variants = [
      question, structuredQuestion, structuredQuestion.asking(for: .jsonObject),
      ChatRequest(model: "m", messages: [.user("Hello?")], temperature: 0),
      ChatRequest(model: "m", messages: [.system("Hello?")]),
    ]

    let keys = others + variants.map { RequestKey($0, endpoint: endpoint) }

    #expect(Set(keys).count == keys.count)
  }

  @Test func thePortOfANamedEndpointDoesNotCount() throws {
    let one = try Endpoint(baseURL: "http://127.0.0.1:4000/v1", identity: "builtin/1")
    let other = try Endpoint(baseURL: "http://127.0.0.1:5000/v1", identity: "builtin/1")

    #expect(RequestKey(question, endpoint: one) == RequestKey(question, endpoint: other))
    #expect(RequestKey(question, endpoint: one) != RequestKey(question, endpoint: one, salt: 1))
  }
}
