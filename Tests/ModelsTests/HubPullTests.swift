import Foundation
import Synchronization
import Testing

@testable import Models

struct HubPullTests {
  /// The layout is that of huggingface_hub's cache.
  @Test func aPulledModelIsWhereHuggingFacesOwnToolsLookForIt() async throws {
    let hub = LoopbackHub()

    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(folder == hub.snapshot)
    #expect(contents(hub.base + "/refs/main") == Array(LoopbackHub.commit.utf8))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.sorted() == ["config.json", "model.safetensors", "tokenizer.json"])
    for name in names {
      let link = try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
      #expect(link == "../../blobs/" + LoopbackHub.checksum(of: name, hub.files[name]!).text)
      #expect(contents("\(folder)/\(name)") == hub.files[name])
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: hub.base + "/blobs").count == 3)
    #expect(try ModelLocation.resolve("tiny/model", environment: hub.environment) == folder)
  }

  @Test func onlyWhatAModelNeedsIsAskedFor() async throws {
    let hub = LoopbackHub()

    _ = try await hub.client().pull(LoopbackHub.model)

    let files = Set(hub.server.requests.compactMap { $0.path.split(separator: "/").last })
    #expect(files == ["main?blobs=true", "config.json", "tokenizer.json", "model.safetensors"])
  }

  @Test func aSecondPullAsksForTheListOnly() async throws {
    let hub = LoopbackHub()
    _ = try await hub.client().pull(LoopbackHub.model)
    let before = hub.server.requests.count

    _ = try await hub.client().pull(LoopbackHub.model)

    #expect(hub.server.requests.count == before + 1)
  }

  @Test func aFolderGetsPlainFilesAndNothingElse() async throws {
    let hub = LoopbackHub()
    let folder = hub.folder + "/plain"

    let answer = try await hub.client().pull(LoopbackHub.model, to: .folder(folder))

    #expect(answer == folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.sorted() == ["config.json", "model.safetensors", "tokenizer.json"])
    #expect(names.allSatisfy { contents("\(folder)/\($0)") == hub.files[$0] })
    #expect(!exists(hub.base))
  }

  @Test func inAFolderChangedFilesAreReplacedAndTheOthersStay() async throws {
    let hub = LoopbackHub()
    let folder = hub.folder + "/plain"
    _ = try await hub.client().pull(LoopbackHub.model, to: .folder(folder))
    var changed = hub.weights
    changed[1000] ^= 1
    #expect(FileManager.default.createFile(atPath: folder + "/model.safetensors", contents: Data(changed)))

    _ = try await hub.client().pull(LoopbackHub.model, to: .folder(folder))

    #expect(contents(folder + "/model.safetensors") == hub.weights)
    #expect(hub.requests(for: "model.safetensors").count == 2)
    #expect(hub.requests(for: "config.json").count == 1)
  }

  @Test func patternsReplaceTheUsualChoice() async throws {
    let hub = LoopbackHub()

    let folder = try await hub.client().pull(LoopbackHub.model, patterns: ["*.onnx", "READ*"])

    #expect(contents(folder + "/README.md") == Array("# tiny".utf8))
    #expect(contents(folder + "/onnx/model.onnx") == LoopbackHub.bytes(10))
    let link = try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/onnx/model.onnx")
    #expect(link.hasPrefix("../../../blobs/"))
    #expect(!exists(folder + "/config.json"))
  }

  @Test func aCommitIsPulledAsItIsAndNoBranch() async throws {
    let listing = LoopbackHub.listing(LoopbackHub.tinyModel)
    let hub = LoopbackHub { request, _ in
      request.path.contains("/revision/") ? LoopbackAnswer(status: 200, body: listing) : nil
    }
    let other = String(repeating: "a", count: 40)

    let folder = try await hub.client().pull(LoopbackHub.model, revision: LoopbackHub.commit)
    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model, revision: other) }

    #expect(folder == hub.snapshot)
    #expect(!exists(hub.base + "/refs"))
    #expect(failure == .badListing(model: "tiny/model", reason: "it is that of another commit"))
  }

  @Test func aBranchMayHaveASlashInItsName() async throws {
    let listing = LoopbackHub.listing(LoopbackHub.tinyModel)
    let hub = LoopbackHub { request, _ in
      request.path == "/api/models/tiny/model/revision/refs%2Fpr%2F1?blobs=true"
        ? LoopbackAnswer(status: 200, body: listing) : nil
    }

    _ = try await hub.client().pull(LoopbackHub.model, revision: "refs/pr/1")

    #expect(contents(hub.base + "/refs/refs/pr/1") == Array(LoopbackHub.commit.utf8))
    #expect(ModelCache(folder: hub.folder).snapshot(of: LoopbackHub.model, revision: "refs/pr/1") == hub.snapshot)
  }

  @Test(arguments: ["../x", "", "/etc", "a//b", "-x", "a\n"]) func otherRevisionsAreRefused(revision: String)
    async throws
  {
    let hub = LoopbackHub()

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model, revision: revision) }

    #expect(failure == .badRevision(HubFile.shown(revision)))
    #expect(hub.server.requests.isEmpty)
  }

  @Test func anEmptyFileIsAFile() async throws {
    let hub = LoopbackHub(["config.json": [], "model.safetensors": [1]])

    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(FileManager.default.fileExists(atPath: folder + "/config.json"))
    // Git's name of the empty blob.
    #expect(exists(hub.base + "/blobs/e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"))
  }

  @Test func progressAddsUpToTheWhole() async throws {
    let hub = LoopbackHub { request, earlier in
      request.path.hasSuffix("model.safetensors") && earlier == 0
        ? LoopbackAnswer(status: 200, body: LoopbackHub.bytes(200_000), cutAfter: 50_000) : nil
    }
    let events = Mutex<[PullEvent]>([])

    _ = try await hub.client().pull(LoopbackHub.model) { event in events.withLock { $0.append(event) } }

    var (listed, there, checked, waits) = (0, 0, 0, 0)
    for event in events.withLock({ $0 }) {
      switch event {
      case .listed(let commit, let files, let bytes):
        #expect(commit == LoopbackHub.commit)
        #expect(files == 3)
        listed = bytes
      case .found(let bytes), .received(let bytes): there += bytes
      case .waiting: waits += 1
      case .checking(_, let bytes): checked += bytes
      }
    }
    #expect(listed == 200_000 + hub.files["config.json"]!.count + 2)
    #expect(there == listed)
    #expect(checked == listed)
    #expect(waits == 1)
  }

  @Test func aLockedModelIsLeftToTheOther() async throws {
    let hub = LoopbackHub()
    let path = hub.folder + "/.locks/models--tiny--model/earshot-pull.lock"
    let lock = try PullLock(path: path, model: LoopbackHub.model)

    let failure = await failure { _ = try await hub.client().pull(LoopbackHub.model) }

    #expect(failure == .locked(model: "tiny/model", path: path))
    _ = consume lock
    _ = try await hub.client().pull(LoopbackHub.model)
    #expect(!exists(path))
  }

  @Test func offlineTheCacheIsAllThereIs() async throws {
    let hub = LoopbackHub()
    let offline = try hub.client(["HF_HUB_OFFLINE": "1"])

    let before = await failure { _ = try await offline.pull(LoopbackHub.model) }
    let asked = hub.server.requests.count
    let folder = try await hub.client().pull(LoopbackHub.model)

    #expect(before == .offline(model: "tiny/model"))
    #expect(asked == 0)
    #expect(try await offline.pull(LoopbackHub.model) == folder)
  }
}
