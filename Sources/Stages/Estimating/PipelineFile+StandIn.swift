public import Pipelines

extension PipelineFile {
  /// The overrides that put the stand-in in the place of every endpoint that the file names.
  public func overridesForStandIn() throws -> [String] {
    var overrides: [String] = []
    let write = section("write")
    let writers = try write.strings("writers")
    overrides += writers.isEmpty ? ["write.endpoint=builtin"] : writers.map { "write.\($0).endpoint=builtin" }
    let caption = section("caption")
    for name in try caption.strings("with")
    where try caption.section(name).string("captioner", default: name) == "endpoint" {
      overrides.append("caption.\(name).endpoint=builtin")
    }
    if has("dependence") {
      let judges = section("dependence")
      for name in try judges.strings("judges") where judges.section(name).has("endpoint") {
        overrides.append("dependence.\(name).endpoint=builtin")
      }
    }
    return overrides
  }
}
