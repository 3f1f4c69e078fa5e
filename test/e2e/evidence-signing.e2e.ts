// Signing by programs that are not ours: cosign's keys by `--sign-with`, a key of openssl's, and cosign as the one who verifies what
// Gatehouse signed. The files and the programs are real; the cluster and the identity provider are those of the unit tests.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { main } from "../../cli/main";
import { ensureTool } from "../../lab/machine/toolchain";
import { machineWith } from "../cli/evidence/world";
import { sampleDocument } from "../fixtures/sample";

const folder = mkdtempSync(join(tmpdir(), "gatehouse-signing-"));
const at = (name: string): string => join(folder, name);
const predicate = "https://gatehouse.dev/attestations/access-evidence/v1";
let cosign: string;

before(async () => {
  process.env["COSIGN_PASSWORD"] = "a passphrase of the test";
  cosign = (await ensureTool("cosign", () => undefined)).path;
  writeFileSync(at("environment.json"), JSON.stringify(sampleDocument()));
  execFileSync(cosign, ["generate-key-pair"], { cwd: folder, stdio: "ignore" });
});
after(() => rmSync(folder, { recursive: true }));

async function gatehouse(...argv: string[]): Promise<{ status: number; words: string }> {
  let words = "";
  const io = machineWith(sampleDocument(), (text) => void (words += text));
  return { status: await main(argv, io), words };
}

async function evidence(out: string, ...signing: string[]): Promise<void> {
  const { status, words } = await gatehouse("evidence", "--env", at("environment.json"), "--out", at(out), ...signing);
  assert.equal(status, 0, words);
}

const verify = (out: string, key: string) => gatehouse("evidence", "verify", at(out), "--key", at(key));

/** What cosign says of one file of a folder. */
function byCosign(out: string, key: string, file: string): { status: number | null; words: string } {
  const args = ["verify-blob-attestation", "--key", at(key), "--signature", join(at(out), "evidence.intoto.json")];
  const { status, stderr } = spawnSync(cosign, [...args, "--type", predicate, "--insecure-ignore-tlog", join(at(out), file)]);
  return { status, words: stderr.toString() };
}

test("a key of cosign's signs by --sign-with; Gatehouse and cosign both verify it, file by file", async () => {
  await evidence("of-cosign", "--sign-with", `${cosign} sign-blob --key ${at("cosign.key")} --tlog-upload=false --yes -`);
  const verified = await verify("of-cosign", "cosign.pub");
  assert.equal(verified.status, 0, verified.words);
  for (const file of ["evidence.json", "report.html", "manifest.json"]) {
    assert.equal(byCosign("of-cosign", "cosign.pub", file).status, 0, file);
  }
});

for (const [kind, options] of [
  ["ED25519", []],
  ["EC", ["-pkeyopt", "ec_paramgen_curve:P-256"]],
] as const) {
  test(`${kind} of openssl's, under a passphrase: signed by Gatehouse, verified by cosign; an edited file is refused by both`, async () => {
    const [key, pub, out] = [`${kind}.pem`, `${kind}.pub.pem`, `of-${kind}`];
    const passphrase = ["-pass", "pass:a passphrase"];
    execFileSync("openssl", ["genpkey", "-algorithm", kind, ...options, "-aes256", ...passphrase, "-out", at(key)], { stdio: "ignore" });
    execFileSync("openssl", ["pkey", "-in", at(key), "-passin", "pass:a passphrase", "-pubout", "-out", at(pub)]);
    writeFileSync(at("passphrase"), "a passphrase\n");
    await evidence(out, "--sign-key", at(key), "--passphrase-file", at("passphrase"));
    assert.equal((await verify(out, pub)).status, 0);
    assert.equal(byCosign(out, pub, "evidence.json").status, 0);
    assert.notEqual(byCosign(out, "cosign.pub", "evidence.json").status, 0);
    writeFileSync(join(at(out), "grants.csv"), readFileSync(join(at(out), "grants.csv"), "utf8").replace("k10", "K10"));
    assert.match(
      (await verify(out, pub)).words,
      /grants\.csv: is changed at byte \d+ \(line 2, column \d+\): signed was 'k', there is 'K'\./,
    );
    assert.match(byCosign(out, pub, "grants.csv").words, /no matching subject digest found/);
  });
}

test("a script around openssl, as for a key in a KMS", async () => {
  execFileSync("openssl", ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", at("kms.pem")], {
    stdio: "ignore",
  });
  execFileSync("openssl", ["pkey", "-in", at("kms.pem"), "-pubout", "-out", at("kms.pub.pem")]);
  writeFileSync(at("kms.sh"), `#!/bin/sh\nopenssl dgst -sha256 -sign ${at("kms.pem")} | openssl base64 -A\n`);
  chmodSync(at("kms.sh"), 0o700);
  await evidence("of-kms", "--sign-with", at("kms.sh"));
  assert.equal((await verify("of-kms", "kms.pub.pem")).status, 0);
  assert.equal(byCosign("of-kms", "kms.pub.pem", "manifest.json").status, 0);
  assert.equal((await verify("of-kms", "cosign.pub")).status, 1);
});

test("cosign alone signs the manifest of a folder that nobody signed, and the folder is compared with it", async () => {
  await evidence("unsigned");
  const [manifest, bundle] = [join(at("unsigned"), "manifest.json"), join(at("unsigned"), "manifest.sigstore.json")];
  const local = ["--tlog-upload=false", "--yes"];
  execFileSync(cosign, ["sign-blob", "--key", at("cosign.key"), ...local, "--bundle", bundle, manifest], { stdio: "ignore" });
  const args = ["verify-blob", "--key", at("cosign.pub"), "--bundle", bundle, "--insecure-ignore-tlog", manifest];
  const { status, stderr } = spawnSync(cosign, args);
  assert.equal(status, 0, stderr.toString());
  assert.equal((await gatehouse("evidence", "verify", at("unsigned"), "--unsigned")).status, 0);
});
