/**
 * `gatehouse init`: a project of one's own, with a stack file to fill in. It writes new files and changes none; nothing is asked of a
 * vendor or of an engine. What is in the files is `project.ts`'s, pipelines are `pipelines.ts`'s.
 */
import { basename, join, resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import manifest from "../../package.json";
import { dayOf, identityProviders, platforms, textLines, type IdentityProviderSpec, type PlatformSpec } from "../../model";
import { choice, defineCommand, parsed, text, textOr } from "../command";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import type { Io } from "../io";
import { jsonOption } from "../options";
import { pipelineNames, type Pipeline } from "./pipelines";
import { choiceProblems, projectFiles } from "./project";
import { outputText } from "../outputs";

type IdpKind = IdentityProviderSpec["kind"];
type PlatformKind = PlatformSpec["kind"];

/** Kinds of which a stack file can be begun; the others need something that a vendor gives first. */
const idpKinds = (Object.keys(identityProviders) as IdpKind[]).filter((kind) => identityProviders[kind].sample !== undefined);
const platformKinds = (Object.keys(platforms) as PlatformKind[]).filter((kind) => platforms[kind].sample !== undefined);

export const initCommand = defineCommand({
  name: "init",
  summary: "Begin a project of your own: package.json, Pulumi.yaml, a program of three lines, a stack file to fill in, a pipeline.",
  arguments: { folder: textOr("[folder]", "where; it may be there already, its files stay", ".") },
  options: {
    idp: parsed("--idp <kind>", `the identity provider (${idpKinds.join(", ")}); asked for at a terminal`, oneOf(idpKinds)),
    platforms: parsed(
      "--platforms <kinds>",
      `the platforms, separated by commas (${platformKinds.join(", ")}); asked for at a terminal`,
      listOf(platformKinds),
    ),
    stack: textOr("--stack <name>", "name of the first stack", "production"),
    name: text("--name <name>", "name of the project (default: the folder's)"),
    pipeline: choice("--pipeline <system>", "a pipeline to begin with", pipelineNames, "none"),
    gatehouse: textOr("--gatehouse <version>", "version or archive of this package that the project uses", `^${manifest.version}`),
    json: jsonOption("names of the files"),
  },
  run: init,
});

interface InitInput {
  readonly folder: string;
  readonly idp?: IdpKind;
  readonly platforms?: readonly PlatformKind[];
  readonly stack: string;
  readonly name?: string;
  readonly pipeline: Pipeline;
  readonly gatehouse: string;
  readonly cwd?: string;
  readonly json: boolean;
}

async function init(input: InitInput, io: Io): Promise<ExitName> {
  const idp = input.idp ?? (await asked(io, "--idp", `Identity provider (${idpKinds.join(", ")}): `, oneOf(idpKinds)));
  const kinds =
    input.platforms ??
    (await asked(io, "--platforms", `Platforms, separated by commas (${platformKinds.join(", ")}): `, listOf(platformKinds)));
  const name = projectName(input.name ?? basename(resolve(input.cwd ?? ".", input.folder)));
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(input.stack)) {
    throw new UsageError("flags", `Expected --stack with letters, digits and . _ -, got '${input.stack}'.`);
  }
  const { stack, pipeline, gatehouse, folder, json } = input;
  const today = dayOf(io.now());
  const problems = choiceProblems({ idp, platforms: kinds }, today);
  if (problems.length > 0) {
    const lines = problems.map(
      ({ expected, received, fix }) => `- expected ${expected}, got ${received}.${fix === undefined ? "" : ` Fix: ${fix}.`}`,
    );
    throw new UsageError(
      "flags",
      ["Expected platforms that work with the identity provider, and with each other; nothing was made.", ...lines].join("\n"),
    );
  }
  const files = projectFiles({ idp, platforms: kinds, stack, name, pipeline, gatehouse, today });
  const made: string[] = [];
  const kept: string[] = [];
  for (const [path, content] of Object.entries(files)) {
    ((await io.createFile(join(folder, path), content)) ? made : kept).push(path);
  }
  io.stderr(
    textLines([
      ...made.map((path) => `made ${join(folder, path)}`),
      ...kept.map((path) => `kept ${join(folder, path)}, which was there already`),
      `Next: fill in ${join(folder, `Pulumi.${stack}.yaml`)}; then in that folder: npm install, pulumi stack init ${stack}, npm run validate, npm run preview.`,
    ]),
  );
  if (json) {
    io.stdout(outputText("init", { folder, made, kept }));
  }
  return "ok";
}

/** What was not given is asked for at a terminal; elsewhere it must be given. */
async function asked<Value>(io: Io, flagName: string, question: string, parse: (text: string) => Value): Promise<Value> {
  if (io.ask === undefined) {
    throw new UsageError("flags", `Expected ${flagName}, since there is no terminal to ask at, got none.`);
  }
  try {
    return parse((await io.ask(question)).trim());
  } catch (error) {
    throw error instanceof InvalidArgumentError ? new UsageError("flags", error.message, { cause: error }) : error;
  }
}

function oneOf<Kind extends string>(kinds: readonly Kind[]): (text: string) => Kind {
  return (given) => {
    const kind = kinds.find((candidate) => candidate === given);
    if (kind === undefined) {
      throw new InvalidArgumentError(`Expected one of ${kinds.join(", ")}, got '${given}'.`);
    }
    return kind;
  };
}

function listOf<Kind extends string>(kinds: readonly Kind[]): (text: string) => Kind[] {
  return (given) => [...new Set(given.split(",").map((word) => oneOf(kinds)(word.trim())))];
}

/** Both npm and Pulumi take lower case letters, digits and . _ - alone. */
function projectName(given: string): string {
  const name = given
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
  // A package cannot depend on one of its own name.
  return name === "" || name === manifest.name ? "platform-access" : name.slice(0, 100);
}
