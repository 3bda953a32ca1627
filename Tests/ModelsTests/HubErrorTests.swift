import Testing
import Transfer

@testable import Models

struct HubErrorTests {
  @Test func eachErrorSaysWhatToDo() {
    let errors: [HubError] = [
      .badEndpoint(reason: "not an https URL"), .badToken, .badModelName("x"), .badRevision("a b"),
      .offline(model: "o/n"), .unreachable(endpoint: "https://hub", .couldNotResolve(host: "hub")),
      .unreachable(endpoint: "https://hub", .idle(seconds: 60)),
      .badListing(model: "o/n", reason: "it names no commit"),
      .unsafeFileName("../x", model: "o/n"), .noMatch(model: "o/n", patterns: ["*.bin", "x"]), .noWeights(model: "o/n"),
      .badAnswer(file: "f", reason: "has changed on the server"), .wrongChecksum(file: "f", expected: "a", found: "b"),
      .diskTooSmall(folder: "/d", needed: 16_790_000_001, free: 0), .locked(model: "o/n", path: "/d/lock"),
      .noSuchFolder("x"), .notAFolder("x"), .notWhole(model: "o/n", folder: "/d"),
    ]

    #expect(
      errors.map(\.description).joined(separator: "\n") == """
        HF_ENDPOINT: not an https URL. Write it as https://host, or unset it.
        HF_TOKEN: holds a space or another character that no token has. Set it again.
        'x': no model's name. Write OWNER/NAME, such as Qwen/Qwen2-Audio-7B-Instruct.
        'a b': no revision. Give a branch, a tag or a commit.
        o/n: not all of it is in the cache, and HF_HUB_OFFLINE forbids to ask for it. Unset HF_HUB_OFFLINE.
        hub: no such host. Check its name and the network.
        https://hub: no byte came for 60 seconds. The server may be overloaded; raise the idle timeout if it only is slow.
        o/n: its list of files is not usable: it names no commit. Check HF_ENDPOINT.
        o/n: names a file '../x', which leads out of its folder or cannot be shown. Do not trust this model.
        o/n: has no file that matches '*.bin' or 'x'. Check --include.
        o/n: has no *.safetensors file, the only weights that Earshot reads. Look for a conversion of it.
        f: has changed on the server. Try again later, or another HF_ENDPOINT.
        f: what came is not what the hub lists (b instead of a), and was removed. Pull again; if it stays so, a proxy or \
        mirror changes files.
        /d: 16.8 GB are needed, 0.0 GB are free. Make room, or set HF_HUB_CACHE or --to to a larger disk.
        o/n: another process is pulling it (it holds /d/lock). Wait for it, then run the same command again.
        'x': no such folder, and not OWNER/NAME either. Check the path, or give the model's name on the hub.
        'x': is no folder. Give the folder that holds the model's config.json.
        o/n: files are missing in /d. Get them with: earshot models pull o/n
        """)
  }
}
