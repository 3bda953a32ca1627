import Foundation

/// The file that tells an export from any other folder. It is written last.
struct ExportMark: Codable {
  var format: String
  var questions: [String: Int]
  var program = "earshot"

  private static let name = "export.json"

  /// Whether the folder holds a mark of this program; other programs may call their files the same.
  static func exists(in folder: String) -> Bool {
    let text = try? FileHandle(forReadingAtPath: folder + "/" + name)?.read(upToCount: 1 << 16)
    let mark = text.flatMap { try? JSONDecoder().decode(ExportMark.self, from: $0) }
    return mark?.program == "earshot"
  }

  static func remove(from folder: String) throws(StagesError) {
    guard unlink(folder + "/" + name) == 0 || errno == ENOENT else { throw LineFile.failure(folder + "/" + name) }
  }

  func write(to folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    let text = String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    let file = try LineFile(path: folder + "/" + Self.name)
    try file.append(text)
    try file.close()
  }
}
