import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { program } from "../../stacks/program";
import { settled, simulate } from "../components/harness";
import { fixture, organisation } from "../components/environment/world";

interface Sample {
  idp: Record<string, unknown>;
  groups: Record<string, unknown>;
  platforms: { k10: { host: string; access: { until?: string }[] } };
}

const sample = (): Sample => fixture("okta-kasten") as Sample;

function configure(settings: Record<string, unknown>): void {
  const texts = Object.entries(settings).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts) as Record<string, string>);
}

function configured({ idp, groups, platforms }: Sample): Record<string, unknown> {
  return { "gatehouse:idp": idp, "gatehouse:groups": groups, "gatehouse:platforms": platforms };
}

/** What the program refuses with, and how many resources it had registered by then. */
async function refusal(settings: Record<string, unknown>): Promise<{ error: Error; registered: number }> {
  configure(settings);
  const simulation = await simulate(() =>
    program().then(
      () => new Error("The program accepted the environment."),
      (error: unknown) => error as Error,
    ),
  );
  return { error: simulation.result, registered: simulation.resources.length };
}

function broken(change: (environment: Sample) => void): Record<string, unknown> {
  const environment = sample();
  change(environment);
  return configured(environment);
}

test.each<[string, Record<string, unknown>, string]>([
  [
    "an unknown key",
    { ...configured(sample()), "gatehouse:platfroms": {}, "okta:orgName": "acme" },
    "  - gatehouse:platfroms: expected one of gatehouse:idp, gatehouse:groups, gatehouse:platforms, gatehouse:protectBindings, gatehouse:from, got an unknown key.",
  ],
  ["a missing part", { "gatehouse:idp": sample().idp, "gatehouse:groups": {} }, "  - platforms: expected a mapping, got nothing."],
  [
    "a text in place of a mapping",
    { ...configured(sample()), "gatehouse:groups": "admins" },
    '  - groups: expected a mapping, got "admins".',
  ],
  [
    "a wrong host",
    broken((environment) => (environment.platforms.k10.host = "http://k10.example.com")),
    "  - platforms.k10.host: expected an https:// host (http is accepted only on 127.0.0.1 or localhost, for a port-forward), " +
      'got "http://k10.example.com". Fix: write https://k10.example.com.',
  ],
])("%s is refused before any resource is registered", async (_what, settings, line) => {
  const { error, registered } = await refusal(settings);
  // Pulumi prints the message of a RunError alone, without a stack of this program.
  expect(error).toBeInstanceOf(pulumi.RunError);
  expect(error.message.split("\n")).toEqual(["The environment is refused; nothing was created. 1 problem:", line]);
  expect(registered).toBe(0);
});

test("every problem of a stack is said at once", async () => {
  const { error } = await refusal({ "gatehouse:idp": { kind: "okta", orgUrl: "https://acme-admin.okta.com" }, "gatehouse:platforms": {} });
  expect(error.message).toContain("3 problems:");
});

test("a good stack exports the document, and says which grant has ended", async () => {
  const warned = vi.spyOn(pulumi.log, "warn").mockImplementation(() => Promise.resolve());
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  configure(
    broken((environment) => {
      environment.idp.insecureAssignEveryone = true;
      const last = environment.platforms.k10.access.at(-1);
      if (last !== undefined) {
        last.until = yesterday;
      }
    }),
  );
  const simulation = await simulate(program, { call: organisation });
  const { value } = await settled(simulation.result.environment);
  expect(value.stack).toBe("lab");
  expect(value.access.map(({ group, role }) => `${group} ${role}`)).toEqual([
    "backup-admins admin",
    "backup-admins basic",
    "backup-operators basic",
  ]);
  expect(warned.mock.calls.map(([message]) => message)).toEqual([
    `platforms.k10.access[3]: the grant 'view' of 'auditors' ended with ${yesterday}; the next up takes it away. Remove it from the stack file.`,
    "insecureAssignEveryone: every member of the organisation may sign in to each platform, with no rights unless a group grants them.",
    expect.stringMatching(/^k10: admin reaches everything in the cluster: in kasten-io they may /),
  ]);
});

test("an encrypted value in the description is refused: it would reach the state in plain text", async () => {
  vi.stubEnv("PULUMI_CONFIG_SECRET_KEYS", '["gatehouse:platforms"]');
  const { error, registered } = await refusal(configured(sample()));
  vi.unstubAllEnvs();
  expect(error.message).toContain(
    "gatehouse:platforms: expected no encrypted value in it: what stands there reaches the state and the cluster in plain text",
  );
  expect(registered).toBe(0);
});

test("another organisation in the provider's settings is refused", async () => {
  const { error } = await refusal({ ...configured(sample()), "okta:orgName": "other", "okta:baseUrl": "okta.com" });
  expect(error.message).toContain("idp.orgUrl: expected https://other.okta.com, the organisation that okta:orgName and okta:baseUrl name");
});

test("groups and platforms of files are those of the stack", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "gatehouse-from-"));
  mkdirSync(path.join(folder, "environments"));
  const { idp, groups, platforms } = sample();
  writeFileSync(path.join(folder, "environments/production.yaml"), JSON.stringify({ groups, platforms }));
  vi.spyOn(pulumi.runtime, "getRootDirectory").mockReturnValue(folder);
  configure({ "gatehouse:idp": idp, "gatehouse:from": "environments/production.yaml" });
  const simulation = await simulate(program, { call: organisation });
  const document = (await settled(simulation.result.environment)).value;
  expect(Object.keys(document.platforms)).toEqual(Object.keys(platforms));
  expect(Object.keys(document.groups).sort()).toEqual(Object.keys(groups).sort());
  rmSync(folder, { recursive: true });
});
