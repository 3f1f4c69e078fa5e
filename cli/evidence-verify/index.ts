/**
 * `gatehouse evidence verify`: whether a folder is what `gatehouse evidence` wrote and somebody signed, without any network. It reads the
 * folder and a public key, and asks nobody; how a folder comes about is cli/evidence's.
 */
import { compareText, readEvidence, GatehouseError, textLines } from "../../model";
import { defineCommand, flag, required, text } from "../command";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import type { FolderContent } from "../folder";
import type { Io } from "../io";
import { jsonOption } from "../options";
import { tolerated } from "../evidence/collect";
import { readEnvelope, signedBy } from "../evidence/envelope";
import { publicVerifier, type Verifier } from "../evidence/keys";
import { cosignBundle, differenceOf, manifestFile, readManifest, sha256, statementFile, type Manifest } from "../evidence/manifest";
import { payloadType, predicateType, readStatement, type Statement } from "../evidence/statement";
import { outputText } from "../outputs";

export const evidenceVerifyCommand = defineCommand({
  name: "evidence verify",
  summary: "Whether a folder of evidence is what was signed, offline; otherwise which file, and where in it.",
  arguments: { folder: required("<folder>", "what `gatehouse evidence --out` wrote") },
  options: {
    key: text("--key <file>", "public key, or certificate, of whoever signed (PEM)"),
    unsigned: flag("--unsigned", "compare with the manifest alone: cosign, or nobody, vouches for it"),
    json: jsonOption("result"),
  },
  run: verifyFolder,
});

interface VerifyInput {
  readonly folder: string;
  readonly key?: string;
  readonly unsigned: boolean;
  readonly json: boolean;
}

/** Something that is not as it was signed. */
interface Fault {
  readonly file: string;
  readonly what: string;
}

async function verifyFolder({ folder, key, unsigned, json }: VerifyInput, io: Io): Promise<ExitName> {
  if (unsigned === (key !== undefined)) {
    throw new UsageError("flags", "Expected one of --key and --unsigned, got " + (unsigned ? "both." : "none."));
  }
  const content = await io.readFolder(folder);
  const verifier = key === undefined ? undefined : await publicVerifier(key, io);
  const { faults, statement } = verifier === undefined ? { faults: [], statement: undefined } : signatureFaults(content, verifier);
  const manifest = readManifest(textOf(content, manifestFile));
  const all = [
    ...faults,
    ...fileFaults(content, manifest, statement),
    ...(statement === undefined ? [] : clockFaults(statement, verifier, io.now())),
    ...evidenceFaults(content, statement),
  ];
  const found = [...new Map(all.map((fault) => [`${fault.file}\n${fault.what}`, fault])).values()];
  const files = content.files.size;
  io.stdout(
    json
      ? outputText("evidence-verification", { good: found.length === 0, files, faults: found })
      : words(folder, files, found, statement, verifier),
  );
  return found.length === 0 ? "ok" : "refused";
}

function words(
  folder: string,
  files: number,
  faults: readonly Fault[],
  statement: Statement | undefined,
  verifier: Verifier | undefined,
): string {
  if (faults.length > 0) {
    return textLines([`${folder}: not what was signed.`, ...faults.map(({ file, what }) => `${file}: ${what}.`)]);
  }
  const by =
    verifier === undefined ? "as the manifest lists them; nobody's signature was looked at" : `as signed by the key ${verifier.keyid}`;
  return textLines([
    `${folder}: all ${files} files are ${by}.`,
    ...(statement === undefined
      ? []
      : [
          `${statement.predicate.stack}, read from ${statement.predicate.moment.began} to ${statement.predicate.moment.ended}.`,
          statement.predicate.verdict.sentence,
        ]),
  ]);
}

function textOf({ files }: FolderContent, name: string): string {
  return files.get(name)?.toString("utf8") ?? "";
}

/** The envelope, its signature and the statement in it. */
function signatureFaults(content: FolderContent, verifier: Verifier): { faults: Fault[]; statement: Statement | undefined } {
  const fault = (what: string): { faults: Fault[]; statement: undefined } => ({
    faults: [{ file: statementFile, what }],
    statement: undefined,
  });
  if (!content.files.has(statementFile)) {
    return fault(`${missingOf(content)(statementFile)}: nothing here is signed`);
  }
  const envelope = readEnvelope(textOf(content, statementFile));
  if (envelope === undefined) {
    return fault("is no DSSE envelope: it was cut, or edited");
  }
  if (envelope.payloadType !== payloadType) {
    return fault(`expected a payload of type ${payloadType}, got another`);
  }
  if (!signedBy(envelope, verifier)) {
    const keyids = envelope.signatures.flatMap(({ keyid }) => keyid ?? []);
    return fault(
      keyids.length > 0 && !keyids.includes(verifier.keyid)
        ? `is signed by another key: expected ${verifier.keyid}, it names ${keyids.join(", ").slice(0, 200)}`
        : "the signature is not this key's over this statement: the statement was edited, or another key signed it",
    );
  }
  const statement = readStatement(Buffer.from(envelope.payload, "base64").toString("utf8"));
  return statement === undefined
    ? fault(`expected a statement of type ${predicateType}, got another, or another version of it`)
    : { faults: [], statement };
}

