import { readFileSync } from "node:fs";
import { adminRisk } from "../../fixtures/sample";
import { fixture, gatehouse } from "../harness";

const good = readFileSync(fixture("Pulumi.k10-okta.yaml"), "utf8");

/** Validates a text as the file `stack.yaml`. */
const check = (text: string, ...flags: string[]) => gatehouse(["validate", "stack.yaml", ...flags], { files: { "stack.yaml": text } });

test("a good file: words on stderr, nothing on stdout, status 0", async () => {
  const file = fixture("Pulumi.k10-okta.yaml");
  expect(await gatehouse(["validate", file])).toEqual({
    status: 0,
    stdout: "",
    stderr: `${file}: warning: ${adminRisk}\n${file}: accepted (okta; 3 groups, 1 platform, 3 grants).\n`,
    runs: [],
  });
});

test("a broken file: every problem with line, column, expectation, what came and the remedy, in order; no secret is repeated", async () => {
  const text = readFileSync(fixture("Pulumi.broken.yaml"), "utf8");
  const { status, stdout, stderr } = await check(text);
  expect(status).toBe(1);
  expect(stdout).toBe("");
  expect(stderr.split("\n")).toEqual([
    "stack.yaml:2:18: okta:apiToken: expected an encrypted value: a stack file is kept in version control, got a text (withheld, it may be a secret). Fix: remove it and run `pulumi config set --secret okta:apiToken`.",
    'stack.yaml:5:13: gatehouse:idp.orgUrl: expected an https:// host (http is accepted only on 127.0.0.1 or localhost, for a port-forward), got "http://example.okta.com". Fix: write https://example.okta.com.',
    "stack.yaml:6:21: gatehouse:colour: expected a key that Gatehouse knows here, got an unknown key. Fix: remove it, or correct its spelling (the editor schema lists the keys).",
    'stack.yaml:8:28: gatehouse:groups.admins.displayName: expected a group of this environment\'s own; names beginning with system: or k10:, and Everyone, are refused, got "system:masters". Fix: make a group for the people who need the access, and grant to that.',
    'stack.yaml:8:56: gatehouse:groups.admins.members[0]: expected an e-mail address, the sign-in name of a person, got "ana".',
    'stack.yaml:12:13: gatehouse:platforms.k10.host: expected a host alone, in lower case, without path, trailing slash, query, fragment or default port, got "https://k10.example.com/k10". Fix: write https://k10.example.com.',
    'stack.yaml:13:15: gatehouse:platforms.k10.prefix: expected letters, digits and . _ / - ending in a separator (: _ / # . -), at most 40 characters, got "okta". Fix: leave it out for the default "<idp kind>:", or write one such as "okta:".',
    "stack.yaml:15:18: gatehouse:platforms.k10.chart.version: expected an exact chart version such as 8.0.15 (no range, no 'latest', no leading v), got \">=8\".",
    "stack.yaml:19:27: gatehouse:platforms.k10.values.auth.oidcAuth.clientSecret: expected no client secret in values: it is handed over as the name of a Kubernetes Secret, got a text (withheld, it may be a secret). Fix: remove the key; the secret is generated and rotated by the stack.",
    'stack.yaml:21:18: gatehouse:platforms.k10.access[0].group: expected a key of gatehouse:groups (admins), got "nobody".',
    "stack.yaml:23:11: gatehouse:platforms.k10.access[1].namespaces: expected the namespaces in which the role 'basic' holds, got nothing. Fix: add namespaces: [name, ...].",
    "stack.yaml: refused, 11 problems.",
    "",
  ]);
  expect(stderr).not.toContain("hunter2");
  expect(stderr).not.toContain("00plainTextToken");
});

