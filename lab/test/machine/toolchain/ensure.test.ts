import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureTool, ensureToolchain } from "../../../machine/toolchain";
import type { EnsureOptions, ToolName, ToolProgress } from "../../../machine/toolchain";
import { startTimeOf } from "../../../machine/processes";
import { fakeGo, fakeTool } from "./fake-tools";

let root: string;
let progress: ToolProgress[];
const report = (entry: ToolProgress) => void progress.push(entry);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gatehouse-toolchain-"));
  progress = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (...parts: string[]) => join(root, ...parts);

/** PATH holds `root/bin` and what a shell script needs, nothing of the real machine's tools. */
function options(overrides: Partial<EnsureOptions> = {}): EnsureOptions {
  return {
    env: { PATH: `${at("bin")}:/usr/bin:/bin` },
    cacheDir: at("cache"),
    modulesDir: at("modules"),
    platform: "linux-amd64",
    downloads: {},
    ...overrides,
  };
}

function modules(...projects: string[]): void {
  for (const project of projects) {
    mkdirSync(at("modules", project), { recursive: true });
    writeFileSync(at("modules", project, "go.sum"), "");
  }
}

const cached = (project: string, version: string, name: string) =>
  fakeTool(at("cache", project, version, "linux-amd64"), name, "never asked for its version");

describe("where a tool comes from", () => {
  it("takes PATH before the cache when its version fits", async () => {
    const path = fakeTool(at("bin"), "helm", "v3.17.1");
    cached("helm", "3.22.0", "helm");
    await expect(ensureTool("helm", report, options())).resolves.toMatchObject({ name: "helm", path, version: "3.17.1", source: "PATH" });
  });

  it("takes the cache when PATH's version does not fit, and says so", async () => {
    const old = fakeTool(at("bin"), "helm", "v3.13.3");
    const path = cached("helm", "3.22.0", "helm");
    await expect(ensureTool("helm", report, options())).resolves.toMatchObject({ path, version: "3.22.0", source: "cache" });
    expect(progress.map((entry) => entry.detail)).toContain(`${old} is 3.13.3, expected >=3.14.0 <4: passed over`);
  });

  it.each([
    ["fails", () => fakeTool(at("bin"), "helm", "v3.17.1", 1)],
    ["prints no version", () => fakeTool(at("bin"), "helm", "usage: helm")],
  ])("passes over a binary on PATH that %s", async (_what, put) => {
    put();
    cached("helm", "3.22.0", "helm");
    await expect(ensureTool("helm", report, options())).resolves.toMatchObject({ source: "cache" });
  });

  it("does not run a cached binary to learn its version", async () => {
    const path = cached("etcd", "3.6.7", "etcd");
    await ensureTool("etcd", report, options());
    expect(existsSync(`${path}.calls`)).toBe(false);
  });

  it("ignores another platform's cache", async () => {
    modules("etcd");
    fakeGo(at("bin"));
    cached("etcd", "3.6.7", "etcd");
    await expect(ensureTool("etcd", report, options({ platform: "linux-arm64" }))).resolves.toMatchObject({ source: "build" });
  });
});

describe("the two Kubernetes binaries are one version", () => {
  const both: ToolName[] = ["kube-apiserver", "kube-controller-manager"];

  it("takes both from PATH when they agree in the minor version", async () => {
    fakeTool(at("bin"), "kube-apiserver", "Kubernetes v1.35.2");
    fakeTool(at("bin"), "kube-controller-manager", "Kubernetes v1.35.1");
    const tools = await ensureToolchain(both, report, options());
    expect(both.map((name) => [tools[name].source, tools[name].version])).toEqual([
      ["PATH", "1.35.2"],
      ["PATH", "1.35.1"],
    ]);
  });

  it.each([
    ["differ", () => fakeTool(at("bin"), "kube-controller-manager", "Kubernetes v1.36.0")],
    ["are not both there", () => undefined],
  ])("takes neither from PATH when they %s", async (_what, put) => {
    fakeTool(at("bin"), "kube-apiserver", "Kubernetes v1.35.2");
    put();
    both.forEach((name) => cached("kubernetes", "1.36.3", name));
    const tools = await ensureToolchain(both, report, options());
    expect(both.map((name) => tools[name].source)).toEqual(["cache", "cache"]);
  });
});