/** A link is not followed: what it leads to is another file tomorrow. */
function missingOf({ others }: FolderContent): (name: string) => string {
  return (name) => (others.includes(name) ? "is a link, or no plain file, in place of the one that was signed" : "is missing");
}

/** Each file against what is signed, and files that nobody signed. */
function fileFaults(content: FolderContent, manifest: Manifest | undefined, statement: Statement | undefined): Fault[] {
  const digests = new Map(statement?.subject.map(({ name, digest }) => [name, digest.sha256]) ?? []);
  const manifestContent = content.files.get(manifestFile);
  const manifestGood =
    manifest !== undefined &&
    (statement === undefined || (manifestContent !== undefined && sha256(manifestContent) === digests.get(manifestFile)));
  const known = new Set([manifestFile, statementFile, cosignBundle, ...digests.keys(), ...(manifest?.files.map(({ name }) => name) ?? [])]);
  const extra = [...content.files.keys(), ...content.others]
    .filter((name) => !known.has(name))
    .map((file) => ({ file, what: "was not there when the folder was signed" }));
  const ofManifest =
    manifestContent === undefined
      ? [{ file: manifestFile, what: missingOf(content)(manifestFile) }]
      : manifestGood
        ? []
        : [{ file: manifestFile, what: "is not the manifest that was signed: it was cut, or edited" }];
  const listed = manifestGood ? manifest.files : [];
  const missing = missingOf(content);
  const compared = listed.flatMap((entry): Fault[] => {
    const there = content.files.get(entry.name);
    const what = there === undefined ? missing(entry.name) : differenceOf(there, entry);
    return what === undefined ? [] : [{ file: entry.name, what }];
  });
  const bySum = manifestGood
    ? []
    : [...digests].flatMap(([name, digest]): Fault[] => {
        const there = content.files.get(name);
        return name === manifestFile || (there !== undefined && sha256(there) === digest)
          ? []
          : [
              {
                file: name,
                what: there === undefined ? missing(name) : "is not what was signed; the manifest that would say where is not either",
              },
            ];
      });
  return [...ofManifest, ...compared, ...bySum, ...extra].sort((left, right) => compareText(left.file, right.file));
}

/** Moments that cannot be true together. */
function clockFaults({ predicate }: Statement, verifier: Verifier | undefined, now: Date): Fault[] {
  const [began, ended] = [new Date(predicate.moment.began), new Date(predicate.moment.ended)];
  const { valid } = verifier ?? {};
  const ahead = Math.round((ended.getTime() - now.getTime()) / 1000);
  const day = (date: Date): string => date.toISOString();
  return [
    ...(ended < began ? [`it ended (${day(ended)}) before it began (${day(began)}): a clock was set meanwhile`] : []),
    ...(ahead > tolerated ? [`it was made at ${day(ended)}, ${ahead} s after this machine's clock: one of the two clocks is wrong`] : []),
    ...predicate.clocks
      .filter(({ seconds }) => Math.abs(seconds) > tolerated)
      .map(({ server, seconds }) => `its clock was ${Math.abs(seconds)} s from that of ${server}: its moments are not to be believed`),
    ...(valid !== undefined && (ended < valid.from || ended > valid.to)
      ? [`it was made at ${day(ended)}, and the certificate of the key holds from ${day(valid.from)} to ${day(valid.to)}`]
      : []),
  ].map((what) => ({ file: statementFile, what }));
}

/** The evidence itself: readable, and the one that the statement speaks of. */
function evidenceFaults(content: FolderContent, statement: Statement | undefined): Fault[] {
  if (!content.files.has("evidence.json")) {
    return [{ file: "evidence.json", what: missingOf(content)("evidence.json") }];
  }
  try {
    const { stack, moment } = readEvidence(JSON.parse(textOf(content, "evidence.json")));
    const same = statement === undefined || (statement.predicate.stack === stack && statement.predicate.moment.ended === moment.ended);
    return same ? [] : [{ file: "evidence.json", what: "is of another stack or moment than the signed statement" }];
  } catch (error) {
    const reason = error instanceof GatehouseError ? error.message.split("\n")[0] : "it is no JSON";
    return [{ file: "evidence.json", what: `cannot be read: ${(reason ?? "").replace(/\.$/, "")}` }];
  }
}
