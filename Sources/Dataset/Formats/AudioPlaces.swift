import Foundation

/// Where the sounds of a file of questions are.
struct AudioPlaces {
  /// Searched in this order; "" is the current folder.
  private let folders: [String]
  private static let extensions = ["wav", "flac", "ogg", "mp3", "opus"]

  /// Where a file of that name alone is looked for, whatever the folder that the row says; nil for nowhere.
  private var named: String?

  /// The folder named by the user, the one that the file is in, and the current one, from which R1-AQA's paths start.
  init(file: String, folder: String?) {
    let own = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    let named = folder.map { $0.isEmpty || $0.hasSuffix("/") ? $0 : $0 + "/" }
    var seen = Set<String>()
    folders = ([named, own, ""].compactMap { $0 }).filter { seen.insert($0).inserted }
  }

  /// As `init(file:folder:)`, for a file of the set in the folder `root`, from which its paths may start too. In the
  /// folder that the user names, sounds may lie side by side.
  init(file: String, root: String, folder: String?) {
    let places = AudioPlaces(file: file, folder: folder)
    var folders = places.folders
    let root = root.isEmpty || root.hasSuffix("/") ? root : root + "/"
    if !folders.contains(root) { folders.insert(root, at: folders.count - (folders.last == "" ? 1 : 0)) }
    self.folders = folders
    named = folder == nil ? nil : folders[0]
  }

  /// The path of a row's sound: where a file of that name is, else where it belongs first; nil where the row has none.
  ///
  /// A row without a path may name its clip as AVQA does. Its file is called by the stem, `ID_000030.wav`, or, as in
  /// R1-AQA's sample, without the zeros, `ID_30.wav`.
  func resolve(_ path: String?, clip: String? = nil) throws(RowProblem) -> String? {
    if let path { return try resolve(path) }
    guard let clip else { return nil }
    let file = try checked(clip)
    let names = Self.stems(file).flatMap { stem in Self.extensions.map { "\(stem).\($0)" } }
    return place(of: names) ?? folders[0] + names[0]
  }

  func resolve(_ path: String) throws(RowProblem) -> String {
    let path = try checked(path)
    if path.hasPrefix("/") { return path }
    if let place = place(of: [path]) { return place }
    if let named, let slash = path.lastIndex(of: "/") {
      let place = named + path[path.index(after: slash)...]
      if FileManager.default.fileExists(atPath: place) { return place }
    }
    return folders[0] + path
  }

  private func place(of names: [String]) -> String? {
    for folder in folders {
      for name in names where FileManager.default.fileExists(atPath: folder + name) { return folder + name }
    }
    return nil
  }

  private func checked(_ path: String) throws(RowProblem) -> String {
    let path = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    guard !path.isEmpty, path.utf8.count <= 4096 else {
      throw RowProblem(reason: "the sound's path is empty or too long")
    }
    guard !path.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }) else {
      throw RowProblem(reason: "'\(shortened(path))' holds a control character")
    }
    return path
  }

  private static func stems(_ clip: String) -> [String] {
    guard let youTube = YouTubeClip(stem: clip) else { return [clip] }
    return [clip, "\(youTube.video)_\(youTube.start)"]
  }
}
