// @peculiar/x509 checks for this polyfill while it is being imported.
import "reflect-metadata";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPublicKey, generateKeyPairSync, sign, webcrypto, type KeyObject } from "node:crypto";
import { PemConverter, X509CertificateGenerator } from "@peculiar/x509";
import { readEnvelope } from "../../../cli/evidence/envelope";
import { differenceOf, manifestOf, readManifest } from "../../../cli/evidence/manifest";
import { processIo } from "../../../cli/io";
import { main } from "../../../cli/main";
import { gatehouse, type World } from "../harness";
import { now } from "../../verifier/issuer";
import { goodWorld } from "./world";

const pemOf = (key: KeyObject): string => key.export({ type: key.type === "private" ? "pkcs8" : "spki", format: "pem" }).toString();
const ed25519 = generateKeyPairSync("ed25519");
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });

type Files = Record<string, string>;

async function signed(flags: readonly string[], world: World = {}): Promise<Files> {
  const outcome = await gatehouse(["evidence", "--env", "environment.json", "--out", "out", ...flags], goodWorld(world));
  expect(outcome).toMatchObject({ status: 0, stderr: "" });
  return Object.fromEntries(Object.entries(outcome.written ?? {}).map(([name, text]) => [name.replace("out/", ""), text]));
}

const verify = (files: Files, key = pemOf(ed25519.publicKey), flags: readonly string[] = ["--key", "key.pub"]) =>
  gatehouse(["evidence", "verify", "out", ...flags], { folders: { out: files }, files: { "key.pub": key } });

let good: Files;
beforeAll(async () => {
  good = await signed(["--sign-key", "key"], { files: { key: pemOf(ed25519.privateKey) } });
});

test("signed with Ed25519, and with ECDSA P-256 by a program that reads the bytes: both are verified, and an envelope is as DSSE has it", async () => {
  expect(await verify(good)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^out: all 10 files are as signed by the key [0-9a-f]{64}\.\nsample, read from /) as string,
  });
  const program = (_command: string, _args: readonly string[], input = "") => ({
    status: 0,
    stdout: `${sign("sha256", Buffer.from(input), p256.privateKey).toString("base64")}\n`,
    stderr: "",
  });
  const other = await signed(["--sign-with", "kms sign --key alias/audit"], { run: program });
  expect((await verify(other, pemOf(p256.publicKey))).status).toBe(0);
  const envelope = readEnvelope(good["evidence.intoto.json"] ?? "");
  const payload = Buffer.from(envelope?.payload ?? "", "base64");
  // DSSE's encoding, written out (github.com/secure-systems-lab/dsse, protocol.md).
  const encoded = Buffer.concat([Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${payload.length} `), payload]);
  expect(envelope?.signatures[0]?.sig).toBe(sign(null, encoded, ed25519.privateKey).toString("base64"));
  const statement = JSON.parse(payload.toString()) as { subject: { name: string }[]; predicateType: string };
  expect(statement.subject.map(({ name }) => name).sort()).toEqual(
    Object.keys(good)
      .filter((name) => name !== "evidence.intoto.json")
      .sort(),
  );
  expect(statement.predicateType).toBe("https://gatehouse.dev/attestations/access-evidence/v1");
});

test.each<[string, (files: Files) => Files, RegExp]>([
  [
    "one byte",
    (files) => ({ ...files, "grants.csv": (files["grants.csv"] ?? "").replace("okta:Kasten Users", "okta:kasten Users") }),
    /^grants\.csv: is changed at byte \d+ \(line \d, column \d+\): signed was 'K', there is 'k'\.$/m,
  ],
  [
    "a file that was cut",
    (files) => ({ ...files, "report.html": (files["report.html"] ?? "").slice(0, 3_000) }),
    /^report\.html: is cut off at byte 3000: \d+ of \d+ bytes are missing\.$/m,
  ],
  ["a file more", (files) => ({ ...files, "notes.txt": "" }), /^notes\.txt: was not there when the folder was signed\.$/m],
  ["a file less", ({ "people.csv": _, ...files }) => files, /^people\.csv: is missing\.$/m],
  [
    "another manifest",
    (files) => ({ ...files, "manifest.json": manifestOf({ "evidence.json": "{}" }), "evidence.json": "{}" }),
    /^evidence\.json: is not what was signed; the manifest that would say where is not either\.$/m,
  ],
  ["no statement", ({ "evidence.intoto.json": _, ...files }) => files, /^evidence\.intoto\.json: is missing: nothing here is signed\.$/m],
  [
    "a statement that was edited",
    (files) => ({
      ...files,
      "evidence.intoto.json": (files["evidence.intoto.json"] ?? "").replace(
        /"payload": "(.)/,
        (_all, first: string) => `"payload": "${first === "a" ? "b" : "a"}`,
      ),
    }),
    /the signature is not this key's over this statement/,
  ],
  ["no envelope", (files) => ({ ...files, "evidence.intoto.json": "{" }), /is no DSSE envelope: it was cut, or edited/],
])("%s is named, status 1", async (_what, damage, words) => {
  const outcome = await verify(damage(good));
  expect(outcome.status).toBe(1);
  expect(outcome.stdout).toMatch(words);
});

