// Whoever starts a second time gets what it would have made anew, and nothing else.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Kept {
  readonly folder: string;
  digest(...parts: readonly string[]): string;
}
const { digest, folder: keptFolder } = createRequire(__filename)("../../pulumi/kept.cjs") as Kept;
/** Node.js keeps what it has compiled, in files of its own. */
const byItself = "enableCompileCache" in Module;

const preload = (name: string): string[] => ["--require", join(__dirname, "../../pulumi", name)];
let folder: string;
const kept: string[] = [];
const inFolder = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-compile-cache-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  kept.splice(0).forEach((name) => {
    rmSync(join(keptFolder, name), { force: true });
  });
});

function write(files: Readonly<Record<string, string>>): void {
  Object.entries(files).forEach(([name, text]) => {
    writeFileSync(inFolder(name), text);
  });
}

/** The file in which a program's compiled modules are kept, where Node.js does not do so itself. */
function keptOf(program: string): string {
  const name = `compiled-${digest(inFolder(program))}`;
  kept.push(name);
  return join(keptFolder, name);
}

/** Counts the modules whose compiled form was taken. */
const counter = `
const vm = require("node:vm");
const { Script } = vm;
let taken = 0;
vm.Script = class extends Script {
  constructor(text, options) {
    super(text, options);
    taken += this.cachedDataRejected === false ? 1 : 0;
  }
};
process.on("exit", () => console.log("taken " + taken));
`;

describe("compile-cache", () => {
  const start = (...flags: string[]): string => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, ...preload("compile-cache.cjs"), inFolder("main.cjs")], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    return stdout;
  };

  test("modules are compiled once, and anew when their source is another of the same length", () => {
    write({
      "counter.cjs": counter,
      "main.cjs": `#!/usr/bin/env node\nconst { value } = require("./part.cjs");\nconsole.log(value, require.main === module, __filename.endsWith("main.cjs"));`,
      "part.cjs": `exports.value = "one";`,
    });
    const file = keptOf("main.cjs");
    expect(start()).toBe("one true true\n");
    expect(existsSync(file)).toBe(!byItself);
    expect(start("--require", inFolder("counter.cjs"))).toBe(`one true true\ntaken ${byItself ? 0 : 2}\n`);
    write({ "part.cjs": `exports.value = "two";` });
    expect(start("--require", inFolder("counter.cjs"))).toBe(`two true true\ntaken ${byItself ? 0 : 1}\n`);
    expect(start("--require", inFolder("counter.cjs"))).toBe(`two true true\ntaken ${byItself ? 0 : 2}\n`);
  });

  test("ES modules are imported and required, and all is found by require, as it would be without", () => {
    const required = `require.resolve("./part.cjs") in require.cache`;
    write({
      "main.cjs": `
        console.log(${required}, require("./part.cjs"), ${required});
        import("./part.mjs").then(({ value }) => console.log(value));`,
      "part.cjs": `module.exports = "required";`,
      "part.mjs": `export const value = "imported";`,
    });
    keptOf("main.cjs");
    const expected = "false required true\nimported\n";
    expect([start(), start()]).toEqual([expected, expected]);
  });

  test("an ES module of a package may be required", () => {
    mkdirSync(inFolder("node_modules/some"), { recursive: true });
    write({
      "main.cjs": `console.log(require(${JSON.stringify("some")}).value, require("./untyped.js").value);`,
      "untyped.js": `export const value = "untyped";`,
      "node_modules/some/package.json": `{ "type": "module", "exports": "./index.js" }`,
      "node_modules/some/index.js": `export const value = "module";`,
    });
    keptOf("main.cjs");
    const said = [start(), start()];
    expect(said).toEqual(["module untyped\n", "module untyped\n"]);
  });

  test("a mistake is told as Node.js does", () => {
    write({ "main.cjs": `require("./part.cjs");`, "part.cjs": `const = 1;` });
    keptOf("main.cjs");
    const { status, stderr } = spawnSync(process.execPath, [...preload("compile-cache.cjs"), inFolder("main.cjs")], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toContain(`${inFolder("part.cjs")}:1\nconst = 1;`);
  });

  test("a program that is ended by a signal keeps what it has, and ends by that signal", async () => {
    write({ "main.cjs": `setInterval(() => undefined, 1_000); console.log("ready");` });
    const file = keptOf("main.cjs");
    for (const before of [false, true]) {
      const child = spawn(process.execPath, [...preload("compile-cache.cjs"), inFolder("main.cjs")], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      expect(existsSync(file)).toBe(before && !byItself);
      const ended = new Promise((resolve) => child.once("exit", (_, signal) => resolve(signal)));
      child.kill("SIGTERM");
      expect(await ended).toBe("SIGTERM");
    }
  });

  test("a file that is no such file is no hindrance", () => {
    write({ "main.cjs": `console.log("runs");` });
    const file = keptOf("main.cjs");
    start();
    writeFileSync(file, "no list\n");
    expect(start()).toBe("runs\n");
    expect(start()).toBe("runs\n");
  });
});

describe("kept-program", () => {
  const program = `
    const { buildSync } = require("esbuild");
    const options = { entryPoints: [process.argv.at(-1)], write: false, bundle: true, format: "cjs", logLevel: "silent" };
    eval(buildSync(options).outputFiles[0].text);`;
  const start = (environment: NodeJS.ProcessEnv = {}): { status: number | null; stdout: string } => {
    const script = join(__dirname, "../../pulumi", "kept-program.cjs");
    const { status, stdout } = spawnSync(process.execPath, ["--require", script, "-e", program, "--", inFolder("main.ts")], {
      ...{ cwd: join(__dirname, "../../.."), encoding: "utf8", env: { ...process.env, ...environment } },
    });
    return { status, stdout };
  };
  const without = { ESBUILD_BINARY_PATH: "/bin/false" };

  test("the same sources are not bundled again, and other sources are", () => {
    const options = { entryPoints: [inFolder("main.ts")], write: false, bundle: true, format: "cjs", logLevel: "silent" };
    kept.push(`program-${digest(JSON.stringify(options), join(__dirname, "../../.."))}`);
    write({ "main.ts": `import { word } from "./part";\nconsole.log(word);`, "part.ts": `export const word = "one";` });
    expect(start(without).status).not.toBe(0);
    expect(start()).toEqual({ status: 0, stdout: "one\n" });
    expect(start(without)).toEqual({ status: 0, stdout: "one\n" });
    write({ "part.ts": `export const word = "two";` });
    expect(start(without).status).not.toBe(0);
    expect(start()).toEqual({ status: 0, stdout: "two\n" });
    rmSync(inFolder("part.ts"));
    expect(start().status).not.toBe(0);
  });
});
