/**
 * `gatehouse evidence`: what is true of an environment's access now, read from the identity provider and the cluster, asked of the live API
 * server, written to a folder and signed. `collect.ts` finds it out, `lists.ts` and the identity provider's reader make sure that it is
 * whole, `verify.ts` says later whether a folder is what was signed. How it reads is reports/evidence's; its shape is model/evidence's.
 * Nothing here changes anything, at the vendor or in the cluster.
 */
import { InvalidArgumentError } from "commander";
import { z } from "zod";
import { identityProviders, jsonOrNothing, jsonText, readEvidence, textLines, type Evidence, type Review } from "../../model";
import { evidenceFiles } from "../../reports";
import { defineCommand, flag, parsedOr, text, texts } from "../command";
import { engineArguments } from "../engine";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import { loadDocument, parseJson, type DocumentSource } from "../inputs";
import type { Io } from "../io";
import { documentOptions, jsonOption } from "../options";
import { readReview } from "../review-file";
import { readAuditLogs } from "./audit-log";
import { collect, type Sources } from "./collect";
import { sealed } from "./envelope";
import { commandSigner, localSigner, passphraseVariable, publicVerifier, type Signer } from "./keys";
import { manifestFile, manifestOf, statementFile } from "./manifest";
import { statementOf } from "./statement";
import { verification } from "./verification";

const mostSampled = 1_000;

export const evidenceCommand = defineCommand({
  name: "evidence",
  summary: "Write down who has access now, read whole and asked of the live cluster, as a signed folder that an auditor can check.",
  arguments: {},
  options: {
    ...documentOptions,
    kubeconfig: text("--kubeconfig <file>", "the cluster's kubeconfig (default: KUBECONFIG, then the home folder)"),
    context: text("--context <name>", "the kubeconfig's context (default: the current one)"),
    out: text("--out <folder>", "folder to write, which is not there yet, or is empty"),
    signKey: text("--sign-key <file>", `private key (PEM, Ed25519 or ECDSA P-256); its passphrase in ${passphraseVariable}`),
    passphraseFile: text("--passphrase-file <file>", "the private key's passphrase"),
    signWith: text("--sign-with <command>", "a program that signs its standard input and prints base64, for a key in a KMS"),
    since: text("--since <folder>", "an earlier evidence: what has ended since is asked again, and must be refused"),
    sinceKey: text("--since-key <file>", "public key, or certificate, of whoever signed the earlier evidence"),
    review: texts("--review <files...>", "applied reviews: each decision, with the moment when its access was seen to be gone"),
    auditLog: texts("--audit-log <files...>", "Kubernetes audit logs (JSON lines): when each grant was last used"),
    sample: parsedOr("--sample <people>", "people asked about for each grant", wholeNumber, 3),
    compareSecrets: flag(
      "--compare-secrets",
      "compare each platform's Secret in the cluster with the identity provider's newest client secret",
    ),
    json: jsonOption("evidence"),
  },
  run: evidence,
});

interface EvidenceInput extends DocumentSource {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly out?: string;
  readonly signKey?: string;
  readonly passphraseFile?: string;
  readonly signWith?: string;
  readonly since?: string;
  readonly sinceKey?: string;
  readonly review?: readonly string[];
  readonly auditLog?: readonly string[];
  readonly sample: number;
  readonly compareSecrets: boolean;
  readonly json: boolean;
}

function wholeNumber(given: string): number {
  if (!/^\d{1,4}$/.test(given) || Number(given) > mostSampled) {
    throw new InvalidArgumentError(`Expected a whole number from 0 to ${mostSampled}.`);
  }
  return Number(given);
}

async function evidence(input: EvidenceInput, io: Io): Promise<ExitName> {
  const { out } = input;
  if (out === undefined) {
    throw new UsageError("flags", "Expected --out with the folder to write, got none.");
  }
  // A key that does not open, or a log that is none, must not be found out after the vendors were asked.
  const signer = await signerOf(input, io);
  await requireFree(out, io);
  const found = await collect(await sourcesOf(input, io), io);
  const files = await folderOf(found, signer);
  refuseSecrets(files, io);
  if (!(await io.createFolder(out, files))) {
    throw occupied(out);
  }
  io.stdout(input.json ? jsonText(found) : words(found, out, Object.keys(files).length, signer));
  return { agrees: "ok", differs: "drifted", incomplete: "incomplete" }[found.verdict.result] as ExitName;
}

async function signerOf({ signKey, signWith, passphraseFile }: EvidenceInput, io: Io): Promise<Signer | undefined> {
  if (signKey !== undefined && signWith !== undefined) {
    throw new UsageError("flags", "Expected one of --sign-key and --sign-with, got both.");
  }
  if (passphraseFile !== undefined && signKey === undefined) {
    throw new UsageError("flags", "Expected --sign-key beside --passphrase-file, got none.");
  }
  return signKey !== undefined
    ? localSigner(signKey, passphraseFile, io)
    : signWith === undefined
      ? undefined
      : commandSigner(signWith, io);
}

