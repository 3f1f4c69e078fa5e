import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Helm } from "../../../pulumi/kubernetes/helm";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-helm-test-"));
  const program = join(folder, "helm");
  writeFileSync(program, `#!/bin/sh\ncat > "${join(folder, "stdin")}"\n`);
  chmodSync(program, 0o755);
  vi.stubEnv("HELM_BIN", program);
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test("a null among the values reaches Helm: it removes the chart's default, which the vendor's chart asks for in places", async () => {
  const values = { features: { backgroundMaintenanceRun: null }, list: [1, null] };
  await new Helm([]).install({ name: "k10", chart: "k10", values });
  expect(JSON.parse(readFileSync(join(folder, "stdin"), "utf8"))).toEqual(values);
});
