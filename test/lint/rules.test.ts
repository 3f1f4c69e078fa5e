import fs from "node:fs";
import path from "node:path";
import { lint, type Sample } from "./lint";

const lines = (count: number): string => "export {};\n".repeat(count);

const cases: [what: string, rule: string, bad: Sample, good: Sample][] = [
  [
    "any",
    "@typescript-eslint/no-explicit-any",
    { file: "model/sample.ts", text: "export const a = (b: any): unknown => b;\n" },
    { file: "model/sample.ts", text: "export const a = (b: unknown): unknown => b;\n" },
  ],
  [
    "a compiler error switched off",
    "@typescript-eslint/ban-ts-comment",
    { file: "lab/sample.ts", text: "// @ts-ignore\nexport const a = 1;\n" },
    { file: "lab/sample.ts", text: "// @ts-expect-error the vendor's types lack it\nexport const a: string = 1;\n" },
  ],
  [
    "a file of more than 350 lines",
    "max-lines",
    { file: "scripts/sample.mjs", text: lines(351) },
    { file: "scripts/sample.mjs", text: lines(350) },
  ],
  [
    "a function of more than 60 lines",
    "max-lines-per-function",
    { file: "lab/sample.ts", text: `export function a(): void {\n${"  a();\n".repeat(59)}}\n` },
    { file: "lab/sample.ts", text: `export function a(): void {\n${"  a();\n".repeat(58)}}\n` },
  ],
  [
    "a skipped test",
    "no-restricted-syntax",
    { file: "test/sample.test.ts", text: 'test.skip("a", () => undefined);\n' },
    { file: "test/sample.test.ts", text: 'test.each([1])("a", () => undefined);\n' },
  ],
  [
    "the lab named in product code",
    "no-restricted-syntax",
    { file: "components/sample.ts", text: 'export const host = "the emulator";\n' },
    { file: "lab/sample.ts", text: 'export const host = "the emulator";\n' },
  ],
  [
    "the lab named in a comment of product code",
    "no-warning-comments",
    { file: "cli/sample.ts", text: "// works with the stand-in too\nexport {};\n" },
    { file: "lab/sample.ts", text: "// works with the stand-in too\nexport {};\n" },
  ],
  [
    "an engine in a pure part",
    "no-restricted-imports",
    { file: "verifier/sample.ts", text: 'import "@pulumi/pulumi";\n' },
    { file: "components/sample.ts", text: 'import "@pulumi/pulumi";\n' },
  ],
  [
    "words on stdout",
    "no-console",
    { file: "reports/sample.ts", text: 'console.log("a");\n' },
    { file: "lab/sample.ts", text: 'console.log("a");\n' },
  ],
  [
    "an output in a template literal, which would read 'Calling [toString] on an [Output<T>]'",
    "@pulumi/no-output-in-template-literal",
    {
      file: "test/lint/output-sample.ts",
      typed: true,
      text: 'import * as pulumi from "@pulumi/pulumi";\nconst a: pulumi.Output<string> = pulumi.output("b");\nexport const c = `${a}`;\n',
    },
    {
      file: "test/lint/output-sample.ts",
      typed: true,
      text: 'import * as pulumi from "@pulumi/pulumi";\nconst a: pulumi.Output<string> = pulumi.output("b");\nexport const c = pulumi.interpolate`${a}`;\n',
    },
  ],
];

// Written out here once more, on purpose: the rule and this table must both be changed to change the architecture.
const allowed: Record<string, readonly string[]> = {
  model: [],
  components: ["model"],
  verifier: ["model"],
  reports: ["model"],
  policies: ["model"],
  stacks: ["components", "model"],
  cli: ["model", "policies", "reports", "verifier"],
  lab: ["model", "policies", "verifier"],
};
const folders = [...Object.keys(allowed), "scripts", "test"];
const root = path.join(__dirname, "../..");

