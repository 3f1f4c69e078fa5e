/** Whether a folder is what was written and signed, without any network: its signature, each file, its clocks, and the evidence itself. */
import { compareText, readEvidence, GatehouseError } from "../../model";
import type { FolderContent } from "../folder";
import { tolerated } from "./collect";
import { readEnvelope, signedBy } from "./envelope";
import type { Verifier } from "./keys";
import { cosignBundle, differenceOf, manifestFile, readManifest, sha256, statementFile, type Manifest } from "./manifest";
import { payloadType, predicateType, readStatement, type Statement } from "./statement";

/** Something that is not as it was signed. */
export interface Fault {
  readonly file: string;
  readonly what: string;
}

export interface Verification {
  /** Each once, those of the signature first. */
  readonly faults: readonly Fault[];
  /** What was signed; undefined where nobody's signature was looked at, or it does not hold. */
  readonly statement: Statement | undefined;
}

/** @param verifier undefined: the files are compared with the manifest alone, for which nobody vouches then */
export function verification(content: FolderContent, verifier: Verifier | undefined, now: Date): Verification {
  const { faults, statement } = verifier === undefined ? { faults: [], statement: undefined } : signatureFaults(content, verifier);
  const manifest = readManifest(textOf(content, manifestFile));
  const all = [
    ...faults,
    ...fileFaults(content, manifest, statement),
    ...(statement === undefined ? [] : clockFaults(statement, verifier, now)),
    ...evidenceFaults(content, statement),
  ];
  return { faults: [...new Map(all.map((fault) => [`${fault.file}\n${fault.what}`, fault])).values()], statement };
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
