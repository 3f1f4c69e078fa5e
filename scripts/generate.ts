import { readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as babel from "prettier/plugins/babel";
import * as estree from "prettier/plugins/estree";
import * as markdown from "prettier/plugins/markdown";
import * as typescript from "prettier/plugins/typescript";
import * as yaml from "prettier/plugins/yaml";
import { format } from "prettier/standalone";
import projectManifest from "../package.json";
import { checkNames } from "../cli/doctor/types";
import { driftKinds } from "../cli/drift/types";
import { engineCodes, usageCodes } from "../cli/errors";
import { exitCodes } from "../cli/exit-codes";
import { templateFiles } from "../cli/init/project";
import { loginCodes } from "../cli/login/error";
import { outputs, type OutputName } from "../cli/output-schemas";
import { outputSchema } from "./output-schema";
import { editCodes } from "../cli/yaml-edit";
import {
  compatibility,
  descriptionJsonSchema,
  directoryCodes,
  documentCodes,
  documentJsonSchema,
  evidenceJsonSchema,
  failureKinds,
  identityProviders,
  platforms,
  reviewJsonSchema,
  stableJson,
  stackJsonSchema,
  wayCodes,
} from "../model";
import type { IdentityProviderCapabilities, PlatformCapabilities } from "../model";
import { findingKinds } from "../reports";
import { markdownTable } from "./markdown-table";
import { componentSchema, plainInputs, published } from "./component-schema";
import { presetsPage } from "./presets-page";
import { componentsPage } from "./components-page";
import {
  adviceCodes,
  causeCodes,
  discoveryCodes,
  platformChoiceCodes,
  platformCodes,
  rbacObjectCodes,
  rejectionCodes,
  rulesCodes,
  warningCodes,
} from "../verifier";

/** The project's style, so that `prettier --check` agrees with what is generated. */
const style = JSON.parse(readFileSync(join(__dirname, "../.prettierrc.json"), "utf8")) as Record<string, unknown>;

const plugins = [babel, estree, markdown, typescript, yaml];

/** One file that is generated, wholly or between markers. */
export interface GeneratedFile {
  /** Path in the repository. */
  readonly path: string;
  /** @param present the file's text; undefined when it is not there */
  readonly content: (present: string | undefined) => string | Promise<string>;
}

/** The components' schema, inferred once a run: it takes some seconds. */
const inferred = once(() => componentSchema(join(__dirname, "..")));

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}

/** Everything that is generated. A new identity provider, platform or code appears by itself. */
const generatedFiles: readonly GeneratedFile[] = [
  { path: "schemas/environment.schema.json", content: () => stableJson(stackJsonSchema(), 2) },
  { path: "schemas/environment-part.schema.json", content: () => stableJson(descriptionJsonSchema(), 2) },
  { path: "schemas/environment-document.schema.json", content: () => stableJson(documentJsonSchema(), 2) },
  { path: "schemas/evidence.schema.json", content: () => stableJson(evidenceJsonSchema(), 2) },
  { path: "schemas/review.schema.json", content: () => stableJson(reviewJsonSchema(), 2) },
  ...(Object.keys(outputs) as OutputName[]).map((name) => ({
    path: `schemas/outputs/${name}.schema.json`,
    content: () => stableJson(outputSchema(name), 2),
  })),
  {
    path: "docs/errors.md",
    content: (present) =>
      Object.entries(codeTables()).reduce((text, [name, table]) => replaceBetween(text, name, table, "docs/errors.md"), present ?? ""),
  },
  {
    path: "docs/pipelines.md",
    content: (present) =>
      Object.entries({ "finding-kinds": codeTable(findingKinds), "drift-kinds": codeTable(driftKinds) }).reduce(
        (text, [name, table]) => replaceBetween(text, name, table, "docs/pipelines.md"),
        present ?? "",
      ),
  },
  {
    path: "docs/access-questions.md",
    content: (present) => replaceBetween(present ?? "", "reach", codeTable(wayCodes), "docs/access-questions.md"),
  },
  {
    path: "docs/doctor.md",
    content: (present) => replaceBetween(present ?? "", "doctor-checks", codeTable(checkNames), "docs/doctor.md"),
  },
  { path: "schema.json", content: async () => stableJson(published(await inferred()), 2) },
  { path: "plugin/plain-inputs.json", content: async () => stableJson(plainInputs(await inferred()), 2) },
  ...["components", "plugin"].map((folder) => ({ path: `${folder}/package.json`, content: inVersion })),
  {
    path: "docs/components.md",
    content: async (present) =>
      replaceBetween(present ?? "", "components", componentsPage(await inferred(), plainInputs(await inferred())), "docs/components.md"),
  },
  { path: "docs/presets.md", content: (present) => replaceBetween(present ?? "", "presets", presetsPage(), "docs/presets.md") },
  ...Object.entries(templateFiles(`^${projectManifest.version}`)).map(([name, text]) => ({
    path: `templates/gatehouse/${name}`,
    content: () => text,
  })),
  { path: "README.md", content: (present) => replaceBetween(present ?? "", "compatibility", compatibilityMatrix(), "README.md") },
];

