import Pipelines

/// What each question is to be about, so that a set does not ask one thing over and over: kinds rotate over the
/// questions of a clip, beginning where the clip's id says.
struct Steering: Sendable, Equatable {
  var types: [String]
  var skills: [String]
  var difficulties: [String]

  /// What a prompt may use of it.
  static let offered = ["plan[].number", "plan[].type", "plan[].skill", "plan[].difficulty"]

  init(_ section: Section) throws {
    types = try section.strings("types")
    skills = try section.strings("skills")
    difficulties = try section.strings("difficulties")
    for (key, words) in [("types", types), ("skills", skills), ("difficulties", difficulties)] {
      guard words.count <= 64, words.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 200 }) else {
        throw section.badValue(key, wanted: "a list of at most 64 short texts")
      }
    }
  }

  var parts: [String: String] {
    var parts: [String: String] = [:]
    for (name, words) in [("types", types), ("skills", skills), ("difficulties", difficulties)] where !words.isEmpty {
      parts["steer \(name)"] = words.joined(separator: ", ")
    }
    return parts
  }

  /// The plan for a clip's questions, as a prompt's variable; what is not steered is an empty text.
  func plan(for clip: String, questions: Int) -> PromptValue {
    func word(_ words: [String], _ purpose: String, _ question: Int) -> PromptValue {
      guard !words.isEmpty else { return .text("") }
      return .text(words[(ClipDraw(clip, for: purpose).number(below: words.count) + question) % words.count])
    }
    return .list(
      (0..<questions).map { question in
        [
          "number": .number(question + 1), "type": word(types, "type", question),
          "skill": word(skills, "skill", question), "difficulty": word(difficulties, "difficulty", question),
        ]
      })
  }
}
