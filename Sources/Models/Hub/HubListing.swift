import Foundation

/// The files of a model at one commit.
struct HubListing: Sendable, Equatable {
  /// More than the size of any model there is.
  private static let largestSize = 1 << 46

  let commit: String
  let files: [HubFile]

  /// Reads the answer to `/api/models/OWNER/NAME/revision/REV?blobs=true`. `wanted` tells which files matter; a name
  /// that leads out of the folder is refused whether wanted or not.
  init(parsing bytes: [UInt8], model: ModelName, wanted: (String) -> Bool) throws(HubError) {
    let answer: Answer
    do {
      answer = try JSONDecoder().decode(Answer.self, from: Data(bytes))
    } catch {
      throw .badListing(model: "\(model)", reason: "not the JSON that a hub sends")
    }
    guard Self.isCommit(answer.sha) else {
      throw .badListing(model: "\(model)", reason: "it names no commit")
    }
    commit = answer.sha
    var files: [HubFile] = []
    for sibling in answer.siblings {
      let isWanted = wanted(sibling.rfilename)
      guard !HubFile.leadsOut(sibling.rfilename), !isWanted || HubFile.isSafe(sibling.rfilename) else {
        throw .unsafeFileName(HubFile.shown(sibling.rfilename), model: "\(model)")
      }
      if isWanted { files.append(try Self.file(sibling, model)) }
    }
    try Self.check(files, model)
    self.files = files
  }

  static func isCommit(_ revision: String) -> Bool { isHexadecimal(revision, digits: 40) }

  private static func file(_ sibling: Answer.Sibling, _ model: ModelName) throws(HubError) -> HubFile {
    let size = sibling.lfs?.size ?? sibling.size
    guard let size, (0...largestSize).contains(size) else {
      throw .badListing(model: "\(model)", reason: "\(sibling.rfilename) has no size")
    }
    if let lfs = sibling.lfs {
      guard let text = lfs.sha256 ?? lfs.oid, isHexadecimal(text, digits: 64) else {
        throw .badListing(model: "\(model)", reason: "\(sibling.rfilename) has no SHA-256")
      }
      return HubFile(path: sibling.rfilename, size: size, checksum: .sha256(text))
    }
    guard let text = sibling.blobId, isHexadecimal(text, digits: 40) else {
      throw .badListing(model: "\(model)", reason: "\(sibling.rfilename) has no checksum")
    }
    return HubFile(path: sibling.rfilename, size: size, checksum: .gitBlob(text))
  }

  /// One name must be one file, and no file a folder of another.
  private static func check(_ files: [HubFile], _ model: ModelName) throws(HubError) {
    var names: Set<String> = []
    for file in files where !names.insert(file.path).inserted {
      throw .badListing(model: "\(model)", reason: "\(file.path) is in it twice")
    }
    for file in files {
      var folder = file.path[...]
      while let slash = folder.lastIndex(of: "/") {
        folder = folder[..<slash]
        if names.contains(String(folder)) {
          throw .badListing(model: "\(model)", reason: "\(folder) is both a file and a folder")
        }
      }
    }
    let total = files.reduce(0.0) { $0 + Double($1.size) }
    guard total <= Double(largestSize) else { throw .badListing(model: "\(model)", reason: "its size is absurd") }
  }

  private static func isHexadecimal(_ text: String, digits: Int) -> Bool {
    text.utf8.count == digits
      && text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }

  private struct Answer: Decodable {
    struct Sibling: Decodable {
      var rfilename: String
      var size: Int?
      var blobId: String?
      var lfs: LargeFile?
    }

    struct LargeFile: Decodable {
      var sha256: String?
      var oid: String?
      var size: Int?
    }

    var sha: String
    var siblings: [Sibling]
  }
}