/** A manifest in the project's version, which stands in the root's package.json alone. */
function inVersion(present: string | undefined): string {
  return JSON.stringify({ ...(JSON.parse(present ?? "{}") as object), version: projectManifest.version }, null, 2);
}

/**
 * The README's matrix: one line for each pair of an identity provider and a platform, judged by their capability rows. What
 * there is to know of several pairs stands once, in a numbered list below; of a pair that does not work, only why.
 */
export function compatibilityMatrix(
  idps: readonly IdentityProviderCapabilities[] = Object.values(identityProviders).flatMap(({ capabilities, variants = [] }) => [
    capabilities,
    ...variants,
  ]),
  rows: readonly PlatformCapabilities[] = Object.values(platforms).map(({ capabilities }) => capabilities),
): string {
  const notes: string[] = [];
  const numberOf = (note: string): number => (notes.includes(note) ? notes.indexOf(note) + 1 : notes.push(note));
  const lines = rows.flatMap((platform) =>
    idps.map((idp) => {
      const { errors, warnings } = compatibility(idp, platform);
      const toKnow = (errors.length === 0 ? warnings : errors).map(numberOf).sort((a, b) => a - b);
      return [platform.title, idp.title, errors.length === 0 ? "yes" : "no", toKnow.join(", ")];
    }),
  );
  const list = notes.map((note, position) => `${position + 1}. ${note}`);
  return [markdownTable(["Platform", "Identity provider", "Works", "To know"], lines), "", ...list].join("\n");
}

/** The tables of docs/errors.md by the name of their marker. */
function codeTables(): Record<string, string> {
  const exits = Object.values(exitCodes).map(({ status, meaning }) => [String(status), meaning]);
  return {
    "exit-codes": markdownTable(["Status", "Meaning"], exits),
    "rejection-codes": codeTable(rejectionCodes),
    "platform-codes": codeTable(platformCodes),
    "discovery-codes": codeTable(discoveryCodes),
    "login-codes": codeTable(loginCodes),
    "advice-codes": codeTable(adviceCodes),
    "rules-codes": codeTable(rulesCodes),
    "cause-codes": codeTable(causeCodes),
    "warning-codes": codeTable(warningCodes),
    "document-codes": codeTable(documentCodes),
    "failure-kinds": codeTable(failureKinds),
    "edit-codes": codeTable(editCodes),
    "engine-codes": codeTable(engineCodes),
    "directory-codes": codeTable(directoryCodes),
    "platform-choice-codes": codeTable(platformChoiceCodes),
    "rbac-object-codes": codeTable(rbacObjectCodes),
    "usage-codes": codeTable(usageCodes),
  };
}

function codeTable(codes: Readonly<Record<string, string>>): string {
  return markdownTable(
    ["Code", "Meaning"],
    Object.entries(codes).map(([code, meaning]) => [`\`${code}\``, meaning]),
  );
}

/**
 * The text with new content between `<!-- generated: name -->` and the next `<!-- /generated -->`.
 * @throws Error naming the markers when they are not there
 */
export function replaceBetween(text: string, name: string, content: string, file: string): string {
  const start = `<!-- generated: ${name} -->`;
  const end = "<!-- /generated -->";
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) {
    throw new Error(`${file}: expected the markers ${start} and ${end}, got a text without them. Fix: add them where the table belongs.`);
  }
  return `${text.slice(0, from + start.length)}\n\n${content}\n\n${text.slice(to)}`;
}

/**
 * Writes what is out of step, or with `check` only names it.
 * @param root folder of the repository
 * @returns paths that were out of step, and what was wrong with the files that could not be generated
 */
export async function generate(root: string, check: boolean): Promise<{ stale: string[]; faults: string[] }> {
  const stale: string[] = [];
  const faults: string[] = [];
  for (const { path, content } of generatedFiles) {
    const file = join(root, path);
    const present = await readFile(file, "utf8").catch(() => undefined);
    if (present === undefined && path === "README.md") {
      continue;
    }
    try {
      const text = await content(present);
      const wanted = await formatted(path, text);
      if (wanted !== present) {
        stale.push(path);
        if (!check) {
          await mkdir(dirname(file), { recursive: true });
          await writeFile(file, wanted);
        }
      }
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { stale, faults };
}

const formattedTexts = new Map<string, Promise<string>>();

/** In the project's style; each text once, since one comes again wherever the same is generated into another folder. */
function formatted(path: string, text: string): Promise<string> {
  // A list of ignored files has no style.
  const made =
    formattedTexts.get(`${path}\n${text}`) ??
    (path.endsWith("ignore") ? Promise.resolve(text) : format(text, { ...style, filepath: path, plugins }));
  formattedTexts.set(`${path}\n${text}`, made);
  return made;
}

async function main(): Promise<void> {
  const check = process.argv.includes("--check");
  const { stale, faults } = await generate(join(__dirname, ".."), check);
  for (const path of stale) {
    process.stderr.write(check ? `${path} is out of step. Fix: run \`npx tsx scripts/generate.ts\`.\n` : `wrote ${path}\n`);
  }
  faults.forEach((fault) => process.stderr.write(`${fault}\n`));
  process.exitCode = check && (faults.length > 0 || stale.length > 0) ? 1 : 0;
}

if (require.main === module) {
  void main();
}
