import Foundation
import Testing

@testable import Models

struct HubListingTests {
  /// Git's and sha256sum's own answers for "hello\n".
  @Test func checksumsAreThoseOfGitAndSHA256() {
    func text(_ kind: Checksum) -> String {
      var running = RunningChecksum(for: kind, size: 6)
      Array("hel".utf8).withUnsafeBytes { running.update($0) }
      Array("lo\n".utf8).withUnsafeBytes { running.update($0) }
      return running.text
    }

    #expect(text(.gitBlob("")) == "ce013625030ba8dba906f756967f9e9ca394464a")
    #expect(text(.sha256("")) == "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")
  }

  @Test(
    arguments: [
      ("[]", "not the JSON that a hub sends"), ("", "not the JSON that a hub sends"),
      (#"{"sha": "main", "siblings": []}"#, "it names no commit"),
      (#"{"sha": "COMMIT", "siblings": [{"rfilename": "a", "size": 1}]}"#, "a has no checksum"),
      (#"{"sha": "COMMIT", "siblings": [{"rfilename": "a", "blobId": "COMMIT"}]}"#, "a has no size"),
      (#"{"sha": "COMMIT", "siblings": [{"rfilename": "a", "size": -1, "blobId": "COMMIT"}]}"#, "a has no size"),
      (
        #"{"sha": "COMMIT", "siblings": [{"rfilename": "a", "size": 99999999999999999, "blobId": "COMMIT"}]}"#,
        "a has no size"
      ),
      (
        #"{"sha": "COMMIT", "siblings": [{"rfilename": "a", "size": 1, "lfs": {"sha256": "../../x"}}]}"#,
        "a has no SHA-256"
      ),
      (#"{"sha": "COMMIT", "siblings": [FILE, FILE]}"#, "f is in it twice"),
      (
        #"{"sha": "COMMIT", "siblings": [FILE, {"rfilename": "f/g", "size": 1, "blobId": "COMMIT"}]}"#,
        "f is both a file and a folder"
      ),
    ])
  func aListThatMakesNoSenseIsRefused(json: String, reason: String) {
    let json = json.replacing("FILE", with: #"{"rfilename": "f", "size": 1, "blobId": "COMMIT"}"#)
      .replacing("COMMIT", with: LoopbackHub.commit)

    #expect(throws: HubError.badListing(model: "tiny/model", reason: reason)) {
      try HubListing(parsing: Array(json.utf8), model: LoopbackHub.model, wanted: { _ in true })
    }
  }

  @Test func damagedListsAreErrorsAndNoCrash() {
    let whole = LoopbackHub.listing(LoopbackHub.tinyModel)
    var random = SystemRandomNumberGenerator()

    for round in 0..<2000 {
      var bytes = whole
      for _ in 0...(round % 4) { bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255) }
      if round.isMultiple(of: 3) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      let listing = try? HubListing(parsing: bytes, model: LoopbackHub.model, wanted: { _ in true })
      #expect(listing?.files.allSatisfy { HubFile.isSafe($0.path) && $0.size >= 0 } ?? true)
    }
  }

  @Test(arguments: ["[", "{\"a\":", "{\"siblings\":["]) func listsWithoutABottomAreErrorsAndNoCrash(text: String) {
    let bytes = Array(String(repeating: text, count: 500_000).utf8)

    #expect(throws: HubError.badListing(model: "tiny/model", reason: "not the JSON that a hub sends")) {
      try HubListing(parsing: bytes, model: LoopbackHub.model, wanted: { _ in true })
    }
  }

  @Test(arguments: ["Qwen/Qwen2-Audio-7B-Instruct", "a/b", "_x/y.z_1", "0/1"])
  func namesOfTheHubAreTaken(text: String) {
    #expect(ModelName(text)?.description == text)
  }

  @Test(arguments: [
    "", "a", "a/", "/b", "a/b/c", "../b", "a/..", "a/.b", "a/b-", "a/b--c", "a/b..c", "a b/c", "a/ü", "a/b\n", "a/%2e",
  ])
  func otherNamesAreNot(text: String) {
    #expect(ModelName(text) == nil)
  }

  @Test(
    arguments: [
      ("config.json", true), ("model-00001-of-00005.safetensors", true), ("model.safetensors.index.json", true),
      ("chat_template.jinja", true), ("additional_chat_templates/rag.jinja", true), ("onnx/config.json", false),
      ("a/model.safetensors", false), ("pytorch_model.bin", false), ("spk_dict.pt", false), ("README.md", false),
    ])
  func aModelNeedsItsConfigurationTokenizerAndWeights(path: String, isWanted: Bool) {
    #expect(HubSelection(patterns: []).wants(path) == isWanted)
  }

  @Test(
    arguments: [
      ("bytes 0-9/10", ContentRange(start: 0, last: 9, total: 10)),
      ("bytes 5-9/*", ContentRange(start: 5, last: 9, total: nil)), ("bytes */10", nil), ("bytes=0-9/10", nil),
      ("bytes 0-99999999999999999999/1", nil), ("", nil),
    ] as [(String, ContentRange?)])
  func partsOfAFileAreReadAsWritten(text: String, range: ContentRange?) {
    #expect(ContentRange(text) == range)
  }
}
