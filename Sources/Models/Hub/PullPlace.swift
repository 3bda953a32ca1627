/// Where a pulled model goes.
public enum PullDestination: Sendable, Equatable {
  /// The cache that huggingface_hub uses too.
  case cache
  /// Plain files in this folder.
  case folder(String)
}

/// Where the files of one model at one commit are, and where they are on their way.
///
/// The cache holds each file under its checksum in blobs/; snapshots/COMMIT/ has links with the files' names; refs/ has
/// the commits of branches and tags.
struct PullPlace: Sendable {
  let model: ModelName
  let destination: PullDestination
  let cacheFolder: String

  /// The folder whose disk is written to.
  var base: String {
    switch destination {
    case .cache: "\(cacheFolder)/\(model.cacheFolder)"
    case .folder(let path): path
    }
  }

  var lockPath: String {
    switch destination {
    case .cache: "\(cacheFolder)/.locks/\(model.cacheFolder)/earshot-pull.lock"
    case .folder(let path): "\(path)/.earshot-pull.lock"
    }
  }

  /// The folder that the model is loaded from.
  func folder(commit: String) -> String {
    switch destination {
    case .cache: "\(base)/snapshots/\(commit)"
    case .folder(let path): path
    }
  }

  /// Where the bytes of a file are once they are whole.
  func path(of file: HubFile) -> String {
    switch destination {
    case .cache: "\(base)/blobs/\(file.checksum.text)"
    case .folder(let path): "\(path)/\(file.path)"
    }
  }

  /// Where they are until then. Named by the checksum, so that what is left of one revision is never taken for that of
  /// another, and as huggingface_hub, which may pull at the same time, does not name its own.
  func partialPath(of file: HubFile) -> String {
    switch destination {
    case .cache: "\(base)/blobs/\(file.checksum.text).earshot-incomplete"
    case .folder(let path): "\(path)/\(file.path).\(file.checksum.text.prefix(12)).earshot-incomplete"
    }
  }

  /// Whether the file is there, and whole. In the cache its name is its checksum; elsewhere the bytes are read.
  func holds(_ file: HubFile, _ report: (PullEvent) -> Void) async throws(HubError) -> Bool {
    let path = path(of: file)
    guard FileSystem.size(path) == file.size else { return false }
    if destination == .cache { return true }
    report(.checking(file: file.path, bytes: file.size))
    return try await FileReading.isWhole(file, at: path)
  }

  /// Gives a whole file its name in the snapshot.
  func place(_ file: HubFile, commit: String) throws(HubError) {
    guard destination == .cache else { return }
    let up = String(repeating: "../", count: 2 + file.path.split(separator: "/").count - 1)
    try FileSystem.link("\(folder(commit: commit))/\(file.path)", to: "\(up)blobs/\(file.checksum.text)")
  }

  /// Notes which commit a branch or tag is at, once all its files are there.
  func note(revision: String, commit: String) throws(HubError) {
    guard destination == .cache, revision != commit else { return }
    try FileSystem.write(commit, to: "\(base)/refs/\(revision)")
  }
}
