/// The answer of `GET /v1/models`.
struct ModelList: Encodable {
  struct Model: Encodable {
    var id: String
    var object = "model"
    var created = 0
    var ownedBy = "earshot"

    enum CodingKeys: String, CodingKey {
      case id, object, created
      case ownedBy = "owned_by"
    }
  }

  var object = "list"
  var data: [Model]

  static let standIn = ModelList(data: [Model(id: "stand-in")])
}
