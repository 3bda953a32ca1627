/// Why something is not in the set. The raw values are what stores and reports show, and never change.
public enum ReasonCode: String, Sendable, CaseIterable {
  case schema = "E_SCHEMA"
  case truncated = "E_TRUNC"
  case refusal = "E_REFUSAL"
  case contentFilter = "E_CONTENT_FILTER"
  case rejectedRequest = "E_REQUEST"
  case answerNotInChoices = "E_ANSWER_NOT_IN_CHOICES"
  case duplicateChoice = "E_DUP_CHOICE"
  case choiceOverlap = "E_CHOICE_OVERLAP"
  case scorerAmbiguous = "E_SCORER_AMBIG"
  case leakedAnswer = "E_LEAK_Q"
  case metaText = "E_META_TEXT"
  case forbiddenToken = "E_FORBIDDEN_TOKEN"
  case unsupported = "E_UNSUPPORTED"
  case rationale = "E_RATIONALE"
  case blind = "E_BLIND"
  case alwaysSolved = "E_ALWAYS_SOLVED"
  case neverSolved = "E_NEVER_SOLVED"
  case unjudged = "E_UNJUDGED"
  case trueDistractor = "E_DISTRACTOR_TRUE"
  case lengthCue = "E_LEN_CUE"
  case unitCue = "E_UNIT_CUE"
  case numberCue = "E_NUMBER_CUE"
  case articleCue = "E_ARTICLE_CUE"
  case styleCue = "E_STYLE_CUE"
  case otherChoices = "E_OTHER_CHOICES"
  case contradicted = "E_CONTRADICTED"
  case templateCap = "E_TEMPLATE_CAP"
  case duplicate = "E_DUP_CLIP"
  case nearDuplicate = "E_NEAR_DUP"
  case repeatedOfSound = "E_DUP_SOUND"
  case sameMeaning = "E_SAME_MEANING"
  case contaminated = "E_CONTAMINATED"
  case labelShare = "E_LABEL_SHARE"
  case remainder = "E_REMAINDER"
  case answerShare = "E_ANSWER_SHARE"
  case unreadable = "E_UNREADABLE"
  case empty = "E_EMPTY"
  case silent = "E_SILENT"
  case tooShort = "E_TOO_SHORT"
  case tooLong = "E_TOO_LONG"
  case missing = "E_MISSING"
  case noCaption = "E_NO_CAPTION"
  case repeatedRow = "E_REPEATED"

  /// One plain sentence.
  public var summary: String {
    switch self {
    case .schema: "The reply, or a question in it, does not have the form that was asked for."
    case .truncated: "The reply was cut off before its end, most often by the limit of tokens."
    case .refusal: "The writer declined to write questions."
    case .contentFilter: "The endpoint's content filter withheld the reply, or its end."
    case .rejectedRequest: "The endpoint will not take the request, such as one that is too long for the model."
    case .answerNotInChoices: "The right answer is not the text of a choice: it is none of them, or points to one."
    case .duplicateChoice: "Two choices say the same."
    case .choiceOverlap: "One choice is contained in another."
    case .scorerAmbiguous: "MMAU's scorer could not tell the right answer from a wrong one."
    case .leakedAnswer: "The question contains its own answer."
    case .metaText: "The question speaks of a caption, a label or a file instead of the sound."
    case .forbiddenToken:
      "The question holds a line break, a control character or a token that trainers read as their own."
    case .unsupported: "The evidence quoted for the answer is in none of the captions."
    case .rationale: "The thoughts that come with the question are missing, or do not end in its answer."
    case .blind: "The question can be answered without hearing the clip."
    case .alwaysSolved:
      "Those who hear the clip answer the question right every time: there is nothing to learn from it."
    case .neverSolved: "Those who hear the clip never answer the question right."
    case .unjudged: "A judge's answer to the question is missing; the next run asks for it again."
    case .trueDistractor: "A wrong choice is true of the clip."
    case .lengthCue: "The length of a choice gives the answer away."
    case .unitCue: "The right answer alone has another unit than the other choices, or alone has one."
    case .numberCue: "The right answer's number alone is written in another way than the others."
    case .articleCue: "The question's grammar or an article fits the right answer alone."
    case .styleCue: "The right answer alone has other capitals or another end mark than the other choices."
    case .otherChoices: "A choice speaks of the others, as 'all of the above' does."
    case .contradicted: "The right answer is not what was measured of the clip, or what its captions say."
    case .templateCap: "Too many questions share this wording."
    case .duplicate: "The same question with the same choices was already asked of this clip."
    case .nearDuplicate: "Nearly the same question was already asked of this clip."
    case .repeatedOfSound: "Nearly the same question was already asked of a clip with the same sound."
    case .sameMeaning: "A question that means nearly the same was already asked of this sound."
    case .contaminated: "The question or its sound is that of a test set."
    case .labelShare: "The label is the right answer too often to be balanced against the other labels."
    case .remainder: "Too few questions with other answers were left to make a balanced set of choices."
    case .answerShare: "A choice of this question would be right too often, or too seldom, wherever it is offered."
    case .unreadable: "The audio cannot be decoded."
    case .empty: "The audio holds no samples."
    case .silent: "The audio is silent."
    case .tooShort: "The audio is shorter than the shortest allowed."
    case .tooLong: "The audio is longer than the longest allowed."
    case .missing: "The audio file is not there."
    case .noCaption: "The captioner had nothing to say of the clip."
    case .repeatedRow: "The row has the id, the words and the sound of an earlier one."
    }
  }
}

/// A check's result: no code means that nothing is wrong.
public struct Verdict: Sendable, Equatable {
  public var code: ReasonCode?
  /// The numbers or words behind the code.
  public var detail: String?

  public init(code: ReasonCode? = nil, detail: String? = nil) {
    self.code = code
    self.detail = detail
  }

  public static let accepted = Verdict()

  public var isAccepted: Bool { code == nil }
}
