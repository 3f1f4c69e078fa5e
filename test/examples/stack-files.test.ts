import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gatehouse } from "../cli/harness";

const root = join(__dirname, "../..");
const folders = readdirSync(join(root, "examples")).filter((name) => !["languages", "pipelines", "verifier"].includes(name));

const stackFile = (folder: string): string => join(root, "examples", folder, "Pulumi.production.yaml");

test.each(folders)("examples/%s: the stack file is accepted as it stands, and says who copies it what to do", async (folder) => {
  const file = stackFile(folder);
  expect(await gatehouse(["validate", file])).toMatchObject({ status: 0, stderr: expect.stringContaining(`${file}: accepted`) as string });
  const text = readFileSync(file, "utf8");
  const [, schema = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
  expect(existsSync(join(dirname(file), schema))).toBe(true);
  // In stacks/ the same line leads out of the project: whoever says to copy the file says so.
  expect(existsSync(join(root, "stacks", schema))).toBe(false);
  const readme = readFileSync(join(dirname(file), "README.md"), "utf8");
  const steps = readme.includes("1. ") ? readme : readFileSync(join(root, "docs/walkthroughs/4-openunison-okta.md"), "utf8");
  expect(steps).toContain("(in its first line, write `../schemas/` for your editor)");
});

test("each command of the README installs what it needs by itself", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };
  const commands = [
    ...readFileSync(join(root, "README.md"), "utf8").matchAll(/npm (?:run (?:-s )?)?(demo|test|gatehouse|build|check|e2e|bench)\b/g),
  ];
  const without = [...new Set(commands.map(([, name = ""]) => name))].filter(
    (name) => scripts[`pre${name}`] !== "node scripts/install.mjs",
  );
  expect([commands.length > 5, without]).toEqual([true, []]);
});
