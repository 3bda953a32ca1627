import Testing

@testable import Models

/// Against the chat templates and the processors of transformers; see Tests/Fixtures/models.
@Suite struct ReferencePromptTests {
  @Test(arguments: ReferenceFile.names)
  func textsOfConversationsEqualThoseOfTransformers(name: String) throws {
    let model = try referenceModel(name)
    for prompt in try ReferenceFile(name).prompts {
      #expect(model.template.text(try prompt.conversation) == prompt.text, "\(prompt.name)")
    }
  }

  @Test(arguments: ReferenceFile.names)
  func idsOfConversationsEqualThoseOfTransformers(name: String) throws {
    let model = try referenceModel(name)
    let reference = try ReferenceFile(name)
    for prompt in reference.prompts {
      let ids = try model.prompt(try prompt.conversation, audios: try reference.sounds(of: prompt))

      #expect(ids == prompt.ids, "\(prompt.name)")
    }
  }
}
