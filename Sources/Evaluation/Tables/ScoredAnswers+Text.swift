extension ScoredAnswers {
  /// For a terminal of `width` characters. `rule` comes first among the rules.
  public func text(width: Int, first rule: AnswerRule? = nil) -> String {
    let blocks = grids(rule).map { heading, grid in (heading.map { "\($0)\n" } ?? "") + grid.text(width: width) }
    return (blocks + remarks(unasked: 10) { TextGrid.onOneLine($0) }).joined(separator: "\n\n")
  }

  public var markdown: String {
    let blocks = grids(nil).map { heading, grid in (heading.map { "### \($0)\n\n" } ?? "") + grid.markdown }
    let remarks = remarks(unasked: 0) { TextGrid.escapedForMarkdown($0) }
    return (blocks + remarks.map { $0 + "\n" }).joined(separator: "\n")
  }

  private func grids(_ rule: AnswerRule?) -> [(heading: String?, grid: TextGrid)] {
    let isAlone = texts.sections.isEmpty && chats.rows.isEmpty
    let choices = table.total == nil ? [] : [(isAlone ? nil : "choices", table.grid(first: rule))]
    let others = texts.sections.flatMap { section in
      [(Optional(section.measure.name), section.grid)]
        + (section.confusionGrid.map { [(Optional("labels: right and told"), $0)] } ?? [])
    }
    let open = chats.rows.isEmpty ? [] : [(Optional("open answers, marks of the judge from 1 to 10"), chats.grid)]
    return choices + others + open
  }

  /// `count` of the items that were not asked are named.
  private func remarks(unasked count: Int, _ escaped: (String) -> String) -> [String] {
    var remarks: [String] = []
    if hasScores {
      remarks.append("Shares in percent, with 95 % intervals; what is unanswered or undecided counts as wrong.")
    } else {
      remarks.append("No item has an answer that can be scored.")
    }
    if let consistency {
      remarks.append(
        "The same choice in all orders: \(percent(consistency.same, consistency.interval)) % of "
          + "\(counted(consistency.items)).")
    }
    let unscorable = table.unscorable + texts.unscorable
    if !unasked.isEmpty {
      let lines = unasked.prefix(count).map { "\n  \(escaped($0.id)): \(escaped($0.reason))" }.joined()
      let rest = count > 0 && unasked.count > count ? "\n  and \(unasked.count - count) more; see answers.jsonl" : ""
      let place = countsUnasked ? "counted as wrong" : "in no row"
      remarks.append("Not asked, and \(place): \(counted(unasked.count))." + lines + rest)
    }
    if unscorable > 0 {
      remarks.append("Without a right answer, or in a language no measure here scores: \(counted(unscorable)).")
    }
    if chats.unscored > 0 { remarks.append("Open questions without a judge's verdict: \(counted(chats.unscored)).") }
    if chats.unread > 0 { remarks.append("Verdicts in which no two marks can be read: \(chats.unread).") }
    if cutAnswers > 0 { remarks.append("Answers cut at the longest length allowed: \(cutAnswers).") }
    if cutSounds > 0 { remarks.append("Sounds longer than is heard, cut to their beginning: \(cutSounds).") }
    return remarks
  }
}

/// "1 item", "2 items".
func counted(_ items: Int) -> String { items == 1 ? "1 item" : "\(items) items" }
