/// What a prompt file says of itself.
struct PromptFrontMatter {
  let name: String
  let stage: String
  let expects: PromptVariables
  let expectsPlace: Place
  let schema: String?
  let schemaName: String?

  init(_ part: PromptParts.FrontMatter, path: String) throws(PipelineError) {
    let place = Place.file(path, line: part.firstLine)
    let value = try YAMLReader(origin: place).read(part.text)
    let section = Section(name: "", file: path, place: .file(path, line: 1), value: value)
    name = try section.string("name")
    stage = try section.string("for")
    let paths = try section.strings("expects")
    expectsPlace = section.value("expects")?.place ?? place
    expects = try PromptVariables(paths, at: expectsPlace)
    let schema = section.value("schema")
    if let schema, case .mapping = schema.content {
      self.schema = jsonText(schema)
    } else if schema != nil {
      throw section.badValue("schema", wanted: "a mapping")
    } else {
      self.schema = nil
    }
    schemaName = try section.optionalString("schema_name")
    try section.finish()
    if let schema, schemaName == nil { throw .prompt(.schemaWithoutName, at: schema.place) }
  }
}
