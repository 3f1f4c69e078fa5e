import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tools } from "../../../machine/toolchain";
import { officialDownloads } from "../../../machine/toolchain/downloads";
import { fits } from "../../../machine/toolchain/versions";

const read = (project: string, file: string) => readFileSync(join(__dirname, "../../../machine/toolchain", project, file), "utf8");

/** The vendors' programs; the language hosts are our own. */
const ofVendors = Object.values(tools).filter(({ project }) => project !== "language-hosts");

describe.each(ofVendors)("the Go module of $name", (tool) => {
  it("pins the version and package that the table names", () => {
    const gomod = read(tool.project, "go.mod");
    const required = [...gomod.matchAll(/^(?:require )?\t?(\S+) v(\S+)$/gm)].filter((match) => tool.goPackage.startsWith(match[1] ?? "?"));
    expect(required.map((match) => match[2])).toEqual([tool.version]);
    expect(gomod).toMatch(new RegExp(`^(tool |\t)${tool.goPackage}$`, "m"));
  });

  it("has checksums of that version", () => {
    expect(read(tool.project, "go.sum")).toMatch(new RegExp(` v${tool.version.replaceAll(".", "\\.")} h1:`));
  });

  it("is stamped with that version", () => {
    const stamped = Object.values(tool.stamps).filter((value) => value.startsWith("v"));
    expect(stamped).toEqual(tool.name === "etcd" ? [] : [`v${tool.version}`]);
  });
});

it("knows the language hosts of our own by a version that goes up with their code, and takes the engine's generators", () => {
  const code = createHash("sha256").update(read("language-hosts", "main.go")).update(read("language-hosts", "go.mod")).digest("hex");
  expect([tools["pulumi-language-go"].version, code.slice(0, 16)]).toEqual(["1.0.0", "6a989cf3ab763f21"]);
  expect(read("language-hosts", "go.mod")).toContain(`\tgithub.com/pulumi/pulumi/pkg/v3 v${tools.pulumi.version}\n`);
});

it("makes helm render for the Kubernetes version of its client library", () => {
  const minor = /^\tk8s\.io\/client-go v0\.(\d+)\.\d+/m.exec(read("helm", "go.mod"))?.[1];
  const stamped = Object.entries(tools.helm.stamps).filter(([symbol]) => symbol.endsWith("k8sVersionMinor"));
  expect(stamped.map(([, value]) => value)).toEqual([minor, minor]);
});

it("pins every Kubernetes module that the vendor replaces to the release that belongs to it", () => {
  const replaced = [...read("kubernetes", "go.mod").matchAll(/^\tk8s\.io\/(\S+) => k8s\.io\/(\S+) v(\S+)$/gm)];
  expect(replaced.length).toBeGreaterThan(25);
  expect(replaced.filter((match) => match[1] !== match[2] || match[3] !== "0.36.3")).toEqual([]);
});

it("downloads only versions that fit, over TLS, with a whole checksum", () => {
  const entries = Object.entries(officialDownloads).flatMap(([name, release]) =>
    Object.values(release.files).map((file) => ({ tool: tools[name as keyof typeof tools], version: release.version, file })),
  );
  expect(entries).toHaveLength(5);
  for (const { tool, version, file } of entries) {
    expect(fits(tool, version)).toBe(true);
    expect(file.url).toMatch(new RegExp(`^https://.*v${version.replaceAll(".", "\\.")}`));
    expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
  }
  expect(new Set(entries.map((entry) => entry.file.sha256)).size).toBe(5);
});
