import Foundation

/// The models in a cache folder that huggingface_hub and Earshot share.
public struct ModelCache: Sendable {
  public let folder: String

  public init(folder: String) { self.folder = folder }

  /// All models, by name and commit.
  public func models() -> [CachedModel] {
    names(in: folder).filter { $0.hasPrefix("models--") }.flatMap { name -> [CachedModel] in
      let base = "\(folder)/\(name)"
      let title = String(name.dropFirst("models--".count)).replacing("--", with: "/")
      let references = references(under: "\(base)/refs")
      return names(in: "\(base)/snapshots").filter { FileSystem.isFolder("\(base)/snapshots/\($0)") }.map { commit in
        CachedModel(
          name: title, commit: commit, revisions: references.filter { $0.commit == commit }.map(\.revision),
          folder: "\(base)/snapshots/\(commit)")
      }
    }
  }

  /// The folder of a model's snapshot; nil where the cache has none of this branch, tag or commit.
  func snapshot(of model: ModelName, revision: String) -> String? {
    let base = "\(folder)/\(model.cacheFolder)"
    guard HubFile.isSafe(revision) else { return nil }
    for commit in [commit(at: "\(base)/refs/\(revision)"), revision].compactMap({ $0 }) where HubFile.isSafe(commit) {
      if FileSystem.isFolder("\(base)/snapshots/\(commit)") { return "\(base)/snapshots/\(commit)" }
    }
    return nil
  }

  private func commit(at path: String) -> String? {
    FileSystem.contents(path, limit: 256).map {
      String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }

  private func references(under folder: String, prefix: String = "") -> [(revision: String, commit: String)] {
    names(in: folder).flatMap { name -> [(revision: String, commit: String)] in
      let path = "\(folder)/\(name)"
      // Branches have slashes in their names, refs/pr/1 for one.
      if FileSystem.isFolder(path), prefix.utf8.count < 200 {
        return references(under: path, prefix: "\(prefix)\(name)/")
      }
      return commit(at: path).map { [("\(prefix)\(name)", $0)] } ?? []
    }
  }

  private func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}
