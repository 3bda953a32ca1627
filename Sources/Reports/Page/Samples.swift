import Foundation

/// Things to read and to hear, a few of each kind, such as questions that were rejected and why.
public struct Samples: Sendable, Hashable {
  public struct Sample: Sendable, Hashable {
    /// A line each.
    public var lines: [String]
    /// A WAV file, which the page then holds.
    public var sound: [UInt8]?

    public init(_ lines: [String], sound: [UInt8]? = nil) {
      self.lines = lines
      self.sound = sound
    }
  }

  public var title: String
  public var samples: [Sample]

  public init(_ title: String, _ samples: [Sample]) {
    self.title = title
    self.samples = samples
  }

  var html: Markup {
    guard !samples.isEmpty else { return .empty }
    return .block(
      "div", ["class": "samples"],
      [.element("p", ["class": "heading"], .text(title)), .block("ul", [:], samples.map(Self.html))])
  }

  private static func html(_ sample: Sample) -> Markup {
    let lines = sample.lines.enumerated().map { place, line in
      Markup.element("p", ["class": place == 0 ? "first" : nil], .text(line))
    }
    let player = sample.sound.map { bytes in
      Markup.element(
        "audio",
        ["controls": "", "preload": "none", "src": "data:audio/wav;base64," + Data(bytes).base64EncodedString()])
    }
    return .block("li", [:], lines + [player ?? .empty])
  }
}
