public import Transfer

/// Why a model could not be pulled or found.
public enum HubError: Error, Equatable, Sendable {
  /// `HF_ENDPOINT`; it is not repeated, as people put passwords into it.
  case badEndpoint(reason: String)
  /// `HF_TOKEN` has a character that no token has.
  case badToken
  case badModelName(String)
  case badRevision(String)
  /// `HF_HUB_OFFLINE` is set, and the model is not in the cache, or not all of it.
  case offline(model: String)
  /// The last of several attempts got no whole answer.
  case unreachable(endpoint: String, TransferError)
  /// The last of several attempts was answered so; or one was, and asking again would change nothing.
  case refused(what: String, status: Int, excerpt: String)
  /// 401 or 403.
  case accessDenied(model: String, endpoint: String, isGated: Bool, hasToken: Bool)
  case noSuchModel(String, endpoint: String)
  case noSuchRevision(String, model: String, endpoint: String)
  case noSuchFile(String, model: String, endpoint: String)
  /// The server's answer about the model makes no sense.
  case badListing(model: String, reason: String)
  /// A file's name that leads out of the folder, or cannot be shown.
  case unsafeFileName(String, model: String)
  case noMatch(model: String, patterns: [String])
  case noWeights(model: String)
  /// An answer to a request for a file that is none.
  case badAnswer(file: String, reason: String)
  /// The bytes are not those that the hub promised; they are removed.
  case wrongChecksum(file: String, expected: String, found: String)
  case diskTooSmall(folder: String, needed: Int, free: Int)
  case notWritten(path: String, reason: String)
  /// Another process pulls the same model.
  case locked(model: String, path: String)
  /// Neither a folder nor a name.
  case noSuchFolder(String)
  case notAFolder(String)
  /// A name whose model is not in the cache.
  case notPulled(model: String, cacheFolder: String)
  /// In the cache, but without a part of its files.
  case notWhole(model: String, folder: String)
  case cancelled
}

extension HubError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .badEndpoint, .badToken, .badModelName, .badRevision, .offline: settingText
    case .unreachable, .refused, .accessDenied, .noSuchModel, .noSuchRevision, .noSuchFile: answerText
    case .badListing, .unsafeFileName, .noMatch, .noWeights, .badAnswer, .wrongChecksum: contentText
    case .diskTooSmall, .notWritten, .locked, .noSuchFolder, .notAFolder, .notPulled, .notWhole, .cancelled: localText
    }
  }

  private var settingText: String {
    switch self {
    case .badEndpoint(let reason): "HF_ENDPOINT: \(reason). Write it as https://host, or unset it."
    case .badToken: "HF_TOKEN: holds a space or another character that no token has. Set it again."
    case .badModelName(let text): "'\(text)': no model's name. Write OWNER/NAME, such as Qwen/Qwen2-Audio-7B-Instruct."
    case .badRevision(let text): "'\(text)': no revision. Give a branch, a tag or a commit."
    case .offline(let model):
      "\(model): not all of it is in the cache, and HF_HUB_OFFLINE forbids to ask for it. Unset HF_HUB_OFFLINE."
    default: ""
    }
  }

  private var answerText: String {
    switch self {
    case .unreachable(let endpoint, let error):
      switch error {
      // These begin with the host.
      case .couldNotResolve, .refused, .connectTimeout, .tls: Self.shown(error)
      default: "\(endpoint): \(Self.shown(error))"
      }
    case .refused(let what, let status, let excerpt):
      "\(what): the server answered with status \(status)\(excerpt.isEmpty ? "" : ": '\(excerpt)'"). Try again later."
    case .accessDenied(let model, let endpoint, let isGated, let hasToken):
      "\(model): \(Self.denial(endpoint, path: "\(endpoint)/\(model)", isGated: isGated, hasToken: hasToken))"
    case .noSuchModel(let model, let endpoint):
      "\(model): no such model at \(endpoint). Check its name there; capitals count."
    case .noSuchRevision(let revision, let model, let endpoint):
      "\(model): no revision '\(revision)' at \(endpoint). Give a branch, a tag or a commit of it."
    case .noSuchFile(let file, let model, let endpoint):
      "\(model): \(file) is listed, but not to be had at \(endpoint). Try again; if it stays so, try another revision."
    default: ""
    }
  }

  private var contentText: String {
    switch self {
    case .badListing(let model, let reason): "\(model): its list of files is not usable: \(reason). Check HF_ENDPOINT."
    case .unsafeFileName(let name, let model):
      "\(model): names a file '\(name)', which leads out of its folder or cannot be shown. Do not trust this model."
    case .noMatch(let model, let patterns):
      "\(model): has no file that matches \(patterns.map { "'\($0)'" }.joined(separator: " or ")). Check --include."
    case .noWeights(let model):
      "\(model): has no *.safetensors file, the only weights that Earshot reads. Look for a conversion of it."
    case .badAnswer(let file, let reason): "\(file): \(reason). Try again later, or another HF_ENDPOINT."
    case .wrongChecksum(let file, let expected, let found):
      "\(file): what came is not what the hub lists (\(found) instead of \(expected)), and was removed. Pull again; "
        + "if it stays so, a proxy or mirror changes files."
    default: ""
    }
  }

  private var localText: String {
    switch self {
    case .diskTooSmall(let folder, let needed, let free):
      "\(folder): \(Self.gigabytes(needed)) are needed, \(Self.gigabytes(free)) are free. Make room, or set "
        + "HF_HUB_CACHE or --to to a larger disk."
    case .notWritten(let path, let reason): "\(path): \(reason). Check the path, its permissions and the free space."
    case .locked(let model, let path):
      "\(model): another process is pulling it (it holds \(path)). Wait for it, then run the same command again."
    case .noSuchFolder(let text):
      "'\(text)': no such folder, and not OWNER/NAME either. Check the path, or give the model's name on the hub."
    case .notAFolder(let text): "'\(text)': is no folder. Give the folder that holds the model's config.json."
    case .notPulled(let model, let folder): "\(model): not in \(folder). Get it with: earshot models pull \(model)"
    case .notWhole(let model, let folder):
      "\(model): files are missing in \(folder). Get them with: earshot models pull \(model)"
    case .cancelled: "cancelled"
    default: ""
    }
  }

  /// Without what moves the cursor: the text may repeat a certificate, or the host of a redirect.
  private static func shown(_ error: TransferError) -> String { HubFile.shown("\(error)", limit: 600) }

  private static func denial(_ endpoint: String, path: String, isGated: Bool, hasToken: Bool) -> String {
    switch (isGated, hasToken) {
    case (true, true): "is gated, and HF_TOKEN has no access yet. Ask for it at \(path), then pull again."
    case (true, false): "is gated. Ask for access at \(path), then set HF_TOKEN to a token of yours."
    case (false, true): "does not exist at \(endpoint), or HF_TOKEN may not see it. Check the name and the token."
    case (false, false):
      "does not exist at \(endpoint), or is private. Check the name, or set HF_TOKEN to a token that may see it."
    }
  }

  private static func gigabytes(_ bytes: Int) -> String {
    let tenths = bytes / 100_000_000 + (bytes % 100_000_000 > 0 ? 1 : 0)
    return "\(tenths / 10).\(tenths % 10) GB"
  }
}