test("several files: one bad one decides", async () => {
  const { status, stderr } = await gatehouse(["validate", "a.yaml", "b.yaml"], { files: { "a.yaml": good, "b.yaml": "config: {}\n" } });
  expect(status).toBe(1);
  expect(stderr).toBe(
    `a.yaml: warning: ${adminRisk}\n` +
      "a.yaml: accepted (okta; 3 groups, 1 platform, 3 grants).\n" +
      "b.yaml:1:1: gatehouse:idp: expected a mapping, got nothing.\n" +
      "b.yaml:1:1: gatehouse:groups: expected a mapping, got nothing.\n" +
      "b.yaml:1:1: gatehouse:platforms: expected a mapping, got nothing.\n" +
      "b.yaml: refused, 3 problems.\n",
  );
});

test("standard input", async () => {
  expect(await gatehouse(["validate", "-"], { stdin: good })).toMatchObject({
    status: 0,
    stderr: expect.stringContaining("-: accepted") as string,
  });
});

test("a file that cannot be read is a matter of usage", async () => {
  expect(await gatehouse(["validate", "/nowhere/stack.yaml"])).toMatchObject({
    status: 64,
    stderr: "Expected a stack file in /nowhere/stack.yaml, which is not there.\n",
  });
});

describe("--json", () => {
  test("prints the findings with sorted keys", async () => {
    const { status, stdout } = await check(good.replace("host: https", "host: http"), "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      version: "gatehouse.dev/validation/v1",
      files: [
        {
          file: "stack.yaml",
          ok: false,
          problems: [
            {
              path: ["config", "gatehouse:platforms", "k10", "host"],
              line: 17,
              column: 13,
              expected: "an https:// host (http is accepted only on 127.0.0.1 or localhost, for a port-forward)",
              received: '"http://k10.example.com"',
              fix: "write https://k10.example.com",
            },
          ],
          warnings: [],
        },
      ],
    });
    expect(stdout.indexOf('"column"')).toBeLessThan(stdout.indexOf('"expected"'));
  });

  test("says what was accepted", async () => {
    const { status, stdout } = await check(good, "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      version: "gatehouse.dev/validation/v1",
      files: [{ file: "stack.yaml", ok: true, problems: [], warnings: [adminRisk], summary: "okta; 3 groups, 1 platform, 3 grants" }],
    });
  });
});

describe("--today", () => {
  test("judges ended grants by that day", async () => {
    expect(await check(good, "--today", "2027-04-01")).toMatchObject({
      status: 0,
      stderr:
        "stack.yaml: warning: platforms.k10.access[2]: the grant 'view' of 'auditors' ended with 2027-03-31; the next up takes it away. Remove it from the stack file.\n" +
        `stack.yaml: warning: ${adminRisk}\n` +
        "stack.yaml: accepted (okta; 3 groups, 1 platform, 2 grants).\n",
    });
    expect(await check(good, "--today", "2027-05-01")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(
        "stack.yaml:22:49: gatehouse:platforms.k10.access[2].until: expected a day that has not passed",
      ) as string,
    });
  });

  test.each(["tomorrow", "2027-13-01"])("%j is no day", async (day) => {
    expect(await check(good, "--today", day)).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("Expected a day as YYYY-MM-DD.") as string,
    });
  });
});

