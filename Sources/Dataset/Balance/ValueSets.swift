/// Divides questions with one stem into sets of `size` with different answers, each of which the writers of the others
/// gave as wrong.
struct ValueSets {
  private struct Member {
    var question: SetQuestion
    var hash: UInt64
    /// What its writer gave as wrong, in small letters.
    var wrong: Set<String>
  }

  private struct Answer {
    var text: String
    var words: [Word]
    var waiting: [Member]
  }

  /// How many answers are tried for one set, and how many questions of each.
  private static let mostAnswers = 256
  private static let mostLooks = 16

  private let size: Int
  private var answers: [Answer] = []
  private var heap = LabelHeap()

  private(set) var sets: [[SetQuestion]] = []
  /// Questions that found no set.
  private(set) var remainder: [SetQuestion] = []

  init(_ questions: [SetQuestion], size: Int) {
    self.size = size
    let groups = Dictionary(grouping: questions) { $0.correct.lowercased() }
    for text in groups.keys.sorted() {
      let members = (groups[text] ?? []).map { question in
        Member(
          question: question, hash: stableHash("earshot value 1", question.id),
          wrong: Set(question.distractors.map { $0.lowercased() }))
      }
      answers.append(
        Answer(
          text: text, words: words(in: text),
          waiting: members.sorted { ($0.hash, $0.question.id) < ($1.hash, $1.question.id) }))
    }
    for answer in answers.indices { queue(answer) }
    while makeSet() {}
  }

  private mutating func queue(_ answer: Int) {
    let count = answers[answer].waiting.count
    guard count > 0 else { return }
    let tie = stableHash("earshot value tie 1", answers[answer].text, String(count))
    heap.push(LabelHeap.Entry(label: answer, waiting: count, tie: tie))
  }

  /// Makes a set around a question of the most frequent answer, or sets that question aside; false at the end.
  private mutating func makeSet() -> Bool {
    guard let first = heap.pop(), let seed = answers[first.label].waiting.popLast() else { return false }
    var chosen: [(answer: Int, member: Member)] = [(first.label, seed)]
    var passed: [LabelHeap.Entry] = []
    while chosen.count < size, passed.count < Self.mostAnswers, let entry = heap.pop() {
      if let member = take(from: entry.label, beside: chosen) {
        chosen.append((entry.label, member))
      } else {
        passed.append(entry)
      }
    }
    if chosen.count == size {
      sets.append(chosen.map(\.member.question))
    } else {
      remainder.append(seed.question)
      for (answer, member) in chosen.dropFirst() { answers[answer].waiting.append(member) }
    }
    for entry in passed { heap.push(entry) }
    for (answer, _) in chosen { queue(answer) }
    return true
  }

  private mutating func take(from answer: Int, beside chosen: [(answer: Int, member: Member)]) -> Member? {
    guard chosen.allSatisfy({ isWrong(answer, of: $0.member) && !overlap($0.answer, answer) }) else { return nil }
    let count = answers[answer].waiting.count
    for place in (max(0, count - Self.mostLooks)..<count).reversed() {
      let member = answers[answer].waiting[place]
      if chosen.allSatisfy({ isWrong($0.answer, of: member) }) {
        return answers[answer].waiting.remove(at: place)
      }
    }
    return nil
  }

  /// Whether one answer's words stand in the other's, or are the same in another order: scorers confuse the two.
  private func overlap(_ one: Int, _ other: Int) -> Bool {
    let (first, second) = (answers[one].words, answers[other].words)
    return first.isEmpty || second.isEmpty || Set(first) == Set(second) || second.contains(run: first)
      || first.contains(run: second)
  }

  private func isWrong(_ answer: Int, of member: Member) -> Bool { member.wrong.contains(answers[answer].text) }
}
