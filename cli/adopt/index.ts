/**
 * `gatehouse adopt`: an installed platform as a stack. `sources.ts` reads the cluster and the identity provider, or files; `release.ts`
 * what Helm keeps; `choice.ts` says which installation is meant; `access.ts` reads who holds what; `adoption.ts` puts it together and
 * `equality.ts` judges it; `files.ts`, `report.ts` and `state.ts` say it. Nothing is changed anywhere: what comes out are files. How a kind
 * is read stands with its definition in model/, in a file `adoption.ts` of its own.
 */
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { dayOf, jsonText, kubeSphereClientSecret, textLines } from "../../model";
import { defineCommand, flag, parsed, text, textOr } from "../command";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import { parseJson, readInput } from "../inputs";
import type { Io } from "../io";
import { jsonOption } from "../options";
import { outputText } from "../outputs";
import { readAdoption, type Adoption } from "./adoption";
import { adoptableIdentityProviders, adoptablePlatforms, type IdpKind, type PlatformKind } from "./choice";
import { importFileText, isImportable, releaseStatesOf, stackFileText } from "./files";
import { accessAfter, accessBefore, refusalText, reportText } from "./report";
import { fileSources, liveSources } from "./sources";
import { readReleaseStates, withReleases } from "./state";

const idpKinds = adoptableIdentityProviders.map(({ idp }) => idp);
const platformKinds = adoptablePlatforms.map(({ kind }) => kind);

export const adoptCommand = defineCommand({
  name: "adopt",
  summary: "Take over a platform that is installed already: a stack file, a file for `pulumi import`, and access before and after.",
  arguments: {},
  options: {
    kind: parsed("--kind <kind>", `the platform (${platformKinds.join(", ")}), where several are installed`, oneOf(platformKinds)),
    release: text("--release <namespace/name>", "the installation, where there are several"),
    platform: text("--platform <key>", "the platform's key in the stack file (default: the installation's name)"),
    idp: parsed(
      "--idp <kind>",
      `the identity provider (${idpKinds.join(", ")}), where the issuer's address does not say it`,
      oneOf(idpKinds),
    ),
    kubeconfig: text("--kubeconfig <file>", "the cluster's kubeconfig (default: KUBECONFIG, then the home folder)"),
    context: text("--context <name>", "the kubeconfig's context (default: the current one)"),
    fromFiles: text("--from-files <folder>", "answers that somebody else fetched, instead of the cluster and the identity provider"),
    out: textOr("--out <folder>", "where the files go; none that is there is touched", "adopted"),
    stack: textOr("--stack <name>", "name of the stack", "production"),
    intoState: text("--into-state <file>", "put release.json into the state on standard input (`pulumi stack export`), and print that"),
    clientSecret: flag("--client-secret", "print the client secret of KubeSphere's configuration.yaml on standard input, for a pipe"),
    json: jsonOption("result"),
  },
  run: adopt,
});

interface AdoptInput {
  readonly kind?: PlatformKind;
  readonly release?: string;
  readonly platform?: string;
  readonly idp?: IdpKind;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly fromFiles?: string;
  readonly out: string;
  readonly stack: string;
  readonly intoState?: string;
  readonly clientSecret: boolean;
  readonly json: boolean;
}

function oneOf<Kind extends string>(kinds: readonly Kind[]): (given: string) => Kind {
  return (given) => {
    const kind = kinds.find((candidate) => candidate === given);
    if (kind === undefined) {
      throw new InvalidArgumentError(`Expected one of ${kinds.join(", ")}.`);
    }
    return kind;
  };
}

async function adopt(input: AdoptInput, io: Io): Promise<ExitName> {
  if (input.intoState !== undefined) {
    const releases = readReleaseStates(parseJson(await readInput(input.intoState, "release.json", io), input.intoState));
    io.stdout(withReleases(parseJson(await io.readStdin(), "the state on standard input"), releases));
    return "ok";
  }
  if (input.clientSecret) {
    io.stdout(clientSecretOf(await io.readStdin()));
    return "ok";
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(input.stack)) {
    throw new UsageError("flags", `Expected --stack with letters, digits and . _ -, got '${input.stack}'.`);
  }
  const sources =
    input.fromFiles === undefined
      ? liveSources(await io.openCluster(input.kubeconfig, input.context), io)
      : await fileSources(input.fromFiles, io);
  const today = dayOf(io.now());
  const { platform, kind, release: place, idp } = input;
  const adoption = await readAdoption({ platform, kind, place, idp }, sources, today);
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

function clientSecretOf(text: string): string {
  const secret = kubeSphereClientSecret(text);
  if (secret === undefined) {
    throw new UsageError(
      "unusable_input",
      "Expected the configuration.yaml of a KubeSphere identity provider with provider.clientSecret on standard input, got something else.",
    );
  }
  return secret;
}

function outputFiles(adoption: Adoption, { stack, out }: AdoptInput, today: string): Record<string, string> {
  return {
    [`Pulumi.${stack}.yaml`]: stackFileText(adoption, today),
    "import.json": importFileText(adoption),
    ...(isImportable(adoption) ? {} : { "release.json": jsonText(releaseStatesOf(adoption)) }),
    "report.md": reportText(adoption, stack, out),
  };
}

/** The whole folder, written beside and then renamed, or nothing. */
async function writeAll(files: Readonly<Record<string, string>>, folder: string, io: Io): Promise<void> {
  if (Object.keys(files).length === 0) {
    return;
  }
  if (!(await io.createFolder(folder, files))) {
    throw new UsageError(
      "flags",
      `Expected a folder that is not there yet or is empty, got ${folder}, which holds something. Nothing was written.\nFix: name another one with --out.`,
    );
  }
  io.stderr(textLines(Object.keys(files).map((name) => `made ${join(folder, name)}`)));
}
