import Foundation

/// A model in the cache, at one commit.
public struct CachedModel: Sendable, Equatable {
  /// OWNER/NAME.
  public let name: String
  public let commit: String
  /// Branches and tags that are at this commit, as far as the cache knows.
  public let revisions: [String]
  public let folder: String

  /// The `model_type` of its config.json, such as "qwen2_audio".
  public var architecture: String? {
    struct Configuration: Decodable {
      var modelType: String?

      enum CodingKeys: String, CodingKey {
        case modelType = "model_type"
      }
    }
    guard let data = FileSystem.contents("\(folder)/config.json"),
      let type = (try? JSONDecoder().decode(Configuration.self, from: data))?.modelType
    else { return nil }
    return HubFile.shown(type)
  }

  /// Bytes of its files.
  public var byteCount: Int { Self.byteCount(of: folder, depth: 0) }

  /// Whether the configuration and all weights are there.
  public var isWhole: Bool { Self.isWhole(folder) }

  /// Whether a folder has a configuration and all the weights that its index names, or weights without an index.
  static func isWhole(_ folder: String) -> Bool {
    struct Index: Decodable {
      var weightMap: [String: String]

      enum CodingKeys: String, CodingKey {
        case weightMap = "weight_map"
      }
    }
    guard FileSystem.size("\(folder)/config.json") != nil else { return false }
    if FileSystem.size("\(folder)/model.safetensors.index.json") != nil {
      guard let data = FileSystem.contents("\(folder)/model.safetensors.index.json"),
        let index = try? JSONDecoder().decode(Index.self, from: data)
      else { return false }
      return Set(index.weightMap.values).allSatisfy { HubFile.isSafe($0) && FileSystem.size("\(folder)/\($0)") != nil }
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.contains { $0.hasSuffix(".safetensors") && FileSystem.size("\(folder)/\($0)") != nil }
  }

  private static func byteCount(of folder: String, depth: Int) -> Int {
    guard depth < 16, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return 0 }
    return names.reduce(0) { sum, name in
      let path = "\(folder)/\(name)"
      return sum &+ (FileSystem.size(path) ?? (FileSystem.isFolder(path) ? byteCount(of: path, depth: depth + 1) : 0))
    }
  }
}
