import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { which } from "../../../machine/toolchain/versions";
import { ensureKeycloak } from "../../../machine/toolchain";
import { javaVersion } from "../../../machine/toolchain/java";
import { fakeTool } from "./fake-tools";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gatehouse-keycloak-"));
  mkdirSync(join(root, "bin"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** PATH holds `root/bin` alone, and the shell that its scripts need. */
const ensure = (env: NodeJS.ProcessEnv = {}) =>
  ensureKeycloak(() => undefined, { env: { PATH: join(root, "bin"), ...env }, cacheDir: join(root, "cache") });

function link(name: string): void {
  symlinkSync(which(name, process.env["PATH"]) ?? "", join(root, "bin", name));
}

function fakeJava(printed: string): void {
  writeFileSync(join(root, "bin", "java"), `#!/bin/sh\necho '${printed}' >&2\n`);
  chmodSync(join(root, "bin", "java"), 0o755);
}

it.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['java version "1.8.0_392"', 8],
  ['openjdk version "22-ea" 2024-03-19', 22],
  ["command not found", undefined],
])("of what java prints, %s is version %s", (printed, version) => {
  expect(javaVersion(printed)).toBe(version);
});

it("without Java it says which one, and how to get it", async () => {
  await expect(ensure()).rejects.toThrow(/expected Java 17 or later, got none \(no java on PATH\)\. Install one .*openjdk-17/);
});

it("a JAVA_HOME that holds none is named: another Java is not taken in its place", async () => {
  fakeJava('openjdk version "17.0.15"');
  await expect(ensure({ JAVA_HOME: "/nowhere" })).rejects.toThrow("got none (/nowhere/bin/java)");
});

it("a Java that is too old is named with its version", async () => {
  fakeJava('java version "1.8.0_392"');
  await expect(ensure()).rejects.toThrow(/expected Java 17 or later, got .*\/bin\/java of version 8/);
});

it("without Maven it says where the archive may be put by hand", async () => {
  fakeJava('openjdk version "17.0.15"');
  await expect(ensure()).rejects.toThrow(/expected Maven \(mvn\) on PATH to fetch .*26\.4\.7:zip, or that archive as .*cache\/keycloak\//);
});

it("what Maven says is passed on", async () => {
  fakeJava('openjdk version "17.0.15"');
  fakeTool(join(root, "bin"), "mvn", "Could not resolve the artifact", 1);
  await expect(ensure()).rejects.toThrow(/ended with status 1[^]*Could not resolve the artifact/);
});

it("an archive with another checksum is not used, and leaves nothing in the cache", async () => {
  fakeJava('openjdk version "17.0.15"');
  link("unzip");
  const cache = join(root, "cache", "keycloak", "26.4.7");
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, "keycloak-quarkus-dist-26.4.7.zip"), "something else");
  await expect(ensure()).rejects.toThrow(/with SHA-256 dd9834c0.*, got [0-9a-f]{64}/);
  expect(readdirSync(cache)).toEqual(["keycloak-quarkus-dist-26.4.7.zip"]);
  expect(existsSync(`${cache}.lock`)).toBe(false);
});