describe("the file itself", () => {
  test.each([
    [
      "broken YAML",
      "config: [1,\n",
      "stack.yaml:2:1: (top level): expected YAML that can be read, got flow sequence in block collection must be sufficiently indented",
    ],
    [
      "a key twice",
      "config:\n  a:b: 1\n  a:b: 2\n",
      "stack.yaml:3:3: (top level): expected YAML that can be read, got map keys must be unique",
    ],
    [
      "a merge of something that is no mapping",
      "config:\n  <<: 1\n",
      "stack.yaml:1:1: (top level): expected YAML that can be read, got merge sources must be maps",
    ],
    ["no config", "encryptionsalt: x\n", "stack.yaml:1:1: (top level): expected a mapping 'config' with the gatehouse: keys, got nothing."],
    [
      "config that is a list",
      "config: []\n",
      "stack.yaml:1:1: (top level): expected a mapping 'config' with the gatehouse: keys, got a list of 0.",
    ],
    ["a list", "- a\n", "stack.yaml:1:1: (top level): expected a mapping 'config' with the gatehouse: keys, got a list of 1."],
    [
      "an alias inside its own anchor",
      "config: &all\n  gatehouse:idp: *all\n",
      "stack.yaml:1:1: (top level): expected YAML that can be read, got an alias that stands inside its own anchor.",
    ],
    [
      "two documents",
      "config: {}\n---\nconfig: {}\n",
      "stack.yaml:2:1: (top level): expected YAML that can be read, got a second document after a line of three dashes.",
    ],
    [
      "bytes of another encoding",
      "config:\n  gatehouse:idp: K\ufffdsten\n",
      "stack.yaml:2:19: (top level): expected a text file in UTF-8, which the engine reads, got bytes that are not UTF-8.",
    ],
    [
      "a provider's secret as a number",
      "config:\n  okta:apiToken: 12345678901234567\n",
      "stack.yaml:2:18: okta:apiToken: expected an encrypted value: a stack file is kept in version control, got a text (withheld, it may be a secret). Fix: remove it and run `pulumi config set --secret okta:apiToken`.",
    ],
    [
      "a provider's secret inside a mapping",
      "config:\n  azuread:clientCertificate: { value: hunter2 }\n",
      "stack.yaml:2:3: azuread:clientCertificate: expected an encrypted value",
    ],
    ["an empty file", "", "stack.yaml:1:1: (top level): expected a mapping 'config' with the gatehouse: keys, got nothing."],
  ])("%s", async (_, text, words) => {
    const { status, stderr } = await check(text);
    expect(status).toBe(1);
    expect(stderr).toContain(words);
  });

  test("a setting that pulumi wrote as JSON text is read", async () => {
    const text = good.replace(
      / {2}gatehouse:idp:\n(?: {4}.*\n)+/,
      `  gatehouse:idp: '{"kind":"okta","orgUrl":"https://example.okta.com"}'\n`,
    );
    expect(text).not.toBe(good);
    expect((await check(text)).status).toBe(0);
    expect((await check(text.replace("https://example", "http://example"))).stderr).toContain(
      "stack.yaml:6:3: gatehouse:idp.orgUrl: expected an https:// host",
    );
  });

  test("anchors and merges are read, and located in the place that uses them", async () => {
    const text = good
      .replace("gatehouse:groups:\n", "gatehouse:groups: &groups\n")
      .replace(
        "    backup-operators: { displayName: Kasten Users }",
        "    backup-operators: &users { displayName: Kasten Users }\n    spare: { <<: *users, displayName: Spare }",
      );
    expect(await check(text)).toMatchObject({
      status: 0,
      stderr: `stack.yaml: warning: ${adminRisk}\nstack.yaml: accepted (okta; 4 groups, 1 platform, 3 grants).\n`,
    });
  });

  test("control characters of a name reach no terminal", async () => {
    const { stderr } = await check(good.replace("Kasten Users", '"a\\e[2J"'));
    expect(stderr).not.toContain("\u001b");
    expect(stderr).toContain("expected a name without surrounding blanks, control characters, or characters that nobody sees");
  });
});

