import Foundation
import Models
import Pipelines

extension Section {
  /// The model that a key names: a folder, relative to the file as other paths are, or, where there is none, OWNER/NAME as
  /// the hub has it.
  func model(_ key: String) throws(PipelineError) -> String {
    let path = try path(key)
    if FileManager.default.fileExists(atPath: path) { return path }
    let name = try string(key)
    return ModelName(name) == nil ? path : name
  }
}
