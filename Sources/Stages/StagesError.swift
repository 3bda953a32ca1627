import Pipelines

/// What stops a stage before or during its work.
public enum StagesError: Error, Equatable, Sendable {
  case noAudioFolder(String)
  case audioIsNoFolder(String)
  case audioFolderUnreadable(String)
  case noAudioFiles(String)
  case noManifest(String)
  /// A folder of a test set's audio, that is none or has none.
  case noReferenceAudio(String)
  case audioMoved(String)
  case audioChanged(String)
  case notScanned(String)
  /// No row of the sets could be used; `first` tells why of the first.
  case nothingImported(String)
  /// A run folder without an import to go on with.
  case noImport(String)
  /// A run folder whose questions come from elsewhere than the pipeline's.
  case otherKindOfRun(String)
  /// A run that is to be imported into itself.
  case importsItself(String)
  /// A run whose questions were imported without sounds.
  case noSounds(String)
  case unfinishedSet(String)
  /// `setting` is where the variable is named, such as "write.key".
  case keyMissing(variable: String, endpoint: String, setting: String)
  case endpointFailing(failures: Int, last: String)
  /// The endpoint would not begin a batch, for what is wrong with it.
  case batchRefused(String, endpoint: String, reason: String)
  /// The endpoint does not know a batch, or its answers, any more.
  case batchLost(String, endpoint: String)
  /// One more request could pass the limit, given as its option.
  case budgetSpent(limit: String, spent: String)
  /// A limit in dollars, and requests whose price is not known; `members` are those it needs.
  case noPrice(setting: String, members: String)
  /// Sounds were to be sent to a model that they do not reach.
  case doesNotHear(model: String, endpoint: String, evidence: String)
  /// Questions that stand in test sets, where the pipeline says that none may; `first` names a match.
  case contaminated(count: Int, first: String, run: String)
  case unknownFormat(String, known: [String])
  /// What is asked for a format's sounds, and what it can do.
  case soundsNotHandled(String, format: String, known: [String])
  /// None of a run's questions is as `--only` asks.
  case noSuchQuestions(String)
  /// `fault` tells file, row and reason.
  case faultyExport(String, format: String, fault: String)
  /// A folder that says not what format it is in.
  case unmarkedExport(String, known: [String])
  case destinationInUse(String)
  case cannotWrite(String, reason: String)
  case diskFull(String)
}

extension StagesError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noAudioFolder(let path):
      "\(path): there is no such folder. Give the folder that holds the audio with --audio, or as scan.audio."
    case .audioIsNoFolder(let path):
      "\(path): not a folder. Give the folder that holds the audio."
    case .audioFolderUnreadable(let path):
      "\(path): cannot be listed. Check its permissions."
    case .noAudioFiles(let path):
      "\(path): no audio files in it (\(AudioFolder.extensions.sorted().joined(separator: ", "))). Give another folder."
    case .noManifest(let path):
      "\(path): there is no such manifest. Check scan.manifest."
    case .noReferenceAudio(let path):
      "\(path): no folder with audio files (\(AudioFolder.extensions.sorted().joined(separator: ", "))). Check "
        + "contamination.audio."
    case .audioMoved(let path):
      "\(path): the run's audio is no longer there. Give its folder with --audio, or --audio-from for an export."
    case .audioChanged(let path):
      "\(path): changed since the scan. Run the pipeline again."
    case .notScanned(let path):
      "\(path): no audio was scanned in this run. Run the pipeline first."
    case .nothingImported(let first):
      (first.isEmpty ? "The sets hold no rows" : "\(first). No row of the sets can be used")
        + ". 'earshot help import' tells which formats are read."
    case .noImport(let path):
      "\(path): no import was begun there. Name the set that is to be imported."
    case .otherKindOfRun(let path):
      "\(path): holds a run whose questions come from elsewhere: audio of its own, or imported sets. Give another folder."
    case .importsItself(let path):
      "\(path): cannot be imported into itself. Give another folder for the result."
    case .noSounds(let path):
      "\(path): the questions were imported without sounds. Export with --audio none."
    case .unfinishedSet(let path):
      "\(path): the questions are not a finished set, or a run is changing them. Run the pipeline to its end first."
    case .keyMissing(let variable, let endpoint, let setting):
      "\(endpoint): needs a key, and \(looksLikeSecret(variable) ? "the variable that \(setting) names" : variable) "
        + "is not set. Set it, or name another variable as \(setting)."
    case .endpointFailing(let failures, let last):
      "\(last) \(failures) requests in a row failed. Run the same command to go on."
    case .batchRefused(let batch, let endpoint, let reason):
      "\(endpoint): batch \(batch) was refused: \(reason). Nothing of it was asked or billed. Put right what that names and "
        + "run the same command again, or leave 'batch' out to ask directly."
    case .batchLost(let batch, let endpoint):
      "\(endpoint): batch \(batch) or its answers are not there. Use the key that made it; where it is gone for good, "
        + "--set write.batch.lost=replace asks its requests again, and pays for them again."
    case .budgetSpent(let limit, let spent):
      "\(limit): another request could go over it. Spent so far: \(spent). Give more to go on, or finish the set with what "
        + "is answered: the same command with --replay."
    case .noPrice(let setting, let members):
      "--max-usd: \(setting) is not known. Give \(members) there, in US dollars for a million tokens."
    case .doesNotHear(let model, let endpoint, let evidence):
      "\(endpoint): sounds do not reach \(model): \(evidence). Take a model that listens, or send it captions alone. Where "
        + "that is wrong, 'probe: false' beside 'endpoint' sends them all the same."
    case .contaminated(let count, let first, let run):
      "\(counted(count, "question")) of the set \(count == 1 ? "stands" : "stand") in the test sets given, such as \(first). "
        + "See 'earshot contamination \(run)', or set contamination.matches to remove."
    case .unknownFormat(let name, let known):
      "'\(name)': no such export format. There are: \(known.joined(separator: ", "))."
    case .soundsNotHandled(let handling, let format, let known):
      "--audio \(handling): not possible in the format \(format). There are: \(known.joined(separator: ", "))."
    case .noSuchQuestions(let path):
      "\(path): no question with that audio contribution. Judge the questions first, or export without --only."
    case .faultyExport(let folder, let format, let fault):
      "\(folder): not as readers of \(format) need it: \(fault). Take that question out, or mend the file."
    case .unmarkedExport(let folder, let known):
      "\(folder): no export of Earshot's, so its format is not known. Give --format: \(known.joined(separator: ", "))."
    case .destinationInUse(let path):
      "\(path): already there, and neither an empty folder nor an export of Earshot's. Give an empty or a new folder."
    case .cannotWrite(let path, let reason):
      "\(path): cannot be written: \(reason)."
    case .diskFull(let path):
      "\(path): no space left on the device. Free some and run the same command again."
    }
  }
}