/** Told before the vendors are asked; what comes to be there meanwhile stays all the same. */
async function requireFree(out: string, io: Io): Promise<void> {
  const there = await io.readFolder(out).catch((error: unknown) => {
    if (error instanceof UsageError && (error.cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT") {
      return undefined;
    }
    throw error;
  });
  if (there !== undefined && there.files.size + there.others.length > 0) {
    throw occupied(out);
  }
}

function occupied(out: string): UsageError {
  return new UsageError(
    "unusable_input",
    `Expected --out to name a folder that is not there, or is empty, got ${out}, which holds something.`,
  );
}

async function sourcesOf(input: EvidenceInput, io: Io): Promise<Sources> {
  const document = await loadDocument(input, io);
  const auditLog = input.auditLog === undefined ? undefined : await readAuditLogs(input.auditLog, io);
  const earlier = await earlierOf(input, io);
  if (earlier !== undefined && earlier.stack !== document.stack) {
    throw new UsageError("unusable_input", `Expected --since to be evidence of '${document.stack}', got one of '${earlier.stack}'.`);
  }
  const reviews = await reviewsOf(input.review ?? [], document.stack, io);
  const cluster = await io.openCluster(input.kubeconfig, input.context);
  return {
    document,
    cluster,
    reviews,
    sample: input.sample,
    compareSecrets: input.compareSecrets,
    updates: await updatesOf(input, io),
    ...(auditLog && { auditLog }),
    ...(earlier && { earlier, isEarlierSigned: input.sinceKey !== undefined }),
  };
}

/** The reviews whose decisions the evidence names: they must have been applied, or they decided nothing yet. */
async function reviewsOf(files: readonly string[], stack: string, io: Io): Promise<Review[]> {
  const reviews: Review[] = [];
  for (const file of files) {
    const { review, problems } = await readReview(file, io);
    if (review === undefined || problems.length > 0) {
      throw new UsageError(
        "unusable_input",
        `Expected a review in ${file}, got something else. Fix: \`gatehouse review check ${file}\` names what is wrong.`,
      );
    }
    if (review.stack !== stack || review.applied === undefined) {
      const got = review.stack === stack ? "one that was not applied" : `one of '${review.stack}'`;
      throw new UsageError("unusable_input", `Expected ${file} to be a review of '${stack}' that was applied, got ${got}.`);
    }
    reviews.push(review);
  }
  return reviews;
}

/** An earlier folder that was edited would hide what has ended since. */
async function earlierOf({ since, sinceKey }: EvidenceInput, io: Io): Promise<Evidence | undefined> {
  if (since === undefined) {
    if (sinceKey !== undefined) {
      throw new UsageError("flags", "Expected --since beside --since-key, got none.");
    }
    return undefined;
  }
  const content = await io.readFolder(since);
  const file = content.files.get("evidence.json");
  if (file === undefined) {
    throw new UsageError("unreadable_input", `Expected an evidence.json in ${since}, got none.`);
  }
  const earlier = readEvidence(parseJson(file.toString("utf8"), `${since}/evidence.json`));
  const [fault] = verification(content, sinceKey === undefined ? undefined : await publicVerifier(sinceKey, io), io.now()).faults;
  if (fault !== undefined) {
    const option = sinceKey === undefined ? "--unsigned" : `--key ${sinceKey}`;
    throw new UsageError(
      "unusable_input",
      `Expected the evidence in ${since} to be as it was written, got a change.\n${fault.file}: ${fault.what}.\nFix: \`gatehouse evidence verify ${since} ${option}\` names everything; take the folder as it was kept.`,
    );
  }
  return earlier;
}

const historySchema = z.array(
  z.looseObject({ kind: z.string(), result: z.string(), startTime: z.string(), environment: z.record(z.string(), z.string()).nullish() }),
);

/** Who updated the stack last, as the engine's backend remembers it. */
async function updatesOf(input: EvidenceInput, io: Io): Promise<Sources["updates"]> {
  if (input.env !== undefined) {
    return { mayChange: [], incomplete: [] };
  }
  const { pulumi = "pulumi", stack, cwd } = input;
  const args = engineArguments(["stack", "history", "--json", "--page-size", "10"], { pulumi, stack, cwd });
  const { status, stdout } = await io.run(pulumi, args);
  const history = status === 0 ? historySchema.safeParse(jsonOrNothing(stdout)) : undefined;
  if (history?.success !== true) {
    return { mayChange: [], incomplete: ["Who updated the stack: `pulumi stack history` gave no answer that could be read."] };
  }
  const who = history.data.map(({ kind, result, startTime, environment }) => {
    const name =
      environment?.["git.author.email"] ??
      environment?.["git.author"] ??
      environment?.["git.committer"] ??
      "somebody whom git does not name";
    return `${startTime}: ${kind} (${result}) from a commit of ${name}`;
  });
  return { mayChange: [{ what: "stack: its last updates", who, source: "pulumi stack history" }], incomplete: [] };
}

async function folderOf(found: Evidence, signer: Signer | undefined): Promise<Record<string, string>> {
  const listed = { "evidence.json": jsonText(found), ...evidenceFiles(found) };
  const files = { ...listed, [manifestFile]: manifestOf(listed) };
  return signer === undefined ? files : { ...files, [statementFile]: await sealed(statementOf(found, files), signer) };
}

/** The credentials that were read with are nowhere in what is written. */
function refuseSecrets(files: Readonly<Record<string, string>>, io: Io): void {
  const names = [passphraseVariable, ...Object.values(identityProviders).flatMap(({ directory }) => directory?.secretVariables ?? [])];
  const secrets = names.flatMap((name) => io.env[name] ?? []).filter((secret) => secret.length >= 8);
  if (Object.values(files).some((content) => secrets.some((secret) => content.includes(secret)))) {
    throw new Error("a credential came into the evidence; nothing was written");
  }
}

function words({ stack, verdict, findings, moment }: Evidence, out: string, files: number, signer: Signer | undefined): string {
  const signed = signer === undefined ? "not signed" : signer.keyid === "" ? "signed" : `signed by the key ${signer.keyid}`;
  return textLines([
    `${stack}, ${moment.ended}: ${verdict.sentence}`,
    ...verdict.incomplete.map((one) => `not readable: ${one}`),
    ...findings.flatMap(({ kind, what, detail, fix }) => [`${kind}: ${what}`, `  ${detail}`, `  Fix: ${fix}`]),
    `${out}: ${files} files, ${signed}.`,
  ]);
}