/** A module of a folder, to be imported: only what can be found is judged. */
function moduleOf(folder: string): string {
  const found = fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
    .sort();
  const [first] = found;
  if (first === undefined) {
    throw new Error(`${folder}/ has no module.`);
  }
  return `${folder}/${first.replace(/\.ts$/, "")}`;
}

const importing = (from: string, target: string): { file: string; text: string } => ({
  file: `${from}/sample.ts`,
  text: `import "${path.posix.relative(from, target)}";\n`,
});

const pairs = Object.entries(allowed).flatMap(([from, may]) =>
  folders.filter((to) => to !== from).map((to) => ({ from, to, permitted: may.includes(to) })),
);

const alone = [
  ["components/identity-providers/okta", "components/identity-providers/entra/index"],
  ["components/identity-providers/entra", "components/identity-providers/okta/index"],
  ["components/identity-providers/okta", "components/platforms/kasten/index"],
  ["components/platforms/kasten", "components/identity-providers/okta/index"],
] as const;

const forms = [
  ["import of a type", (target: string) => `import type { A } from "${target}";\nexport type B = A;\n`],
  ["re-export", (target: string) => `export * from "${target}";\n`],
  ["import()", (target: string) => `export const lab = import("${target}");\n`],
  ["require()", (target: string) => `export const lab = require("${target}") as unknown;\n`],
] as const;

const direction = "import-x/no-restricted-paths";
let found: Record<"cases" | "pairs" | "alone" | "forms" | "shared", [rule: string, message: string][][]>;
/** What is said of the directions of imports. */
const directions = (samples: Exclude<keyof typeof found, "cases">): string[][] =>
  found[samples].map((findings) => findings.filter(([rule]) => rule === direction).map(([, message]) => message));

// In one go: the linter takes more than a second to start.
beforeAll(async () => {
  const lab = path.posix.relative("model/platforms", moduleOf("lab"));
  const samples = {
    cases: cases.flatMap(([, , bad, good]) => [bad, good]),
    pairs: pairs.map(({ from, to }) => importing(from, moduleOf(to))),
    alone: alone.map(([from, target]) => importing(from, target)),
    forms: forms.map(([, text]) => ({ file: "model/platforms/sample.ts", text: text(lab) })),
    shared: [importing("components/identity-providers/okta", "components/identity-providers/contract")],
  };
  const all = await lint(Object.values(samples).flat());
  found = Object.fromEntries(Object.entries(samples).map(([name, { length }]) => [name, all.splice(0, length)])) as typeof found;
});

test.each(cases.map(([what, rule], position) => [what, rule, position] as const))(
  "%s is found (%s), its remedy is not",
  (_what, rule, position) => {
    const said = (sample: number) => found.cases[sample]?.map(([id]) => id).filter((id) => id === rule);
    expect(said(2 * position)).toEqual([rule]);
    expect(said(2 * position + 1)).toEqual([]);
  },
);

test.each(pairs.map((pair, position) => ({ ...pair, position })))(
  "$from/ imports $to/: permitted $permitted",
  ({ from, permitted, position }) => {
    const may = ["itself", ...(allowed[from] ?? []).map((name) => `${name}/`)].join(", ");
    expect(directions("pairs")[position]).toEqual(permitted ? [] : [expect.stringContaining(`${from}/ may import ${may} only.`)]);
  },
);

test.each(alone.map(([from, target], position) => [from, target, position] as const))(
  "%s must not import %s",
  (from, _target, position) => {
    expect(directions("alone")[position]).toEqual([expect.stringContaining(`${from}/ stands alone`)]);
  },
);

test.each(forms.map(([form], position) => [form, position] as const))("a forbidden %s is seen as well", (_form, position) => {
  expect(directions("forms")[position]).toEqual([expect.stringContaining("model/ may import itself only.")]);
});

test("the contract between identity providers and platforms is there to be imported", () => {
  expect(directions("shared")).toEqual([[]]);
});
