import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import manifest from "../../package.json";

const project = resolve(__dirname, "../..");
const call = 'require("./stacks/index.cjs")().catch((error) => console.log(error.stack))';

/** The program outside of an engine: it refuses the configuration, which is empty. */
function refused(folder: string, ...flags: string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, "-e", call], { cwd: folder, encoding: "utf8" });
  return `${stdout}${stderr}`;
}

test("the program is what package.json names, and runs without a loader for TypeScript", () => {
  expect(manifest).toMatchObject({ main: "stacks/index.cjs", exports: { ".": { default: "./stacks/index.cjs" } } });
  const words = refused(project);
  expect(words).toMatch(/^Error: The environment is refused; nothing was created\. 1 problem:\n/);
  expect(words).toMatch(/ at program \(.*\/stacks\/program\.js:\d+:\d+\)/);
});

test("the stack of an error names the sources where Node.js is asked for them", () => {
  expect(refused(project, "--enable-source-maps")).toMatch(
    new RegExp(
      ` at refusal \\(${project}/components/environment/make\\.ts:\\d+:\\d+\\)\n(.*\n)* +at program \\(${project}/stacks/program\\.ts:`,
    ),
  );
});

test("what is edited runs at once, and an error in a source is told by file, line and column", () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-start-"));
  try {
    ["components", "model", "stacks", "tsconfig.json", "tsconfig.program.json"].forEach((name) =>
      cpSync(join(project, name), join(folder, name), { recursive: true }),
    );
    symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
    expect(refused(folder)).toContain("The environment is refused");
    writeFileSync(
      join(folder, "stacks/program.ts"),
      'export const program = async (): Promise<never> => Promise.reject(new Error("edited"));\n',
    );
    expect(refused(folder)).toMatch(/^Error: edited\n/);
    writeFileSync(join(folder, "stacks/program.ts"), "export const program = ;\n");
    expect(refused(folder)).toContain('stacks/program.ts:1:23: ERROR: Unexpected ";"');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
