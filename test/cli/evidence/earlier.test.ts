import { generateKeyPairSync } from "node:crypto";
import { folderOf, found, run } from "./world";

describe("the earlier evidence", () => {
  const keys = generateKeyPairSync("ed25519");
  const privateKey = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const publicKey = keys.publicKey.export({ type: "spki", format: "pem" }).toString();
  const files = { key: privateKey, "key.pub": publicKey };
  const since = ["--since", "old"];

  test("its signature is checked where the key is given; where not, the new evidence says so", async () => {
    const old = folderOf(await run({ files }, ["--sign-key", "key"]));
    const unlooked = "who signed the earlier evidence (--since-key)";
    expect(found(await run({ files, folders: { old } }, [...since, "--since-key", "key.pub"])).notLookedAt).not.toContain(unlooked);
    expect(found(await run({ files, folders: { old } }, since)).notLookedAt).toContain(unlooked);
  });

  test("refused when it was edited, is signed by nobody or by somebody else; a key without it is refused too", async () => {
    const old = folderOf(await run({ files }, ["--sign-key", "key"]));
    const edited = { ...old, "evidence.json": (old["evidence.json"] ?? "").replace("omar@example.com", "opal@example.com") };
    expect((await run({ files, folders: { old: edited } }, since)).stderr).toMatch(
      /Expected the evidence in old to be as it was written, got a change\.\nevidence\.json: is changed /,
    );
    const { "evidence.intoto.json": _, ...unsigned } = folderOf(await run());
    const strange = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();
    const withKey = [...since, "--since-key", "key.pub"];
    expect((await run({ files, folders: { old: unsigned } }, withKey)).stderr).toMatch(/nothing here is signed/);
    expect((await run({ files: { "key.pub": strange }, folders: { old } }, withKey)).stderr).toMatch(/is signed by another key/);
    expect(await run({ files }, ["--since-key", "key.pub"])).toMatchObject({ status: 64, stdout: "" });
  });
});
