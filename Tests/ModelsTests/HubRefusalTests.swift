import Foundation
import Synchronization
import Testing

@testable import Models

/// Pulls that must end, and how.
struct HubRefusalTests {
  @Test(arguments: ["model.safetensors", "config.json"])
  func bytesWithTheWrongChecksumAreRemoved(file: String) async throws {
    let hub = LoopbackHub { request, _ in
      guard request.path.hasSuffix("/\(file)") else { return nil }
      var bytes = LoopbackHub.tinyModel[file]!
      bytes[5] ^= 1
      return LoopbackAnswer(status: 200, body: bytes)
    }
    let right = LoopbackHub.checksum(of: file, hub.files[file]!).text

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model) }

    guard case .wrongChecksum(file, right, let found)? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(found != right)
    #expect(!exists("\(hub.base)/blobs/\(right)"))
    #expect(!exists("\(hub.base)/blobs/\(right).earshot-incomplete"))
    #expect(!exists("\(hub.snapshot)/\(file)"))
    #expect(!exists(hub.base + "/refs/main"))
  }

  @Test func moreBytesThanListedAreNotTaken() async throws {
    let hub = LoopbackHub { request, _ in
      guard request.path.hasSuffix("model.safetensors") else { return nil }
      return LoopbackAnswer(
        status: 200, headers: ["Content-Length": "", "Connection": "close"], body: LoopbackHub.bytes(300_000),
        cutAfter: 300_000)
    }

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model) }

    guard case .badAnswer(file: "model.safetensors", _)? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(contents(hub.weightsBlob + ".earshot-incomplete").count <= 200_000)
  }

  @Test func anotherLengthThanListedIsRefused() async throws {
    let hub = LoopbackHub { request, _ in
      request.path.hasSuffix("model.safetensors") ? LoopbackAnswer(status: 200, body: [1, 2, 3]) : nil
    }

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model) }

    #expect(
      failure == .badAnswer(file: "model.safetensors", reason: "has 3 bytes, and not the 200000 listed"))
  }

  @Test func packedBytesAreRefused() async throws {
    let hub = LoopbackHub { request, _ in
      guard request.path.hasSuffix("model.safetensors") else { return nil }
      return LoopbackAnswer(status: 200, headers: ["Content-Encoding": "gzip"], body: LoopbackHub.bytes(200_000))
    }

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model) }

    #expect(failure == .badAnswer(file: "model.safetensors", reason: "comes packed as 'gzip' unasked"))
  }

  @Test(arguments: [401, 403], [true, false])
  func aGatedModelSaysHowToGetIn(status: Int, hasToken: Bool) async throws {
    let hub = LoopbackHub { _, _ in .text(status, headers: ["X-Error-Code": "GatedRepo"]) }

    let failure = await failure {
      _ = try await hub.client(hasToken ? ["HF_TOKEN": "hf_secret"] : [:]).pull(LoopbackHub.model)
    }

    let place = "\(hub.server.url)/tiny/model"
    #expect(
      failure?.description
        == (hasToken
          ? "tiny/model: is gated, and HF_TOKEN has no access yet. Ask for it at \(place), then pull again."
          : "tiny/model: is gated. Ask for access at \(place), then set HF_TOKEN to a token of yours."))
  }

  /// The codes are the hub's (huggingface_hub, utils/_http.py, hf_raise_for_status).
  @Test(
    arguments: [
      (
        401, "RepoNotFound",
        "tiny/model: does not exist at URL, or is private. Check the name, or set HF_TOKEN to a token that may see it."
      ),
      (404, "RepoNotFound", "tiny/model: no such model at URL. Check its name there; capitals count."),
      (404, "RevisionNotFound", "tiny/model: no revision 'main' at URL. Give a branch, a tag or a commit of it."),
      (400, "", "tiny/model: the server answered with status 400. Try again later."),
    ])
  func aModelThatIsNotThereIsSaidSo(status: Int, code: String, text: String) async throws {
    let hub = LoopbackHub { _, _ in .text(status, headers: ["X-Error-Code": code]) }

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model) }

    #expect(failure?.description == text.replacing("URL", with: hub.server.url))
  }

  @Test func aListedFileThatIsNotThereIsNamed() async throws {
    let hub = LoopbackHub { request, _ in
      request.path.hasSuffix("tokenizer.json") ? .text(404, headers: ["X-Error-Code": "EntryNotFound"]) : nil
    }

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model) }

    #expect(failure == .noSuchFile("tokenizer.json", model: "tiny/model", endpoint: hub.server.url))
  }

  @Test(arguments: [
    "../config.json", "/etc/config.json", "a/../../config.json", "..", "", "a\u{0}b.json",
  ])
  func aNameThatLeadsOutEndsThePullBeforeAnyFile(name: String) async throws {
    let hub = LoopbackHub([name: [1], "model.safetensors": [2]])

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model) }

    guard case .unsafeFileName(_, model: "tiny/model")? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(hub.server.requests.count == 1)
    #expect(!exists(hub.base))
  }

  @Test(arguments: [
    "a\u{1b}[2J.safetensors", "a\n.safetensors", "a//b.safetensors", "a/./b.safetensors", "\u{202e}a.safetensors",
  ])
  func aWantedNameThatCannotBeShownEndsThePull(name: String) async throws {
    let hub = LoopbackHub([name: [1]])

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model, patterns: ["*"]) }

    guard case .unsafeFileName(let shown, model: "tiny/model")? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202e })
  }

  @Test func aModelWithoutSafetensorsIsRefused() async throws {
    let hub = LoopbackHub(["config.json": [1], "pytorch_model.bin": [2]])

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model) }

    #expect(failure == .noWeights(model: "tiny/model"))
  }

  @Test func aModelThatDoesNotFitTheDiskIsNotBegun() async throws {
    let files = ["config.json": [UInt8(1)], "model.safetensors": [2]]
    let huge = String(decoding: LoopbackHub.listing(files), as: UTF8.self)
      .replacing(#""size":1"#, with: #""size":\#(1 << 45)"#)
    let hub = LoopbackHub(files) { request, _ in request.path.hasPrefix("/api") ? .text(200, huge) : nil }

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model) }

    guard case .diskTooSmall(folder: hub.base, needed: 1 << 46, _)? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(hub.server.requests.count == 1)
  }

  @Test func aTokenGoesToTheEndpointAndNotWhereItRedirects() async throws {
    let store = LoopbackServer { request in
      LoopbackHub.file(LoopbackHub.bytes(200_000), tag: "store", for: request)
    }
    let hub = LoopbackHub(store: store.url)

    let folder = try await hub.client(["HF_TOKEN": "hf_secret"]).pull(LoopbackHub.model)

    #expect(contents(folder + "/model.safetensors") == hub.weights)
    #expect(hub.server.requests.allSatisfy { $0.headers["authorization"] == "Bearer hf_secret" })
    #expect(store.requests.count == 1)
    #expect(store.requests.first?.path == "/signed/model.safetensors?signature=secret")
    #expect(store.requests.allSatisfy { request in !request.headers.values.contains { $0.contains("hf_secret") } })
    store.stop()
  }

  @Test func resumingThroughARedirectNeedsNoTagOfTheStore() async throws {
    let counts = Mutex(0)
    let store = LoopbackServer { request in
      var answer = LoopbackHub.file(LoopbackHub.bytes(200_000), tag: "store", for: request)
      if counts.withLock({
        $0 += 1
        return $0
      }) == 1 {
        answer.cutAfter = 70_000
      }
      return answer
    }
    let hub = LoopbackHub(store: store.url)

    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(contents(folder + "/model.safetensors") == hub.weights)
    #expect(store.requests.map { $0.headers["range"] } == [nil, "bytes=70000-"])
    #expect(store.requests.allSatisfy { $0.headers["if-range"] == nil })
    store.stop()
  }

  @Test func aLinkThatHasExpiredIsAskedForAnew() async throws {
    let counts = Mutex(0)
    let store = LoopbackServer { request in
      if counts.withLock({
        $0 += 1
        return $0
      }) == 1 {
        return .text(403, "<Error>expired</Error>")
      }
      return LoopbackHub.file(LoopbackHub.bytes(200_000), tag: "store", for: request)
    }
    let hub = LoopbackHub(store: store.url)

    _ = try await hub.client().pull(LoopbackHub.model)

    #expect(hub.requests(for: "model.safetensors").count == 2)
    store.stop()
  }

  /// 192.0.2.1 is nobody's (RFC 5737).
  @Test func aRedirectToPlainHTTPElsewhereIsNotFollowed() async throws {
    let hub = LoopbackHub(store: "http://192.0.2.1:9")

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model) }

    #expect(failure == .badAnswer(file: "model.safetensors", reason: "is redirected to where it is not safe"))
  }

  @Test func noErrorShowsTheToken() async throws {
    let hub = LoopbackHub { _, _ in .text(500, "broken") }
    let client = try hub.client(["HF_TOKEN": "hf_secret"])

    let failure = await failure { _ = try await client.pull(LoopbackHub.model) }

    var dumped = ""
    dump(client, to: &dumped)
    #expect(failure != nil)
    for text in ["\(String(describing: failure))", "\(client)", dumped, String(reflecting: client.settings)] {
      #expect(!text.contains("hf_secret"))
    }
  }
}