describe("building", () => {
  it("builds into the cache from the pinned module, without the user's Go settings, and finds it there the next time", async () => {
    modules("kubernetes");
    const go = fakeGo(at("bin"));
    const given = options({ env: { PATH: `${at("bin")}:/usr/bin:/bin`, GOFLAGS: "-mod=mod" } });
    const first = await ensureToolchain(["kube-controller-manager", "kube-apiserver"], report, given);
    const folder = at("cache", "kubernetes", "1.36.3", "linux-amd64");
    expect(first["kube-controller-manager"]).toMatchObject({
      source: "build",
      path: join(folder, "kube-controller-manager"),
      version: "1.36.3",
    });
    expect(first["kube-apiserver"]).toMatchObject({ source: "cache", path: join(folder, "kube-apiserver") });
    expect(readFileSync(join(folder, "kube-apiserver"), "utf8")).toContain("-X k8s.io/component-base/version.gitVersion=v1.36.3");
    expect(readFileSync(`${go}.calls`, "utf8").trim().split("\n")).toEqual(
      ["kube-apiserver", "kube-controller-manager"].map(
        (name) => `${at("modules", "kubernetes")} k8s.io/kubernetes/cmd/${name} CGO_ENABLED=0 GOFLAGS=[]`,
      ),
    );
    await expect(ensureTool("kube-apiserver", report, given)).resolves.toMatchObject({ source: "cache" });
  });

  it("reports each phase with the time since the beginning", async () => {
    modules("etcd");
    fakeGo(at("bin"));
    await ensureTool("etcd", report, options());
    expect(progress.map((entry) => `${entry.tool} ${entry.phase}`)).toEqual(["etcd looking", "etcd building", "etcd ready"]);
    const times = progress.map((entry) => entry.elapsed);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it("says what to install when there is no Go", async () => {
    modules("etcd");
    const noGo = options({ env: { PATH: at("bin") } });
    await expect(ensureTool("etcd", report, noGo)).rejects.toThrow(
      "etcd: expected etcd ^3.5.0 or Go on PATH, found neither. Install Go 1.26 or later",
    );
  });

  it("keeps nothing of a failed build and says what the compiler said", async () => {
    modules("etcd");
    fakeGo(at("bin"), { fail: "main.go:1: no such thing" });
    await expect(ensureTool("etcd", report, options())).rejects.toThrow(/etcd: 'go build' .* status 1:\nmain\.go:1: no such thing/);
    expect(readdirSync(at("cache"), { recursive: true }).filter((name) => !/^etcd(.3\.6\.7)?$/.test(String(name)))).toEqual([]);
  });

  it("waits for the lock of a running process and takes over one of a process that has gone", async () => {
    modules("etcd");
    fakeGo(at("bin"));
    mkdirSync(at("cache"));
    const lock = at("cache", "etcd.lock");
    writeFileSync(lock, `${process.pid} ${startTimeOf(process.pid)}`);
    const waiting = ensureTool(
      "etcd",
      (entry) => {
        report(entry);
        if (entry.phase === "waiting for another run") {
          // The owner "ends": its start time no longer matches that of the process with its id.
          writeFileSync(lock, `${process.pid} another-time`);
        }
      },
      options(),
    );
    await expect(waiting).resolves.toMatchObject({ source: "build" });
    expect(progress.map((entry) => entry.phase)).toContain("waiting for another run");
    expect(existsSync(lock)).toBe(false);
  });
});

describe("downloading", () => {
  let server: Server;
  let url: string;
  const body = "#!/bin/sh\necho etcd\n";
  const sha256 = createHash("sha256").update(body).digest("hex");

  beforeEach(async () => {
    server = createServer((request, response) => {
      response.statusCode = request.url === "/etcd" ? 200 : 404;
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    modules("etcd");
    fakeGo(at("bin"));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const releases = (path: string, checksum: string): Partial<EnsureOptions> => ({
    downloads: { etcd: { version: "3.6.6", files: { "linux-amd64": { url: `${url}${path}`, sha256: checksum } } } },
  });

  it("takes the release file whose checksum is right, and the next time the cache", async () => {
    const given = options(releases("/etcd", sha256));
    const tool = await ensureTool("etcd", report, given);
    expect(tool).toMatchObject({ source: "download", version: "3.6.6", path: at("cache", "etcd", "3.6.6", "linux-amd64", "etcd") });
    expect(readFileSync(tool.path, "utf8")).toBe(body);
    await expect(ensureTool("etcd", report, given)).resolves.toMatchObject({ source: "cache", version: "3.6.6" });
  });

  it.each([
    ["a file with another checksum", "/etcd", "0".repeat(64), `expected SHA-256 ${"0".repeat(64)}, got ${sha256}`],
    ["a missing file", "/other", sha256, "answered 404"],
  ])("builds instead of using %s, and says why", async (_what, path, checksum, reason) => {
    await expect(ensureTool("etcd", report, options(releases(path, checksum)))).resolves.toMatchObject({
      source: "build",
      version: "3.6.7",
    });
    expect(progress.map((entry) => entry.detail).join("\n")).toContain(reason);
    expect(existsSync(at("cache", "etcd", "3.6.6", "linux-amd64"))).toBe(false);
  });

  it("builds when the site cannot be reached", async () => {
    const given = options({
      downloads: { etcd: { version: "3.6.6", files: { "linux-amd64": { url: "http://127.0.0.1:1/etcd", sha256 } } } },
    });
    await expect(ensureTool("etcd", report, given)).resolves.toMatchObject({ source: "build" });
  });
});