describe("encrypted values", () => {
  const withValues = (values: string) => good.replace("      access:\n", `      values:\n${values}      access:\n`);

  test("of a setting that is no secret are refused", async () => {
    const text = good.replace("host: https://k10.example.com", "host: { secure: v1:abc }");
    const { status, stderr } = await check(text);
    expect(status).toBe(1);
    expect(stderr).toContain(
      "gatehouse:platforms.k10.host: expected a value that can be read in the file: this setting is no secret, got an encrypted value. Fix: set it again without --secret.",
    );
  });

  test("of a whole setting are refused", async () => {
    const { status, stderr } = await check(good.replace(/gatehouse:idp:\n(?: {4}.*\n)+/, "gatehouse:idp: { secure: v1:abc }\n"));
    expect(status).toBe(1);
    expect(stderr).toContain("stack.yaml:6:3: gatehouse:idp: expected a value that can be read in the file");
  });

  test("in free chart values reach the state and the cluster in plain text all the same, and are refused", async () => {
    const { status, stderr } = await check(withValues("        license: { secure: v1:abc }\n"));
    expect(status).toBe(1);
    expect(stderr).toContain(
      "gatehouse:platforms.k10.values.license: expected no secret in chart values: they stand in plain text in the cluster and in the state, " +
        "however they are written here, got an encrypted value. Fix: put it into a Kubernetes Secret, and name that.\n",
    );
  });

  test("are no way around the rule that no secret belongs into values", async () => {
    const { status, stderr } = await check(withValues("        vmWare: { password: { secure: v1:abc } }\n"));
    expect(status).toBe(1);
    expect(stderr).toContain("gatehouse:platforms.k10.values.vmWare.password: expected the name of a Kubernetes Secret");
  });
});

test("dangerous choices are said, and accepted", async () => {
  const { status, stderr } = await check(good.replace("kind: okta\n", "kind: okta\n    insecureAssignEveryone: true\n"));
  expect(status).toBe(0);
  expect(stderr).toContain("stack.yaml: warning: insecureAssignEveryone: every member of the organisation may sign in to each platform");
});

test("a fault of the syntax is told once, not with everything that follows from it", async () => {
  const { stderr } = await check(good.replace("    kind: okta", "\tkind: okta"));
  expect(stderr).toBe(
    "stack.yaml:7:1: (top level): expected YAML that can be read, got tabs are not allowed as indentation.\nstack.yaml: refused, 1 problem.\n",
  );
});

describe("a key without its namespace is the project's, as the engine has it", () => {
  const bare = good.replaceAll("gatehouse:", "");

  test("accepted", async () => {
    expect(await check(bare)).toMatchObject({ status: 0, stderr: expect.stringContaining("3 groups, 1 platform") as string });
  });

  test("a problem below it is found where it stands", async () => {
    const { stderr } = await check(bare.replace("host: https", "host: http"));
    expect(stderr).toMatch(/^stack\.yaml:\d+:13: platforms\.k10\.host: expected an https/);
    expect(stderr).toContain("refused, 1 problem.");
  });

  test("both ways at once are the same setting twice", async () => {
    const { stderr } = await check(`${good}  idp: { kind: okta, orgUrl: https://example.okta.com }\n`);
    expect(stderr).toContain("idp: expected one of idp and gatehouse:idp, which are the same, got both. Fix: keep one of the two.");
  });
});

test("an encrypted value that is refused is not also called unchecked", async () => {
  const { status, stderr } = await check(good.replace(/orgUrl: .*/, "orgUrl: { secure: AAAB }"));
  expect(status).toBe(1);
  expect(stderr).toContain("this setting is no secret");
  expect(stderr).not.toContain("only the engine");
});

describe("a secret that an alias brings to another place is not repeated", () => {
  const token = "00aliasedToken";
  test.each([
    ["as a value", `  gatehouse:idp: { kind: *t }\n`],
    ["as a list's item", `  gatehouse:idp: { kind: entra, tenantId: x, owners: [*t] }\n`],
    ["as a key", `  gatehouse:idp: { kind: okta, orgUrl: "https://x.okta.com", *t : 1 }\n`],
    ["as a copy", `  gatehouse:idp: { kind: ${token} }\n`],
    ["inside a longer text", `  gatehouse:idp: { kind: okta, orgUrl: "http://${token}.example.com" }\n`],
  ])("%s", async (_what, idp) => {
    const { status, stdout, stderr } = await check(`config:\n  okta:apiToken: &t ${token}\n${idp}  gatehouse:groups: {}\n`, "--json");
    expect(status).toBe(1);
    expect(stdout + stderr).not.toContain(token);
  });
});
