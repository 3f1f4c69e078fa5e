import fs from "node:fs";
import path from "node:path";
import { lint } from "./lint";

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

const rule = "import-x/no-restricted-paths";
let findings: Record<"pairs" | "alone" | "forms" | "shared", string[][]>;

beforeAll(async () => {
  const lab = path.posix.relative("model/platforms", moduleOf("lab"));
  const groups = {
    pairs: pairs.map(({ from, to }) => importing(from, moduleOf(to))),
    alone: alone.map(([from, target]) => importing(from, target)),
    forms: forms.map(([, text]) => ({ file: "model/platforms/sample.ts", text: text(lab) })),
    shared: [importing("components/identity-providers/okta", "components/identity-providers/contract")],
  };
  const all = await lint(Object.values(groups).flat());
  const messages = all.map((found) => found.filter(([id]) => id === rule).map(([, message]) => message));
  findings = Object.fromEntries(
    Object.entries(groups).map(([name, samples]) => [name, messages.splice(0, samples.length)]),
  ) as typeof findings;
});

test.each(pairs.map((pair, position) => ({ ...pair, position })))(
  "$from/ imports $to/: permitted $permitted",
  ({ from, permitted, position }) => {
    const may = ["itself", ...(allowed[from] ?? []).map((name) => `${name}/`)].join(", ");
    expect(findings.pairs[position]).toEqual(permitted ? [] : [expect.stringContaining(`${from}/ may import ${may} only.`)]);
  },
);

test.each(alone.map(([from, target], position) => [from, target, position] as const))(
  "%s must not import %s",
  (from, _target, position) => {
    expect(findings.alone[position]).toEqual([expect.stringContaining(`${from}/ stands alone`)]);
  },
);

test.each(forms.map(([form], position) => [form, position] as const))("a forbidden %s is seen as well", (_form, position) => {
  expect(findings.forms[position]).toEqual([expect.stringContaining("model/ may import itself only.")]);
});

test("the contract between identity providers and platforms is there to be imported", () => {
  expect(findings.shared).toEqual([[]]);
});
