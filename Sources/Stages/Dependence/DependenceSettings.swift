import Judging
import Pipelines

/// What becomes of questions that are answered without their sound.
enum WeakQuestions: String, Sendable, CaseIterable {
  /// They stay among the others, and say that they are weak.
  case keep
  /// They make sets of their own beside those of the others.
  case split
  /// They are left out.
  case drop
}

/// The `dependence` section.
struct DependenceSettings: Sendable {
  let judges: [JudgeSettings]
  /// So many judges that answer a question without its sound make it weak.
  let weakAt: Int
  /// A judge answers a question where a larger share of its answers is right.
  let solvedAbove: Double
  let weak: WeakQuestions
  /// Whether questions that those who hear the sound always or never get right are left out.
  let dropsAlways: Bool
  let seed: UInt64

  init(_ section: Section) throws {
    let names = try section.strings("judges")
    guard !names.isEmpty, Set(names).count == names.count, names.count <= 32, names.allSatisfy(isEntryName) else {
      throw section.badValue("judges", wanted: "a list of names of letters and digits, each once and with a section")
    }
    judges = try names.map { try JudgeSettings($0, in: section) }
    let voters = judges.count { Self.isVoter($0) }
    weakAt = try section.int("weak_at", in: 1...max(1, voters), default: voters / 2 + (voters > 0 ? 1 : 0))
    solvedAbove = try section.double("solved_above", in: 0...0.99, default: 0.5)
    weak =
      WeakQuestions(rawValue: try section.choice("weak", of: WeakQuestions.allCases.map(\.rawValue), default: "keep"))
      ?? .keep
    dropsAlways = try section.choice("always", of: ["keep", "drop"], default: "keep") == "drop"
    seed = UInt64(try section.int("seed", in: 0...Int(Int32.max), default: 0))
    guard voters > 0 || dropsAlways else {
      throw section.badValue("judges", wanted: "judges of whom one at least answers without the sound")
    }
    if dropsAlways, !judges.contains(where: { $0.hears.contains(.audio) }) {
      throw section.conflict("always", with: "the judges, none of whom hears 'audio'")
    }
  }

  /// Whether the judge says how far a question is answered without its sound. Another clip's sound may mislead, so
  /// answers to it are no votes.
  static func isVoter(_ judge: JudgeSettings) -> Bool {
    judge.hears.contains { deaf.contains($0) }
  }

  static let deaf: Set<Hearing> = [.none, .silence, .noise]

  var parts: [String: String] {
    var parts = [
      "version": "1", "weak": weak.rawValue, "weak at": "\(weakAt)", "solved above": "\(solvedAbove)",
      "always": dropsAlways ? "drop" : "keep", "seed": "\(seed)",
    ]
    for judge in judges {
      for (name, value) in judge.parts { parts["judge \(judge.name) \(name)"] = value }
    }
    return parts
  }

  /// What is asked about each question, for a forecast of questions that are not there yet; nil where nobody is asked.
  var plan: String? {
    let asked = judges.filter { if case .classifier = $0.kind { false } else { true } }
    guard !asked.isEmpty else { return nil }
    let told = asked.map { judge in
      let times = judge.hears.count * judge.samples
      return judge.name + (times == 1 ? "" : " \(times) times")
    }
    return "each question, in every order of its choices, to " + told.joined(separator: ", ")
  }

  /// Throws where a limit in dollars cannot be kept, for want of a price.
  func checkPrices(_ section: String, usd: Double?) throws(StagesError) {
    guard usd != nil else { return }
    for judge in judges {
      if case .endpoint(let endpoint) = judge.kind, !endpoint.isPriced {
        throw .noPrice(setting: "\(section).\(judge.name).price", members: endpoint.priceMembers)
      }
    }
  }
}
