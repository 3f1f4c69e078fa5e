/** `--chart <folder, archive or URL>`: what the lab's copy of a stack file says afterwards. With a real Helm. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { copyStackFile } from "../../../lab/story/session/stack-file";
import { ensureTool, type EnsuredTool } from "../../../lab/machine/toolchain";

const project = join(__dirname, "../../..");
const chart = join(project, "lab/story/charts/k10");
let folder: string;
let helm: EnsuredTool;
let archive: string;
let server: Server;
let asked: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-overrides-"));
  helm = await ensureTool("helm", () => undefined);
  execFileSync(helm.path, ["package", chart, "--version", "9.0.701", "--destination", folder]);
  archive = join(folder, "k10-9.0.701.tgz");
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url === `/charts/${basename(archive)}`) {
      response.end(readFileSync(archive));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}, 600_000);

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const address = (file: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/charts/${file}`;

async function copied(location: string): Promise<{ version: string; path: string; wait: boolean }> {
  const target = join(mkdtempSync(join(folder, "state-")), "Pulumi.lab-k10-okta.yaml");
  await copyStackFile({ source: join(project, "stacks/Pulumi.lab-k10-okta.yaml"), target, charts: [{ location }], helm });
  const file = parse(readFileSync(target, "utf8")) as {
    config: Record<string, { k10: { chart: { version: string; path: string; wait: boolean } } }>;
  };
  const written = file.config["gatehouse:platforms"]?.k10.chart;
  if (written === undefined) {
    throw new Error("the copy has no chart");
  }
  return written;
}

test("a folder and an archive stay where they are, with their own version", async () => {
  expect(await copied(chart)).toEqual({ version: "8.0.15", path: chart, wait: false });
  expect(await copied(archive)).toEqual({ version: "9.0.701", path: archive, wait: false });
});

test("an address is fetched once, before the lab's certificates stand in place of the machine's", async () => {
  const { version, path, wait } = await copied(address("k10-9.0.701.tgz"));
  expect({ version, wait }).toEqual({ version: "9.0.701", wait: false });
  expect(readFileSync(path)).toEqual(readFileSync(archive));
  expect(path.startsWith(folder)).toBe(true);
  expect(asked).toEqual(["/charts/k10-9.0.701.tgz"]);
});

test("a chart whose install would wait for a pod of its own for ever is refused before anything runs", async () => {
  const copy = (name: string, hook: string): Promise<void> => {
    const path = join(folder, name);
    mkdirSync(join(path, "templates"), { recursive: true });
    writeFileSync(join(path, "Chart.yaml"), "apiVersion: v2\nname: orchestra\nversion: 3.1.19\n");
    writeFileSync(join(path, "values.yaml"), "openunison: { enable_pre_check: true }\n");
    writeFileSync(join(path, "templates", "precheck.yaml"), hook);
    const target = join(mkdtempSync(join(folder, "state-")), "Pulumi.lab-openunison-okta.yaml");
    const source = join(project, "stacks/Pulumi.lab-openunison-okta.yaml");
    return copyStackFile({ source, target, charts: [{ platform: "orchestra", location: path }], helm });
  };
  // orchestra 3.1.19 always has it; 3.1.31 leaves it out when asked.
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: check\n  annotations: { "helm.sh/hook": "pre-install,pre-upgrade" }\n';
  await expect(copy("orchestra-3.1.19", pod)).rejects.toThrow(
    "expected a chart whose install waits for no pod of its own, since none runs in the lab, but " +
      `${join(folder, "orchestra-3.1.19")} has the hook Pod check.`,
  );
  await expect(copy("orchestra-3.1.31", `{{- if .Values.openunison.enable_pre_check }}\n${pod}{{- end }}\n`)).resolves.toBeUndefined();
});

test("what is no chart is refused in Helm's words", async () => {
  await expect(copied(address("k10-0.0.1.tgz"))).rejects.toThrow(
    /--chart: expected a Helm chart at http.*, but helm could not fetch it: .*404/s,
  );
  const text = join(folder, "text.tgz");
  writeFileSync(text, "no archive");
  await expect(copied(text)).rejects.toThrow(/--chart: expected a Helm chart at .*text\.tgz, but helm cannot read it: /);
});
