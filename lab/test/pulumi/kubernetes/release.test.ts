// What a Release is compared with, and what becomes of a change that Helm refuses: Diff, Read, Create and Update of helm_release.go.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Helm } from "../../../pulumi/kubernetes/helm";
import { checkRelease, createRelease, deleteRelease, readRelease, releaseDifference } from "../../../pulumi/kubernetes/release";
import { PartialFailure } from "../../../pulumi/provider/provider";
import { unknownValue, type Properties } from "../../../pulumi/provider/values";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-release-test-"));
  vi.stubEnv("HELM_BIN", join(folder, "helm"));
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a program in Helm's place. */
function helmIs(script: string): Helm {
  const path = join(folder, "helm");
  writeFileSync(path, `#!/bin/sh\ncd "${folder}"\n${script}\n`);
  chmodSync(path, 0o755);
  return new Helm([]);
}

const found = (revision: string): string => `
case "$1 $2" in
  "get metadata") echo '{"name":"k10","namespace":"io","revision":${revision},"status":"failed","chart":"k10","version":"8.0.15"}' ;;
  "get values") echo '{"auth":{"basicAuth":{"enabled":true}},"extra":1}' ;;
  "get manifest") printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: b}\\n' ;;
  *) echo "Error: INSTALLATION FAILED: cannot re-use a name that is still in use" >&2; exit 1 ;;
esac`;
const missing = 'echo "Error: release: not found" >&2; exit 1';
const wanted: Properties = {
  name: "k10",
  namespace: "io",
  chart: "k10",
  skipAwait: true,
  values: { auth: { basicAuth: { enabled: false } } },
};
const resource = { urn: "urn", type: "kubernetes:helm.sh/v3:Release", name: "k10" };
const check = (helm: Helm, news: Properties) => checkRelease(helm, resource, {}, news, "default", () => "12345678");

test("the chart's own version takes the place of a range, and of none; nothing is rendered", async () => {
  const helm = helmIs('[ "$1 $2" = "show chart" ] || exit 1; echo "name: k10"; echo "version: 8.0.15"');
  expect((await check(helm, { ...wanted, version: ">=8" })).inputs.version).toBe("8.0.15");
  expect((await check(helm, { ...wanted, checksum: "1", resourceNames: {} })).inputs).toMatchObject({ ...wanted, version: "8.0.15" });
});

test("an unknown value keeps the chart from being looked up", async () => {
  const { inputs, failures } = await check(helmIs("exit 1"), { ...wanted, values: unknownValue });
  expect([inputs.version, failures]).toEqual([undefined, []]);
});

test("a chart that is not there is a failure of the check", async () => {
  const { failures } = await check(helmIs('echo "Error: path not found" >&2; exit 1'), wanted);
  expect(failures).toEqual([{ property: "chart", reason: "path not found; check the chart name and repository configuration." }]);
});

test("values that others changed are a difference, those that they added are not, those that are asked for no more are", () => {
  const state = { ...wanted, version: "8.0.15", values: { auth: { basicAuth: { enabled: true } }, extra: 1 }, status: {} };
  expect(releaseDifference(wanted, state, wanted).detailed).toEqual({ "values.auth.basicAuth.enabled": "update" });
  const asked = { ...wanted, values: { ...(wanted.values as Properties), extra: 1 } };
  expect(releaseDifference(asked, state, wanted).detailed).toEqual({
    "values.auth.basicAuth.enabled": "update",
    "values.extra": "delete",
  });
});

test("a checksum of an earlier plugin is no difference, another version is, unless it is to be ignored", () => {
  const state = { ...wanted, version: "8.0.15", checksum: "1" };
  expect(releaseDifference({ ...wanted, checksum: "1", resourceNames: { a: ["b"] } }, state, wanted).detailed).toEqual({});
  const newer = { ...wanted, version: "8.0.16" };
  expect(releaseDifference(wanted, state, newer).detailed).toEqual({ version: "update" });
  expect(releaseDifference(wanted, state, newer, ["version"]).detailed).toEqual({});
});

test("a refresh puts what it found into the state and leaves the inputs as they are", async () => {
  const read = await readRelease(helmIs(found("2")), "io/k10", wanted);
  expect(read?.inputs).toEqual(wanted);
  expect(read?.state).toMatchObject({
    values: { auth: { basicAuth: { enabled: true } }, extra: 1 },
    resourceNames: { "ConfigMap/v1": ["b"] },
    status: { revision: 2, status: "failed" },
  });
});

test("a name that is in use is refused and not taken over; a revision that failed is kept", async () => {
  const taken = createRelease(helmIs(found("1")), wanted, false);
  await expect(taken).rejects.toThrow("cannot re-use a name that is still in use");
  await expect(taken).rejects.not.toBeInstanceOf(PartialFailure);
  const failed = createRelease(helmIs(`if [ ! -e made ] && [ "$1" = get ]; then ${missing}; fi; touch made; ${found("1")}`), wanted, false);
  await expect(failed).rejects.toBeInstanceOf(PartialFailure);
});

test("a release that is gone cannot be deleted: a refresh takes it out of the state first", async () => {
  await expect(deleteRelease(helmIs(missing), "io/k10", wanted)).rejects.toThrow("release: not found");
});
