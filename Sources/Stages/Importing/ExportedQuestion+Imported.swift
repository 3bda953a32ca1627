import Dataset
import Store

extension ExportedQuestion {
  /// Takes what the set said that the question was imported from.
  mutating func take(_ imported: ImportedDetails) {
    captions = imported.captions.flatMap { ExportedQuestion.captions(text: $0) } ?? []
    provenance =
      imported.making.flatMap { ExportedQuestion.provenance(text: $0, sources: imported.sources) } ?? .unknown
    origin = imported.metadata
  }
}
