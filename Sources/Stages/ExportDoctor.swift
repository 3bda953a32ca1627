public import Dataset

/// Says of an export whether its format's readers will take it.
public enum ExportDoctor {
  /// Checks a folder that an export made, or another program. `format` may be nil where Earshot made it: then its mark
  /// tells. Throws the first fault, and where the format is not known.
  public static func check(_ folder: String, format: ExportFormat?) throws -> (format: ExportFormat, check: ExportCheck)
  {
    let mark = ExportMark(in: folder)
    guard let known = format ?? mark.flatMap({ ExportFormat(rawValue: $0.format) }) else {
      throw StagesError.unmarkedExport(folder, known: ExportFormat.allCases.map(\.rawValue))
    }
    let isWithoutSounds = mark?.sounds == SoundHandling.absent.rawValue
    return (known, try check(folder, known, hasSounds: !isWithoutSounds, named: folder))
  }

  /// `name` is what the folder is called in an error.
  static func check(
    _ folder: String, _ format: ExportFormat, hasSounds: Bool, named name: String
  ) throws -> ExportCheck {
    let check = try ExportCheck.check(folder, format: format, hasSounds: hasSounds)
    if let fault = check.fault {
      throw StagesError.faultyExport(name, format: format.rawValue, fault: fault.description)
    }
    return check
  }
}
