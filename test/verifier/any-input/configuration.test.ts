import fc from "fast-check";
import { InvalidRulesError, readAuthenticationConfiguration } from "../../../verifier";
import { issuer } from "../issuer";
import { anyValue, damaged, endsWell, runs } from "./any-input";
import { expression } from "./cel-expressions";

describe("an AuthenticationConfiguration", () => {
  const base = `apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
  - issuer: { url: "${issuer}", audiences: [0oa1k10], audienceMatchPolicy: MatchAny, certificateAuthority: "" }
    claimMappings:
      username: { expression: "'u:' + claims.sub" }
      groups: { claim: groups, prefix: "g:" }
      uid: { claim: sub }
      extra: [{ key: example.com/level, valueExpression: "claims.?acr.orValue('none')" }]
    claimValidationRules: [{ claim: hd, requiredValue: x }, { expression: "claims.exp > 1", message: no }]
    userValidationRules: [{ expression: "!user.username.startsWith('system:')" }]
anonymous: { enabled: true, conditions: [{ path: /livez }] }
`;
  const strangeYaml = [
    "&a ",
    "*a",
    "<<: *a",
    "!!binary ",
    "!!js/function ",
    "%YAML 9\n",
    "---\n",
    "...\n",
    "\t",
    "? ",
    "|",
    ">",
    "{",
    "[",
    "#",
    "0o7",
    ".nan",
    "~",
  ];
  const read = (content: string): Promise<void> => endsWell(() => readAuthenticationConfiguration(content), InvalidRulesError);

  test("damaged anywhere", async () => {
    await fc.assert(fc.asyncProperty(damaged(fc.constant(base), strangeYaml), read), { ...runs, numRuns: 200 });
  });

  test("with any value anywhere", async () => {
    const names = [
      ...[
        "issuer",
        "url",
        "discoveryURL",
        "audiences",
        "audienceMatchPolicy",
        "certificateAuthority",
        "egressSelectorType",
        "claimMappings",
      ],
      ...["username", "groups", "uid", "extra", "claim", "prefix", "expression", "key", "valueExpression", "claimValidationRules"],
      ...["userValidationRules", "requiredValue", "message", "anonymous", "enabled", "conditions", "path", "__proto__"],
    ];
    const leaf = fc.oneof(
      fc.constantFrom(
        issuer,
        "https://",
        "https://[",
        "https://a:b@c/?d#e",
        "a",
        "claims.sub",
        "claims",
        "user.groups",
        "MatchAny",
        "example.com/x",
      ),
      fc.constantFrom(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----",
        "MatchAll",
        "controlplane",
      ),
      anyValue,
      expression,
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.dictionary(fc.constantFrom(...names), tie("tree"), { maxKeys: 6, noNullPrototype: true }),
        fc.array(tie("tree"), { maxLength: 3 }),
      ),
    }));
    const part = fc.dictionary(fc.constantFrom("issuer", "claimMappings", "claimValidationRules", "userValidationRules"), tree, {
      noNullPrototype: true,
    });
    const whole = fc
      .tuple(fc.array(part, { maxLength: 2 }), tree)
      .map(([jwt, anonymous]) =>
        JSON.stringify({ apiVersion: "apiserver.config.k8s.io/v1", kind: "AuthenticationConfiguration", jwt, anonymous }),
      );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          whole,
          tree.map((value) => JSON.stringify(value)),
        ),
        read,
      ),
      runs,
    );
  });

  test.each<[string, string]>([
    ["lists inside of lists, in YAML", "[".repeat(20_000)],
    ["lists inside of lists, closed", `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["lists inside of lists, in JSON", `{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`],
    ["objects inside of objects, in JSON", `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`],
    ["dashes", `a:\n  ${"- ".repeat(20_000)}x`],
    ["question marks", "? ".repeat(20_000)],
    [
      "aliases that double",
      `a0: &a0 [x]\n${Array.from({ length: 60 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]`).join("\n")}\n`,
    ],
    ["anchors", Array.from({ length: 4_000 }, (_, index) => `a${index}: &a${index} x`).join("\n")],
    ["documents", "---\na: b\n".repeat(20_000)],
    ["an alias of itself", "a: &a [*a]"],
    ["tags", "!!binary ".repeat(4_000)],
    ["blanks", " ".repeat(500_000)],
    ["numbers of many digits", `a: ${"9".repeat(200_000)}`],
  ])("of very many %s", async (_, content) => {
    await read(content);
  });

  test("of very many bad fields, all of which are said", async () => {
    const rule = '{ expression: "1 +" }';
    await read(base.replace("userValidationRules: [", `userValidationRules: [${`${rule}, `.repeat(500)}`));
  });
});
