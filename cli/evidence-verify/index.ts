/**
 * `gatehouse evidence verify`: whether a folder is what `gatehouse evidence` wrote and somebody signed, without any network. It reads the
 * folder and a public key, and asks nobody; how a folder comes about is cli/evidence's.
 */
import { textLines } from "../../model";
import { defineCommand, flag, required, text } from "../command";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import type { Io } from "../io";
import { jsonOption } from "../options";
import { publicVerifier, type Verifier } from "../evidence/keys";
import type { Statement } from "../evidence/statement";
import { verification, type Fault } from "../evidence/verification";
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

async function verifyFolder({ folder, key, unsigned, json }: VerifyInput, io: Io): Promise<ExitName> {
  if (unsigned === (key !== undefined)) {
    throw new UsageError("flags", "Expected one of --key and --unsigned, got " + (unsigned ? "both." : "none."));
  }
  const content = await io.readFolder(folder);
  const verifier = key === undefined ? undefined : await publicVerifier(key, io);
  const { faults: found, statement } = verification(content, verifier, io.now());
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
