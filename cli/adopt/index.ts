/**
 * `gatehouse adopt`: an installed platform as a stack. `sources.ts` reads the cluster and the identity provider, or files; `release.ts`
 * what Helm keeps; `adoption.ts` puts it together and judges it; `files.ts`, `report.ts` and `state.ts` say it. Nothing is changed
 * anywhere: what comes out are files. How a kind is read stands with its definition in model/.
 */
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { dayOf, identityProviders, jsonText, textLines, type IdentityProviderSpec } from "../../model";
import { defineCommand, parsed, text, textOr } from "../command";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import { parseJson, readInput } from "../inputs";
import type { Io } from "../io";
import { jsonOption } from "../options";
import { outputText } from "../outputs";
import { readAdoption, type Adoption } from "./adoption";
import { importFileText, isImportable, releaseStateOf, stackFileText } from "./files";
import { accessAfter, accessBefore, refusalText, reportText } from "./report";
import { fileSources, liveSources } from "./sources";
import { readReleaseState, withRelease } from "./state";

type IdpKind = IdentityProviderSpec["kind"];
const idpKinds = (Object.keys(identityProviders) as IdpKind[]).filter((kind) => identityProviders[kind].adoption !== undefined);

export const adoptCommand = defineCommand({
  name: "adopt",
  summary: "Take over a platform that is installed already: a stack file, a file for `pulumi import`, and access before and after.",
  arguments: {},
  options: {
    release: text("--release <namespace/name>", "the Helm release, where there are several"),
    platform: text("--platform <key>", "the platform's key in the stack file (default: the release's name)"),
    idp: parsed("--idp <kind>", `the identity provider (${idpKinds.join(", ")}), where the issuer's address does not say it`, idpKind),
    kubeconfig: text("--kubeconfig <file>", "the cluster's kubeconfig (default: KUBECONFIG, then the home folder)"),
    context: text("--context <name>", "the kubeconfig's context (default: the current one)"),
    fromFiles: text("--from-files <folder>", "answers that somebody else fetched, instead of the cluster and the identity provider"),
    out: textOr("--out <folder>", "where the files go; none that is there is touched", "adopted"),
    stack: textOr("--stack <name>", "name of the stack", "production"),
    intoState: text("--into-state <file>", "put release.json into the state on standard input (`pulumi stack export`), and print that"),
    json: jsonOption("result"),
  },
  run: adopt,
});

interface AdoptInput {
  readonly release?: string;
  readonly platform?: string;
  readonly idp?: IdpKind;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly fromFiles?: string;
  readonly out: string;
  readonly stack: string;
  readonly intoState?: string;
  readonly json: boolean;
}

function idpKind(given: string): IdpKind {
  const kind = idpKinds.find((candidate) => candidate === given);
  if (kind === undefined) {
    throw new InvalidArgumentError(`Expected one of ${idpKinds.join(", ")}.`);
  }
  return kind;
}

async function adopt(input: AdoptInput, io: Io): Promise<ExitName> {
  if (input.intoState !== undefined) {
    const release = readReleaseState(parseJson(await readInput(input.intoState, "release.json", io), input.intoState));
    io.stdout(withRelease(parseJson(await io.readStdin(), "the state on standard input"), release));
    return "ok";
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(input.stack)) {
    throw new UsageError("flags", `Expected --stack with letters, digits and . _ -, got '${input.stack}'.`);
  }
  const sources =
    input.fromFiles === undefined
      ? liveSources(await io.openCluster(input.kubeconfig, input.context), io)
      : fileSources(input.fromFiles, io);
  const today = dayOf(io.now());
  const { platform, release, idp } = input;
  const adoption = await readAdoption({ platform, release, idp }, sources, today);
  const [before, after] = [accessBefore(adoption), accessAfter(adoption)];
  const equal = adoption.problems.length === 0 && before.join("\n") === after.join("\n");
  const files = equal ? outputFiles(adoption, input, today) : {};
  await writeAll(files, input.out, io);
  if (input.json) {
    io.stdout(outputText("adoption", { adopted: equal, before, after, problems: adoption.problems, files: Object.keys(files) }));
  } else {
    io.stdout(equal ? (files["report.md"] ?? "") : refusalText(adoption));
  }
  return equal ? "ok" : "refused";
}

function outputFiles(adoption: Adoption, { stack, out }: AdoptInput, today: string): Record<string, string> {
  return {
    [`Pulumi.${stack}.yaml`]: stackFileText(adoption, today),
    "import.json": importFileText(adoption),
    ...(isImportable(adoption) ? {} : { "release.json": jsonText(releaseStateOf(adoption)) }),
    "report.md": reportText(adoption, stack, out),
  };
}

/** All of them or none: each name is looked at before the first is written. */
async function writeAll(files: Readonly<Record<string, string>>, folder: string, io: Io): Promise<void> {
  for (const name of Object.keys(files)) {
    const there = await io.readFile(join(folder, name)).then(
      () => true,
      (error: unknown) => (error as NodeJS.ErrnoException).code !== "ENOENT",
    );
    if (there) {
      throw new UsageError(
        "flags",
        `Expected a folder without ${name}, got ${folder}, which has it. Nothing was written.\nFix: name another one with --out.`,
      );
    }
  }
  for (const [name, content] of Object.entries(files)) {
    if (!(await io.createFile(join(folder, name), content))) {
      throw new UsageError("flags", `Expected ${join(folder, name)} not to be there, got a file that came in the meantime.`);
    }
  }
  if (Object.keys(files).length > 0) {
    io.stderr(textLines(Object.keys(files).map((name) => `made ${join(folder, name)}`)));
  }
}