test.each([
  [
    "a key of RSA",
    0,
    Buffer.alloc(256, 1).toString("base64"),
    /or ECDSA P-256 \(DER, up to 72\) from `kms`, got 256 bytes of another kind\./,
  ],
  ["a key on P-384", 0, Buffer.concat([Buffer.from([0x30]), Buffer.alloc(101)]).toString("base64"), /got 102 bytes of another kind\./],
  [
    "words in place of a signature",
    0,
    "signed, I promise you, with the key of the auditors",
    /Expected a signature in base64 from `kms`, got something else\./,
  ],
  ["nothing", 0, "", /Expected a signature in base64/],
  ["a program that fails", 7, "", /but it ended with status 7: no such key/],
  ["a program that is not there", null, "", /but it could not be started: no such key/],
])("a program that signs with %s: refused in words, and nothing is written", async (_what, status, stdout, words) => {
  const program: World["run"] = { status, stdout: `${stdout}\n`, stderr: "no such key\n" };
  const argv = ["evidence", "--env", "environment.json", "--out", "out", "--sign-with", "kms sign"];
  const outcome = await gatehouse(argv, goodWorld({ run: program }));
  expect([outcome.status, outcome.written]).toEqual([64, undefined]);
  expect(outcome.stderr).toMatch(words);
});

test("a manifest that nobody signed: a key or a name that stands twice is no manifest", async () => {
  const text = manifestOf({ "evidence.json": good["evidence.json"] ?? "" });
  const hidden = { name: "evidence.json", size: 3, sha256: "0".repeat(64), blocks: [] };
  for (const manifest of [
    text.replace('"version"', '"files": [],\n  "version"'),
    text.replace('"files": [', `"files": [\n${JSON.stringify(hidden)},`),
    `${text} `,
    JSON.stringify({ ...JSON.parse(text), files: [hidden, hidden] }),
  ]) {
    expect(readManifest(manifest)).toBeUndefined();
    const outcome = await verify({ "evidence.json": good["evidence.json"] ?? "", "manifest.json": manifest }, "", ["--unsigned"]);
    expect([outcome.status, outcome.stdout]).toEqual([1, expect.stringContaining("manifest.json: is not the manifest that was signed")]);
  }
  expect(readManifest(text)?.files).toHaveLength(1);
});

test("on a disk: a link in place of a file, a folder, a hidden file and a pipe are named, and no link is followed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-verify-"));
  const out = join(folder, "out");
  mkdirSync(out);
  Object.entries(good).forEach(([name, text]) => writeFileSync(join(out, name), text));
  writeFileSync(join(folder, "key.pub"), pemOf(ed25519.publicKey));
  renameSync(join(out, "grants.csv"), join(folder, "elsewhere.csv"));
  symlinkSync(join(folder, "elsewhere.csv"), join(out, "grants.csv"));
  mkdirSync(join(out, "more"));
  writeFileSync(join(out, ".hidden"), "");
  execFileSync("mkfifo", [join(out, "pipe")]);
  let words = "";
  const status = await main(["evidence", "verify", out, "--key", join(folder, "key.pub")], {
    ...processIo,
    now: () => now,
    stdout: (text) => void (words += text),
  });
  rmSync(folder, { recursive: true });
  expect([status, words.split("\n").slice(1).sort()]).toEqual([
    1,
    [
      "",
      ".hidden: was not there when the folder was signed.",
      "grants.csv: is a link, or no plain file, in place of the one that was signed.",
      "more: was not there when the folder was signed.",
      "pipe: was not there when the folder was signed.",
    ],
  ]);
});

test("another key, a key of another kind, a private one, no key and both", async () => {
  expect((await verify(good, pemOf(p256.publicKey))).stdout).toMatch(
    /is signed by another key: expected [0-9a-f]{64}, it names [0-9a-f]{64}\./,
  );
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
  expect(await verify(good, pemOf(rsa))).toMatchObject({
    status: 64,
    stderr: expect.stringContaining("Expected a key of Ed25519 or ECDSA P-256, got rsa.") as string,
  });
  expect(await verify(good, pemOf(ed25519.privateKey))).toMatchObject({
    status: 64,
    stderr: expect.stringContaining("Expected a public key or a certificate in PEM") as string,
  });
  expect(await verify(good, "", [])).toMatchObject({ status: 64 });
  expect(await verify(good, undefined, ["--key", "key.pub", "--unsigned"])).toMatchObject({ status: 64 });
});

