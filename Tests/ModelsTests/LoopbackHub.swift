import Foundation
import Synchronization

@testable import Models

/// A hub with one model, tiny/model, that answers as huggingface.co does.
///
/// Files that end in .safetensors are kept outside git, and redirected to `store` where there is one.
final class LoopbackHub: Sendable {
  static let commit = String(repeating: "0123456789", count: 4)
  static let model = ModelName("tiny/model")!

  /// What a test changes about an answer: gets the request, and how often its path was asked for before.
  typealias Quirk = @Sendable (LoopbackRequest, Int) -> LoopbackAnswer?

  let server: LoopbackServer
  /// Where the cache of the test is.
  let folder: String
  let files: [String: [UInt8]]

  init(
    _ files: [String: [UInt8]] = LoopbackHub.tinyModel, store: String? = nil, in folder: String? = nil,
    quirk: @escaping Quirk = { _, _ in nil }
  ) {
    self.files = files
    self.folder = folder ?? FileManager.default.temporaryDirectory.path + "/earshot-hub-\(UUID().uuidString)"
    let counts = Mutex<[String: Int]>([:])
    server = LoopbackServer { request in
      let earlier = counts.withLock { counts in
        defer { counts[request.path, default: 0] += 1 }
        return counts[request.path, default: 0]
      }
      return quirk(request, earlier) ?? Self.answer(request, files, store)
    }
  }

  deinit {
    server.stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  static let tinyModel: [String: [UInt8]] = [
    "config.json": Array(#"{"model_type": "qwen2_audio"}"#.utf8),
    "tokenizer.json": Array("{}".utf8),
    "model.safetensors": bytes(200_000),
    "README.md": Array("# tiny".utf8),
    "pytorch_model.bin": bytes(1000),
    "onnx/model.onnx": bytes(10),
  ]

  static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
  }

  var environment: [String: String] { ["HF_ENDPOINT": server.url, "HF_HUB_CACHE": folder] }

  /// The folder of the model in the cache.
  var base: String { "\(folder)/models--tiny--model" }

  var snapshot: String { "\(base)/snapshots/\(Self.commit)" }

  var weightsBlob: String {
    "\(base)/blobs/\(Self.checksum(of: "model.safetensors", files["model.safetensors"]!).text)"
  }

  var weights: [UInt8] { files["model.safetensors"]! }

  /// The requests for a file.
  func requests(for file: String) -> [LoopbackRequest] { server.requests.filter { $0.path.hasSuffix("/\(file)") } }

  /// A client whose waits take no time; `waited` gets their lengths.
  func client(
    _ more: [String: String] = [:], waited: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> HubClient {
    var client = HubClient(settings: try HubSettings(environment: environment.merging(more) { $1 }))
    client.pacing.jitter = { 1 }
    client.pacing.sleep = { waited($0) }
    return client
  }

  static func listing(_ files: [String: [UInt8]]) -> [UInt8] {
    let siblings: [[String: Any]] = files.keys.sorted().map { path in
      let bytes = files[path]!
      var sibling: [String: Any] = ["rfilename": path, "size": bytes.count]
      switch checksum(of: path, bytes) {
      case .sha256(let text): sibling["lfs"] = ["sha256": text, "size": bytes.count, "pointerSize": 134]
      case .gitBlob(let text): sibling["blobId"] = text
      }
      return sibling
    }
    let answer: [String: Any] = ["id": "tiny/model", "sha": commit, "siblings": siblings]
    return Array(try! JSONSerialization.data(withJSONObject: answer))
  }

  static func checksum(of path: String, _ bytes: [UInt8]) -> Checksum {
    let kind = path.hasSuffix(".safetensors") ? Checksum.sha256("") : .gitBlob("")
    var running = RunningChecksum(for: kind, size: bytes.count)
    bytes.withUnsafeBytes { running.update($0) }
    return path.hasSuffix(".safetensors") ? .sha256(running.text) : .gitBlob(running.text)
  }

  private static func answer(
    _ request: LoopbackRequest, _ files: [String: [UInt8]], _ store: String?
  ) -> LoopbackAnswer {
    let resolve = "/tiny/model/resolve/\(commit)/"
    if request.path.hasPrefix("/api/models/tiny/model/revision/main?") {
      return LoopbackAnswer(status: 200, headers: ["Content-Type": "application/json"], body: listing(files))
    }
    guard request.path.hasPrefix(resolve), let bytes = files[String(request.path.dropFirst(resolve.count))] else {
      return .text(404, headers: ["X-Error-Code": "RepoNotFound"])
    }
    let path = String(request.path.dropFirst(resolve.count))
    if let store, path.hasSuffix(".safetensors") {
      return .text(302, headers: ["Location": "\(store)/signed/\(path)?signature=secret"])
    }
    return file(bytes, tag: checksum(of: path, bytes).text, for: request)
  }

  /// A file, or the part of it that is asked for.
  static func file(_ bytes: [UInt8], tag: String, for request: LoopbackRequest) -> LoopbackAnswer {
    let etag = "\"\(tag)\""
    let range = request.headers["range"]?.firstMatch(of: /^bytes=([0-9]+)-$/).flatMap { Int($0.1) }
    guard let range, request.headers["if-range"] ?? etag == etag else {
      return LoopbackAnswer(status: 200, headers: ["ETag": etag], body: bytes)
    }
    guard range < bytes.count else {
      return .text(416, headers: ["Content-Range": "bytes */\(bytes.count)"])
    }
    return LoopbackAnswer(
      status: 206,
      headers: ["ETag": etag, "Content-Range": "bytes \(range)-\(bytes.count - 1)/\(bytes.count)"],
      body: Array(bytes[range...]))
  }
}

/// How a pull that must not succeed failed.
func failure(_ pull: () async throws -> Void) async -> HubError? {
  do {
    try await pull()
    return nil
  } catch {
    return error as? HubError
  }
}

/// The bytes of a file; none where there is no such file.
func contents(_ path: String) -> [UInt8] {
  FileManager.default.contents(atPath: path).map(Array.init) ?? []
}

func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
