import Foundation

/// The file that tells an export from any other folder. It is written last.
struct ExportMark: Codable {
  var format: String
  var questions: [String: Int]
  var program = "earshot"

  private static let name = "export.json"

  static func exists(in folder: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/" + name)
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
