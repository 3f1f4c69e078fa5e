import { readFileSync } from "node:fs";
import { fixture, gatehouse } from "../harness";

const good = readFileSync(fixture("Pulumi.k10-okta.yaml"), "utf8");

/** Validates a text as the file `stack.yaml`. */
const check = (text: string) => gatehouse(["validate", "stack.yaml"], { files: { "stack.yaml": text } });

describe("two statements of one fact", () => {
  const k10 =
    "  gatehouse:groups:\n    admins: { existing: Kasten Admins }\n  gatehouse:platforms:\n    k10: { kind: kasten, host: https://k10.example.com, chart: { version: 8.0.15 }, access: [{ group: admins, role: view }] }\n";
  const refused = async (config: string): Promise<string[]> => {
    const { stderr } = await check(`config:\n${config}${k10}`);
    return stderr.split("\n").filter((line) => line.includes(": expected "));
  };
  const one = "00000000-0000-0000-0000-000000000001";
  const two = "00000000-0000-0000-0000-000000000002";
  const entra = (tenant: string, idp: string) =>
    `  azuread:tenantId: ${tenant}\n  gatehouse:idp: { kind: entra, tenantId: ${idp}, mfa: external }\n`;
  const okta = (settings: string, idp = "orgUrl: https://example.okta.com") => `${settings}  gatehouse:idp: { kind: okta, ${idp} }\n`;

  test("the tenant of the provider is another one", async () => {
    expect(await refused(entra(two, one))).toEqual([
      `stack.yaml:3:43: gatehouse:idp.tenantId: expected ${two}, the tenant in which azuread:tenantId makes everything, got "${one}". Fix: write the same tenant in both.`,
    ]);
    expect(await refused(entra(one, one))).toEqual([]);
    expect(await refused(entra("example.com", one))).toEqual([]);
  });

  test("the organisation of the provider is another one", async () => {
    expect(await refused(okta("  okta:orgName: other\n"))).toEqual([
      'stack.yaml:3:40: gatehouse:idp.orgUrl: expected https://other.okta.com, the organisation that okta:orgName and okta:baseUrl name, got "https://example.okta.com". Fix: write the same organisation in both.',
    ]);
    expect(await refused(okta("  okta:orgName: example\n  okta:baseUrl: oktapreview.com\n"))).toHaveLength(1);
    expect(await refused(okta("  okta:orgName: example\n  okta:baseUrl: okta.com\n"))).toEqual([]);
    expect(await refused(okta("  okta:orgName: example\n", "orgUrl: https://login.example.com"))).toEqual([]);
  });

  test("credentials with which the claim of the organisation's server is left out", async () => {
    const oauth = "  okta:privateKey: { secure: v1:xxxx }\n";
    expect(await refused(okta(oauth))).toEqual([
      expect.stringContaining("gatehouse:idp.authorizationServer: expected a custom authorization server: with OAuth 2.0"),
    ]);
    expect(await refused(okta(oauth, "orgUrl: https://example.okta.com, authorizationServer: { existing: default }"))).toEqual([]);
  });
});

describe("size", () => {
  test("a configuration that the engine cannot hand over is refused with the way out", async () => {
    const groups = Array.from({ length: 4_000 }, (_, number) => `    g${number}: { displayName: Group ${number} }\n`).join("");
    const { status, stderr } = await check(good.replace("  gatehouse:groups:\n", `  gatehouse:groups:\n${groups}`));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^stack\.yaml:2:1: \(top level\): expected at most 131072 bytes, which the engine can hand over \("argument list too long"\), got \d{6}\. Fix: move groups and platforms into a file beside it, and write gatehouse:from: environments\/production\.yaml\.\n/,
    );
  });

  test("200,000 keys are refused at once", async () => {
    const keys = Array.from({ length: 200_000 }, (_, number) => `    g${number}: { displayName: G${number} }\n`).join("");
    const before = process.cpuUsage();
    const { status, stderr } = await check(good.replace("  gatehouse:groups:\n", `  gatehouse:groups:\n${keys}`));
    const { user } = process.cpuUsage(before);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^stack\.yaml:1:1: \(top level\): expected a file of at most 2000000 characters, got \d{7}\. Fix: .*\nstack\.yaml: refused, 1 problem\.\n$/,
      ),
    ]);
    expect(user / 1e6).toBeLessThan(20);
  });
});

describe("a description in files of its own (gatehouse:from)", () => {
  const world = {
    "app/stacks/stack.yaml":
      "config:\n  gatehouse:idp: { kind: okta, orgUrl: https://example.okta.com }\n  gatehouse:from: [environments/groups.yaml, environments/platforms.yaml]\n",
    "app/Pulumi.yaml": "name: gatehouse\n",
    "app/environments/groups.yaml": "groups:\n  admins: { existing: Kasten Admins }\n",
    "app/environments/platforms.yaml":
      "platforms:\n  k10: { kind: kasten, host: https://k10.example.com, chart: { version: 8.0.15 }, access: [{ group: admins, role: view }] }\n",
  };
  const validate = (files: Record<string, string> = {}) =>
    gatehouse(["validate", "app/stacks/stack.yaml"], { files: { ...world, ...files } });

  test("is put together key by key", async () => {
    const { status, stderr } = await validate();
    expect([status, stderr]).toEqual([0, "app/stacks/stack.yaml: accepted (okta; 1 group, 1 platform, 1 grant).\n"]);
  });

  test("what is wrong in it is said with its own file, line and column", async () => {
    const { stderr } = await validate({
      "app/environments/platforms.yaml": world["app/environments/platforms.yaml"].replace("8.0.15", "latest"),
    });
    expect(stderr).toMatch(/^environments\/platforms\.yaml:2:73: platforms\.k10\.chart\.version: expected an exact chart version/);
  });

  test("nothing stands in two places, and nothing is overruled", async () => {
    const { stderr } = await validate({
      "app/environments/platforms.yaml": `groups:\n  admins: { existing: Others }\n${world["app/environments/platforms.yaml"]}`,
    });
    expect(stderr).toContain(
      "expected each part of an environment in one place, got it in environments/groups.yaml and in environments/platforms.yaml.",
    );
  });

  test.each([
    ["above the project", "../other/groups.yaml"],
    ["from the root", "/etc/groups.yaml"],
    ["that is no YAML", "environments/groups.txt"],
  ])("a file %s is refused", async (_what, name) => {
    const { stderr } = await validate({ "app/stacks/stack.yaml": `config:\n  gatehouse:from: ${name}\n` });
    expect(stderr).toContain("gatehouse:from: expected the path of a YAML file below the project's folder");
  });

  test("a file that is not there, a stranger's key, and an encrypted value are said", async () => {
    expect((await validate({ "app/stacks/stack.yaml": "config:\n  gatehouse:from: environments/none.yaml\n" })).stderr).toContain(
      "gatehouse:from: expected a file environments/none.yaml in the project's folder, got none that can be read (ENOENT).",
    );
    const strange = await validate({ "app/environments/groups.yaml": "gruops: {}\ngroups:\n  admins: { existing: { secure: v1:abc } }\n" });
    expect(strange.stderr).toContain(
      "environments/groups.yaml:1:1: gruops: expected one of idp, groups, platforms, protectBindings, got an unknown key.",
    );
    expect(strange.stderr).toContain(
      "groups.admins.existing: expected a value that can be read: the engine decrypts those of the stack file alone",
    );
  });
});
