/// The formats that a set can be exported in, under the names that commands and pipeline files use.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// A line a question with all that is known of it.
  case jsonl
  /// The lines that R1-AQA trains on.
  case r1AQA = "r1-aqa"
  case mmau
  case audioMCQ = "audiomcq"
  /// Flat lines and a card, for `load_dataset` and the Hugging Face hub.
  case hf
  case hfAudioFolder = "hf-audiofolder"
  case parquet
  case trl
  case msSwift = "ms-swift"
  case verl
  case llamaFactory = "llama-factory"
  case webDataset = "webdataset"
  case lhotse
  case labelStudio = "label-studio"

  public var format: any SetFormat.Type {
    switch self {
    case .jsonl: JSONLFormat.self
    case .r1AQA: R1AQAFormat.self
    case .mmau: MMAUFormat.self
    case .audioMCQ: AudioMCQFormat.self
    case .hf: HubFormat.self
    case .hfAudioFolder: AudioFolderFormat.self
    case .parquet: ParquetFormat.self
    case .trl: TRLFormat.self
    case .msSwift: MSSwiftFormat.self
    case .verl: VERLFormat.self
    case .llamaFactory: LLaMAFactoryFormat.self
    case .webDataset: WebDatasetFormat.self
    case .lhotse: LhotseFormat.self
    case .labelStudio: LabelStudioFormat.self
    }
  }
}
