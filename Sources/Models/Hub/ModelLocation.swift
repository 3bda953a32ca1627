import Foundation

/// Where the files of a model are that a user names.
public enum ModelLocation {
  /// What people call the model of a folder: NAME for OWNER/NAME in a cache, else the folder's own name.
  public static func name(ofFolder folder: String) -> String {
    let parts = URL(fileURLWithPath: folder).standardizedFileURL.pathComponents
    let cached = parts.last { $0.hasPrefix("models--") }
    return cached.map { $0.components(separatedBy: "--").last ?? $0 } ?? parts.last ?? folder
  }

  /// The folder of `reference`: a folder itself, which comes first, or OWNER/NAME in the cache. Where the cache is, the
  /// process's own environment tells unless another is given. Throws a `HubError` that says what to do.
  public static func resolve(
    _ reference: String, revision: String = "main",
    environment: [String: String]? = nil
  ) throws(HubError) -> String {
    if FileSystem.isFolder(reference) { return reference }
    if FileSystem.size(reference) != nil { throw .notAFolder(HubFile.shown(reference)) }
    guard let model = ModelName(reference) else { throw .noSuchFolder(HubFile.shown(reference)) }
    let cache = ModelCache(folder: HubSettings.cacheFolder(environment ?? ProcessInfo.processInfo.environment))
    guard let folder = cache.snapshot(of: model, revision: revision) else {
      throw .notPulled(model: "\(model)", cacheFolder: cache.folder)
    }
    guard CachedModel.isWhole(folder) else { throw .notWhole(model: "\(model)", folder: folder) }
    return folder
  }
}
