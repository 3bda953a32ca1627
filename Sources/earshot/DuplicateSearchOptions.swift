import ArgumentParser
import Dataset
import Foundation
import Tensors

/// How a file is searched for duplicates.
struct DuplicateSearchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("From this similarity on questions are duplicates, 0 to 1.", valueName: "share"))
  var similarity: Double = NearSettings().similarity

  @Option(help: ArgumentHelp("Characters of a shingle.", valueName: "n"))
  var shingle: Int = NearSettings().shingle

  @Option(
    help: ArgumentHelp("The share of the set that one wording may be, over sounds that differ.", valueName: "share"))
  var wordingShare: Double = 0.02

  @Option(help: ArgumentHelp("So many questions of one wording stay in any case.", valueName: "n"))
  var wordingLeast: Int = 100

  func validate() throws {
    if !(0.1...1).contains(similarity) { throw ValidationError("--similarity must be between 0.1 and 1.") }
    if !(1...64).contains(shingle) { throw ValidationError("--shingle must be between 1 and 64.") }
    if !(0...1).contains(wordingShare) { throw ValidationError("--wording-share must be between 0 and 1.") }
    if wordingLeast < 1 { throw ValidationError("--wording-least must be at least 1.") }
  }

  /// Searches all rows of the file that are questions with choices.
  func search(_ path: String) throws -> (questions: Int, clusters: [DuplicateCluster]) {
    var search = DuplicateSearch(NearSettings(shingle: shingle, similarity: similarity))
    var page: [DuplicateSearch.Question] = []
    var refused: (count: Int, first: String)?
    var reader = try QuestionReader(path: path)
    while let entry = try reader.next() {
      switch entry {
      case .question(let question):
        page.append(Self.searched(question))
        if page.count == 8_192 {
          search.add(page, threads: Parallel.threads)
          page.removeAll(keepingCapacity: true)
        }
      case .refused(let line, let reason):
        refused = ((refused?.count ?? 0) + 1, refused?.first ?? "\(path):\(line): \(reason)")
      }
    }
    search.add(page, threads: Parallel.threads)
    if let refused {
      printNote(withoutControls("\(Quantity.count(refused.count, "rows")) cannot be used; the first: \(refused.first)"))
    }
    guard search.texts.questions > 0 else {
      throw DatasetError.badText(path: path, line: 1, reason: "no row of the file is a question")
    }
    let limits = WordingLimits(wording: WordingLimit(share: wordingShare, least: wordingLeast))
    return (search.texts.questions, search.clusters(limits, threads: Parallel.threads))
  }

  /// The questions with these numbers, read again: a search keeps no texts to show.
  func rows(of path: String, numbers: Set<Int>) throws -> [Int: ImportedQuestion] {
    var rows: [Int: ImportedQuestion] = [:]
    var reader = try QuestionReader(path: path)
    var number = 0
    while rows.count < numbers.count, let entry = try reader.next() {
      guard case .question(let question) = entry else { continue }
      if numbers.contains(number) { rows[number] = question }
      number += 1
    }
    return rows
  }

  private static func searched(_ question: ImportedQuestion) -> DuplicateSearch.Question {
    let place = [question.start, question.duration].map { $0.map { "\($0)" } ?? "" }
    return DuplicateSearch.Question(
      stem: question.question, choices: question.choices, answer: question.answerText ?? question.response,
      sound: question.audio.map { ([$0] + place).joined(separator: "\n") })
  }
}
