import Transfer

/// What the headers of an answer say of the endpoint's limits: `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`
/// as OpenAI, Azure and Groq write them, or with the time they hold for behind them (`-minute`, `-day`), as Cerebras
/// and Mistral do.
struct RateHeaders: Equatable {
  /// One limit and what is left of it.
  struct Notice: Equatable {
    var limit: Double
    var remaining: Double
    /// Seconds until all of it is there again.
    var reset: Double?
    /// Seconds that the limit is for, where the header's name says so.
    var window: Double?
  }

  var requests: Notice?
  var tokens: Notice?

  /// Nil where no header tells both a limit and what is left.
  init?(_ headers: HTTPHeaders) {
    var drafts: [Draft] = []
    for field in headers.fields {
      guard let name = RateHeaderName(field.name) else { continue }
      let place = drafts.firstIndex { $0.kind == name.kind && $0.window == name.window } ?? drafts.endIndex
      if place == drafts.endIndex { drafts.append(Draft(kind: name.kind, window: name.window)) }
      drafts[place].take(field.value, as: name.quality)
    }
    requests = Self.shortest(of: .requests, drafts)
    tokens = Self.shortest(of: .tokens, drafts)
    if requests == nil && tokens == nil { return nil }
  }

  /// Where limits for a minute and a day are told, the one that binds from moment to moment.
  private static func shortest(of kind: RateHeaderName.Kind, _ drafts: [Draft]) -> Notice? {
    let notices = drafts.filter { $0.kind == kind }.compactMap(\.notice)
    return notices.min { $0.window ?? 60 < $1.window ?? 60 }
  }
}

/// The parts of one limit, as they are found.
private struct Draft {
  let kind: RateHeaderName.Kind
  let window: Double?
  private var limit: Double?
  private var remaining: Double?
  private var reset: Double?

  init(kind: RateHeaderName.Kind, window: Double?) {
    (self.kind, self.window) = (kind, window)
  }

  mutating func take(_ value: String, as quality: RateHeaderName.Quality) {
    switch quality {
    case .limit: limit = Self.number(value)
    case .remaining: remaining = Self.number(value)
    case .reset: reset = GoDuration.seconds(value)
    }
  }

  var notice: RateHeaders.Notice? {
    guard let limit, limit >= 1, let remaining else { return nil }
    return RateHeaders.Notice(limit: limit, remaining: min(remaining, limit), reset: reset, window: window)
  }

  /// The number that the value begins with: some write "100, 100;w=60".
  private static func number(_ value: String) -> Double? {
    let first = value.prefix { $0 != "," && $0 != ";" }
    guard let number = Double(first), number.isFinite, number < 1e15 else { return nil }
    return max(0, number)
  }
}

/// The name of a header about limits, taken apart.
private struct RateHeaderName {
  enum Kind { case requests, tokens }
  enum Quality: String { case limit, remaining, reset }

  let kind: Kind
  let quality: Quality
  let window: Double?

  private static let start = Array("x-ratelimit-".utf8)
  private static let windows = ["second": 1.0, "minute": 60, "hour": 3600, "day": 86_400]

  init?(_ name: String) {
    // Nearly all headers end here, without a copy.
    guard name.utf8.count > Self.start.count, zip(name.utf8, Self.start).allSatisfy({ $0 | 0x20 == $1 | 0x20 }) else {
      return nil
    }
    let words = name.lowercased().dropFirst(Self.start.count).split(separator: "-").map(String.init)
    guard words.count == 2 || words.count == 3, let quality = Quality(rawValue: words[0]) else { return nil }
    switch words[1] {
    case "requests", "req": kind = .requests
    case "tokens": kind = .tokens
    default: return nil
    }
    if words.count == 3 {
      // Prices, tokens of prompts alone and whole months have limits too, of which we know too little.
      guard let window = Self.windows[words[2]] else { return nil }
      self.window = window
    } else {
      window = nil
    }
    self.quality = quality
  }
}

/// Lengths of time in headers: "1s", "6m0s", "120ms", "1h2m3.5s", or plain seconds.
enum GoDuration {
  private static let units = [
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86_400,
  ]

  /// Nil for anything else, and for points in time, which a plain number beyond three years is.
  static func seconds(_ text: String) -> Double? {
    if let plain = Double(text) { return plain >= 0 && plain < 1e8 ? plain : nil }
    var (rest, sum) = (text[...], 0.0)
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { !($0.isASCII && $0.isNumber) }
      rest = rest.dropFirst(unit.count)
      guard let number = Double(digits), let scale = units[String(unit)] else { return nil }
      sum += number * scale
    }
    return text.isEmpty || !sum.isFinite || sum >= 1e8 ? nil : sum
  }
}
