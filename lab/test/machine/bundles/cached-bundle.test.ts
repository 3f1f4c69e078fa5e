import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cachedBundle } from "../../../machine/bundles";

let folder: string;
const saved = process.env.XDG_CACHE_HOME;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-bundles-"));
  process.env.XDG_CACHE_HOME = join(folder, "cache");
});
afterEach(() => {
  if (saved === undefined) {
    delete process.env.XDG_CACHE_HOME;
  } else {
    process.env.XDG_CACHE_HOME = saved;
  }
  rmSync(folder, { recursive: true, force: true });
});

const source = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const printed = (bundle: string): string => spawnSync(process.execPath, [bundle], { encoding: "utf8" }).stdout.trim();

test("a program is bundled once, and again as soon as something that it imports has changed", async () => {
  const main = source("main.ts", 'import { word } from "./word";\nconsole.log(word);\n');
  source("word.ts", 'export const word: string = "first";\n');
  const lines: string[] = [];
  const bundled = (): Promise<string> => cachedBundle("speaker", main, { report: (line) => void lines.push(line) });

  const first = await bundled();
  expect(printed(first)).toBe("first");
  expect(await bundled()).toBe(first);
  expect(lines).toEqual([expect.stringMatching(/^speaker: bundled in \d+\.\d s$/)]);

  source("word.ts", 'export const word: string = "second";\n');
  expect(printed(await bundled())).toBe("second");
  source("main.ts", 'console.log("third");\n');
  rmSync(join(folder, "word.ts"));
  expect(printed(await bundled())).toBe("third");
  expect(lines).toHaveLength(3);
  // Of what was written beside, nothing stays.
  expect(readdirSync(join(folder, "cache", "gatehouse", "bundles")).filter((name) => !/\.(?:cjs|json)$/.test(name))).toEqual([]);
});

test("what was bundled before is found again when a change is taken back", async () => {
  const main = source("main.ts", "console.log(1);\n");
  const first = await cachedBundle("number", main);
  source("main.ts", "console.log(2);\n");
  expect(printed(await cachedBundle("number", main))).toBe("2");
  source("main.ts", "console.log(1);\n");
  expect(await cachedBundle("number", main)).toBe(first);
  expect(printed(first)).toBe("1");
});

test("two checkouts of different versions keep a bundle each", async () => {
  const checkouts = ["one", "two"].map((name) => {
    mkdirSync(join(folder, name));
    return source(`${name}/main.ts`, `console.log("${name}");\n`);
  });
  const [one = "", two = ""] = await Promise.all(checkouts.map((main) => cachedBundle("checkout", main)));
  expect([printed(one), printed(two)]).toEqual(["one", "two"]);
  expect(await cachedBundle("checkout", checkouts[0] ?? "")).toBe(one);
});

test("an alias takes another module's place", async () => {
  const main = source("main.ts", 'import { word } from "yaml";\nconsole.log(word);\n');
  const own = source("own.ts", 'export const word = "own";\n');
  expect(printed(await cachedBundle("aliased", main, { alias: { yaml: own } }))).toBe("own");
});

test("a program that does not compile leaves nothing behind and says where it is wrong", async () => {
  const main = source("main.ts", "const = 1;\n");
  await expect(cachedBundle("broken", main)).rejects.toThrow(/main\.ts:1:6: ERROR/);
  expect(readdirSync(join(folder, "cache", "gatehouse", "bundles"))).toEqual([]);
});
