import Foundation
import Testing

@testable import Models

struct HubCacheTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/earshot-cache-\(UUID().uuidString)"

  private func write(_ text: String, _ path: String) throws {
    let path = "\(folder)/\(path)"
    try FileManager.default.createDirectory(
      atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  private func resolve(_ text: String) throws -> String {
    try ModelLocation.resolve(text, environment: ["HF_HUB_CACHE": folder])
  }

  @Test func modelsInTheCacheAreListedByNameAndCommit() throws {
    try write("aaaa", "models--o--n/refs/main")
    try write("aaaa", "models--o--n/refs/refs/pr/1")
    try write(#"{"model_type": "qwen2"}"#, "models--o--n/snapshots/aaaa/config.json")
    try write("1234", "models--o--n/snapshots/aaaa/model.safetensors")
    try write("not json", "models--o--n/snapshots/bbbb/config.json")
    try write("x", "datasets--o--n/snapshots/aaaa/config.json")

    let models = ModelCache(folder: folder).models()

    #expect(models.map(\.name) == ["o/n", "o/n"])
    #expect(models.map(\.commit) == ["aaaa", "bbbb"])
    #expect(models.map(\.revisions) == [["main", "refs/pr/1"], []])
    #expect(models.map(\.architecture) == ["qwen2", nil])
    #expect(models.map(\.byteCount) == [27, 8])
    #expect(models.map(\.isWhole) == [true, false])
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func aModelWithAnIndexIsWholeWithAllItsShards() throws {
    let model = "models--o--n/snapshots/aaaa"
    try write("aaaa", "models--o--n/refs/main")
    try write("{}", model + "/config.json")
    try write(#"{"weight_map": {"a": "1.safetensors", "b": "2.safetensors"}}"#, model + "/model.safetensors.index.json")
    try write("1", model + "/1.safetensors")

    #expect(throws: HubError.notWhole(model: "o/n", folder: "\(folder)/\(model)")) { try resolve("o/n") }
    try write("2", model + "/2.safetensors")
    #expect(try resolve("o/n") == "\(folder)/\(model)")
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func aReferenceThatLeadsNowhereSaysWhatToDo() throws {
    try write("x", "file")

    #expect(throws: HubError.notPulled(model: "o/n", cacheFolder: folder)) { try resolve("o/n") }
    #expect(throws: HubError.notAFolder("\(folder)/file")) { try resolve("\(folder)/file") }
    #expect(throws: HubError.noSuchFolder("\(folder)/none")) { try resolve("\(folder)/none") }
    #expect(try resolve(folder) == folder)
    #expect(
      "\(HubError.notPulled(model: "o/n", cacheFolder: "/cache"))"
        == "o/n: not in /cache. Get it with: earshot models pull o/n")
    try FileManager.default.removeItem(atPath: folder)
  }

  /// As huggingface_hub's constants.py.
  @Test(
    arguments: [
      (["HOME": "/h"], "/h/.cache/huggingface/hub"),
      (["HOME": "/h", "XDG_CACHE_HOME": "/x"], "/x/huggingface/hub"),
      (["HOME": "/h", "XDG_CACHE_HOME": "/x", "HF_HOME": "~/f"], "/h/f/hub"),
      (["HOME": "/h", "HF_HOME": "/f", "HF_HUB_CACHE": "/c"], "/c"),
      (["HOME": "/h", "HF_HUB_CACHE": ""], "/h/.cache/huggingface/hub"),
    ] as [([String: String], String)])
  func theCacheIsWhereHuggingFaceKeepsIt(environment: [String: String], path: String) {
    #expect(HubSettings.cacheFolder(environment) == path)
  }

  @Test(
    arguments: [
      ("https://hub.example/", "https://hub.example"), ("http://localhost:80/x//", "http://localhost:80/x"),
      ("http://127.0.0.1:1", "http://127.0.0.1:1"), ("http://[::1]:1", "http://[::1]:1"),
      ("", "https://huggingface.co"),
      ("http://hub.example", nil), ("ftp://hub.example", nil), ("https://me:secret@hub.example", nil),
      ("hub.example", nil), ("https://", nil), ("http://127.0.0.1.evil.example", nil), ("https://a?b", nil),
    ] as [(String, String?)])
  func anEndpointIsEncryptedOrThisMachine(text: String, endpoint: String?) {
    let settings = try? HubSettings(environment: ["HF_ENDPOINT": text, "HOME": "/h"])

    #expect(settings?.endpoint == endpoint)
  }

  @Test func aTokenWithALineBreakInsideIsNone() {
    #expect(throws: HubError.badToken) { try HubSettings(environment: ["HF_TOKEN": "a\nb"]) }
    #expect((try? HubSettings(environment: ["HF_TOKEN": " hf_a\n"]))?.token?.value == "hf_a")
    #expect((try? HubSettings(environment: ["HF_TOKEN": " "]))?.token == nil)
  }
}
