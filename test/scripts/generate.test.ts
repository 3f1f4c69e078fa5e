import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { templateFiles } from "../../cli/init/project";
import { outputs } from "../../cli/output-schemas";
import { identityProviders, platforms } from "../../model";
import { compatibilityMatrix, generate, replaceBetween } from "../../scripts/generate";

// Pulumi's analyser reads the components with the TypeScript compiler.

const repository = join(__dirname, "../..");
const markers = (name: string) => `<!-- generated: ${name} -->\n<!-- /generated -->\n`;

/** A folder that has the files to generate into. */
async function folder(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "gatehouse-generate-"));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const codes = [
  "exit-codes",
  "rejection-codes",
  "platform-codes",
  "discovery-codes",
  "login-codes",
  "advice-codes",
  "rules-codes",
  "cause-codes",
  "warning-codes",
  "document-codes",
  "failure-kinds",
  "edit-codes",
  "engine-codes",
  "directory-codes",
  "platform-choice-codes",
  "rbac-object-codes",
  "usage-codes",
];
const errors = codes.map(markers).join("\n");
const components = markers("components");
const pages = {
  "docs/access-questions.md": markers("reach"),
  "docs/doctor.md": markers("doctor-checks"),
  "docs/presets.md": markers("presets"),
};
const pipelines = ["finding-kinds", "drift-kinds"].map(markers).join("\n");

test("the repository's generated files are in step", async () => {
  expect(await generate(repository, true)).toEqual({ stale: [], faults: [] });
});

test("check names what is out of step and writes nothing; a run writes it; a second run changes nothing", async () => {
  const root = await folder({
    "docs/components.md": components,
    "docs/errors.md": errors,
    "docs/pipelines.md": pipelines,
    ...pages,
    "README.md": `# Title\n\n${markers("compatibility")}`,
  });
  const all = [
    "schemas/environment.schema.json",
    "schemas/environment-part.schema.json",
    "schemas/environment-document.schema.json",
    "schemas/evidence.schema.json",
    "schemas/review.schema.json",
    ...Object.keys(outputs).map((name) => `schemas/outputs/${name}.schema.json`),
    "docs/errors.md",
    "docs/pipelines.md",
    "docs/access-questions.md",
    "docs/doctor.md",
    "schema.json",
    "plugin/plain-inputs.json",
    "components/package.json",
    "plugin/package.json",
    "docs/components.md",
    "docs/presets.md",
    ...Object.keys(templateFiles("^1.0.0")).map((name) => `templates/gatehouse/${name}`),
    "README.md",
  ];
  try {
    expect(await generate(root, true)).toEqual({ stale: all, faults: [] });
    expect(await readFile(join(root, "docs/errors.md"), "utf8")).toBe(errors);
    expect(await generate(root, false)).toEqual({ stale: all, faults: [] });
    expect(await generate(root, true)).toEqual({ stale: [], faults: [] });
    expect(await readFile(join(root, "docs/errors.md"), "utf8")).toContain("`groups_overage`");
    expect(await readFile(join(root, "README.md"), "utf8")).toMatch(/\| Kasten K10 +\| Okta +\| yes +\|/);
  } finally {
    await rm(root, { recursive: true });
  }
});

test("a README without the markers is named with them, and nobody's README is no fault", async () => {
  const root = await folder({ "docs/components.md": components, "docs/errors.md": errors, "docs/pipelines.md": pipelines, ...pages });
  try {
    expect((await generate(root, false)).faults).toEqual([]);
    await writeFile(join(root, "README.md"), "# Title\n");
    expect((await generate(root, true)).faults).toEqual([
      "README.md: expected the markers <!-- generated: compatibility --> and <!-- /generated -->, got a text without them. Fix: add them where the table belongs.",
    ]);
  } finally {
    await rm(root, { recursive: true });
  }
});

test("a new identity provider or platform gets its lines in the matrix by itself", () => {
  const idp = { ...identityProviders.okta.capabilities, title: "Newcomer", pairwiseSubject: true };
  const platform = { ...platforms.kasten.capabilities, title: "Users Only", authorises: "users-only" as const };
  const lines = compatibilityMatrix([identityProviders.okta.capabilities, idp], [platforms.kasten.capabilities, platform]).split("\n");
  const [end, one] = [lines.indexOf(""), lines.find((line) => line.startsWith("1. "))];
  expect(end).toBe(2 + 4);
  expect(one).toContain("above 100 groups");
  expect(lines.filter((line) => line.slice(3) === one?.slice(3))).toHaveLength(1);
  expect(lines.slice(2, end).map((line) => line.split(" | ").slice(0, 3))).toEqual([
    ["| Kasten K10", "Okta", "yes"],
    ["| Kasten K10", "Newcomer", "yes"],
    ["| Users Only", "Okta", "yes"],
    ["| Users Only", "Newcomer", "no"],
  ]);
});

test("only what stands between the markers is replaced", () => {
  const text = `before\n${markers("a")}between\n${markers("b")}after`;
  expect(replaceBetween(text, "b", "new", "x.md")).toBe(
    `before\n${markers("a")}between\n<!-- generated: b -->\n\nnew\n\n<!-- /generated -->\nafter`,
  );
});
