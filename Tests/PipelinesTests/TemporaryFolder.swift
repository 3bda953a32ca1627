import Foundation

/// A folder that is removed with the last reference to it.
final class TemporaryFolder {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "pipelines-\(UUID().uuidString)"
    try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ text: String, to name: String) -> String { write(Data(text.utf8), to: name) }

  func write(_ data: Data, to name: String) -> String {
    let file = path + "/" + name
    try! FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try! data.write(to: URL(fileURLWithPath: file))
    return file
  }

  /// What an error says, with the folder's path taken off.
  func message(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return "\(error)".replacingOccurrences(of: path + "/", with: "")
    }
  }
}