/** A key of ECDSA P-256 with a certificate that ended before the moment of the evidence. */
async function endedCertificate(): Promise<{ certificate: string; key: string }> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const [notBefore, notAfter] = [new Date("2025-01-01T00:00:00Z"), new Date("2025-04-01T00:00:00Z")];
  const made = await X509CertificateGenerator.createSelfSigned({
    name: "CN=An auditor",
    keys,
    notBefore,
    notAfter,
    signingAlgorithm: algorithm,
  });
  const key = PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { certificate: made.toString("pem"), key };
}

test("a clock that is wrong: a moment to come, and one outside the certificate of the key", async () => {
  const outcome = await gatehouse(["evidence", "verify", "out", "--key", "key.pub"], {
    folders: { out: good },
    files: { "key.pub": pemOf(ed25519.publicKey) },
    now: new Date(now.getTime() - 3_600_000),
  });
  expect(outcome.stdout).toMatch(/it was made at \S+, 3600 s after this machine's clock: one of the two clocks is wrong/);
  const { certificate, key } = await endedCertificate();
  const ended = await signed(["--sign-key", "key"], { files: { key } });
  const judged = await verify(ended, certificate);
  expect(judged.status).toBe(1);
  expect(judged.stdout).toMatch(/it was made at \S+, and the certificate of the key holds from 2025-\S+ to 2025-\S+\./);
  expect((await verify(ended, pemOf(createPublicKey(certificate)))).status).toBe(0);
});

test("without a signature: only where it is asked for, and said; cosign's bundle may lie beside it", async () => {
  const unsigned = await signed([]);
  expect(await verify(unsigned)).toMatchObject({ status: 1 });
  const outcome = await verify({ ...unsigned, "manifest.sigstore.json": "{}" }, undefined, ["--unsigned"]);
  expect(outcome).toMatchObject({ status: 0, stdout: expect.stringContaining("nobody's signature was looked at") as string });
  expect((await verify({ ...unsigned, "people.csv": "" }, undefined, ["--unsigned"])).status).toBe(1);
  const json = await verify(good, undefined, ["--key", "key.pub", "--json"]);
  expect(JSON.parse(json.stdout)).toEqual({ version: "gatehouse.dev/evidence-verification/v1", good: true, files: 10, faults: [] });
});

test("where a file differs: the byte, the block, the end", () => {
  const signedText = Array.from({ length: 300 }, (_, line) => `line ${line}`).join("\n");
  const entry = readManifest(manifestOf({ a: signedText }))?.files[0];
  const difference = (text: string): string | undefined => (entry === undefined ? undefined : differenceOf(Buffer.from(text), entry));
  expect(difference(signedText)).toBeUndefined();
  expect(difference(`${signedText}!`)).toBe(
    `has 1 bytes more than were signed, from byte ${signedText.length} on, ${signedText.length + 1} bytes instead of ${signedText.length}`,
  );
  expect(difference(signedText.replace("line 200", "Line 200"))).toBe(
    "is changed at byte 1690 (line 201, column 1): signed was 'l', there is 'L'",
  );
  expect(difference(signedText.replace("line 200", "LINE 200"))).toMatch(
    /^is changed from somewhere in bytes 1024 to 2047 \(line \d+, column \d+ to line \d+, column \d+\) on$/,
  );
  expect(difference(signedText.slice(0, 1500))).toBe(
    `is cut off at byte 1500: ${signedText.length - 1500} of ${signedText.length} bytes are missing`,
  );
  expect(difference("")).toBe(`is cut off at byte 0: ${signedText.length} of ${signedText.length} bytes are missing`);
  // Everything behind is further on, or back, and is recognised there.
  expect(difference(signedText.replace("line 100", "liXne 100"))).toBe(
    "has a byte more at 792 (line 101, column 3): 'X' was put in; all else is as signed",
  );
  expect(difference(signedText.replace("line 100", "lne 100"))).toBe(
    "lacks a byte at 791 (line 101, column 2): 'i' was taken out; all else is as signed",
  );
  expect(difference(signedText.replace("line 299", "ine 299"))).toBe(
    `lacks a byte at ${signedText.length - 8} (line 300, column 1): 'l' was taken out; all else is as signed`,
  );
  expect(difference(signedText.slice(0, -1))).toBe(
    `is cut off at byte ${signedText.length - 1}: 1 of ${signedText.length} bytes are missing`,
  );
  expect(difference(signedText.replace("line 100", "line number 100"))).toBe(
    "has 7 bytes more, changed somewhere in bytes 0 to 1030 (from line 1, column 1 on); all else is as signed",
  );
  expect(difference(signedText.replace("line 100\n", ""))).toBe(
    "has 9 bytes fewer, changed somewhere in bytes 0 to 1014 (from line 1, column 1 on); all else is as signed",
  );
  expect(difference(signedText.replace("line 100", "lin 100").replace("line 250", "lines 250"))).toMatch(
    /^is changed from somewhere in bytes 0 to 1023 .*, and in 2 of the blocks behind it$/,
  );
  expect(difference(`!${signedText}`)).toBe("has a byte more at 0 (line 1, column 1): '!' was put in; all else is as signed");
});
