import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { chartOf, chartsBefore } from "../../../story/session/surroundings";
import { locate, parseChartOverride } from "../../../story/session/stack-file";

const product = (name: string) => ({ name, namespace: "kubesphere-system", chart: `lab/story/charts/${name}` });
const one = [product("ks-core")];
const two = [product("ks-core-3"), product("ks-installer")];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-surroundings-"));
  mkdirSync(join(folder, "chart"));
  writeFileSync(join(folder, "chart", "Chart.yaml"), "name: ks-core\n");
  mkdirSync(join(folder, "deploy"));
  writeFileSync(join(folder, "deploy", "installer.yaml"), "kind: Namespace\n---\nkind: CustomResourceDefinition\n---\nkind: Deployment\n");
  writeFileSync(join(folder, "deploy", "configuration.yaml"), "# as the vendor has it {{ not a template }}\nkind: ClusterConfiguration\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (...parts: string[]): string => join(folder, ...parts);

test("a stack without such products leaves every --chart to its platforms", () => {
  const overrides = [{ platform: "k10", location: "./k10" }];
  expect(chartsBefore([], overrides)).toEqual({ installed: [], ofPlatforms: overrides });
});

test("a product is named, or is the only one; its chart is a path or an address", () => {
  expect(chartsBefore(one, []).installed[0]?.locations[0]).toMatch(/lab\/story\/charts\/ks-core$/);
  for (const override of [{ location: at("chart") }, { platform: "ks-core", location: at("chart") }]) {
    expect(chartsBefore(one, [override])).toEqual({ installed: [{ ...one[0], locations: [at("chart")] }], ofPlatforms: [] });
  }
  const address = "https://charts.example.com/ks-core-1.1.4.tgz";
  const [chosen] = chartsBefore(one, [{ platform: "ks-core", location: address }]).installed;
  expect(chosen === undefined ? "" : chartOf(chosen, folder)).toBe(address);
});

test.each([
  [one, { platform: "console", location: "x" }, "expected <product>=<path or URL>.*\\(ks-core\\), got 'console'"],
  [two, { location: "./deploy" }, "\\(ks-core-3, ks-installer\\), got './deploy'"],
  [one, { platform: "ks-core", location: "/nowhere/ks-core" }, "nothing is at /nowhere/ks-core"],
])("what fits no product, or is not there, is refused", (installed, override, words) => {
  expect(() => chartsBefore(installed, [override])).toThrow(new RegExp(words));
});

test("a home folder is found, which no shell puts in after ks-core=", () => {
  const { location } = parseChartOverride("ks-core=~/no/such/chart");
  expect(() => locate(location)).toThrow(`nothing is at ${homedir()}/no/such/chart`);
});

test("manifests, in a folder or named one by one, become a chart: definitions first, the namespace left to Helm", () => {
  const [folderOf, files] = [[at("deploy")], [at("deploy", "installer.yaml"), at("deploy", "configuration.yaml")]];
  for (const [run, given] of [folderOf, files].entries()) {
    const overrides = given.map((location) => ({ platform: "ks-installer", location }));
    const [, chosen] = chartsBefore(two, overrides).installed;
    if (chosen === undefined) {
      throw new Error("ks-installer is missing");
    }
    const chart = chartOf(chosen, at(`state-${run}`));
    expect(readdirSync(join(chart, "crds"))).toHaveLength(1);
    const texts = readdirSync(join(chart, "files")).map((file) => readFileSync(join(chart, "files", file), "utf8").replace("---\n", ""));
    expect(texts.sort()).toEqual(["# as the vendor has it {{ not a template }}\nkind: ClusterConfiguration\n", "kind: Deployment\n"]);
  }
});

test("a chart beside manifests, or two charts, are refused", () => {
  const chosen = { ...product("ks-core"), locations: [at("chart"), at("deploy")] };
  expect(() => chartOf(chosen, folder)).toThrow("expected one chart for ks-core, or manifests alone");
});
