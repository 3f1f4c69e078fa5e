import { z } from "zod";
import { describeReceived, type Problem } from "../../text/problems";
import { yamlOrNothing } from "../../text/yaml";
import type { FoundTrust } from "./adopted-trust";

const mappingSchema = z.looseObject({ claim: z.string().optional(), prefix: z.string().optional(), expression: z.string().optional() });
const claimRuleSchema = z.looseObject({ claim: z.string().optional(), requiredValue: z.string().optional() });
const ruleSchema = z.looseObject({ expression: z.string().optional() });

/** What of an AuthenticationConfiguration is read; `unread` names the rest (kubernetes.io, "Authenticating", apiserver.config.k8s.io). */
const configurationSchema = z.looseObject({
  kind: z.literal("AuthenticationConfiguration"),
  jwt: z
    .array(
      z.looseObject({
        issuer: z.looseObject({ url: z.string(), audiences: z.array(z.string()), certificateAuthority: z.string().optional() }),
        claimMappings: z.looseObject({ username: mappingSchema, groups: mappingSchema.optional() }),
        claimValidationRules: z.array(claimRuleSchema).optional(),
        userValidationRules: z.array(ruleSchema).optional(),
      }),
    )
    .optional(),
});

type Jwt = NonNullable<z.infer<typeof configurationSchema>["jwt"]>[number];

/** The issuers of an AuthenticationConfiguration, in its order. */
export function trustsOfConfiguration(text: string, file: string): FoundTrust[] {
  const read = configurationSchema.safeParse(yamlOrNothing(text));
  if (!read.success) {
    return [notReadable(file)];
  }
  return (read.data.jwt ?? []).map((jwt, position) => trustOf(jwt, ["jwt", `${position}`], "anonymous" in read.data));
}

function notReadable(file: string): FoundTrust {
  const nothing = { claim: "", prefix: "" };
  const problem = {
    path: [file],
    expected: "an AuthenticationConfiguration (apiserver.config.k8s.io) in YAML",
    received: "something else",
  };
  return {
    from: "AuthenticationConfiguration",
    issuer: "",
    audiences: [],
    username: nothing,
    groups: nothing,
    requiredClaims: {},
    problems: [problem],
  };
}

function trustOf(jwt: Jwt, path: readonly string[], anonymous: boolean): FoundTrust {
  const { issuer, claimMappings } = jwt;
  const { username, groups = {} } = claimMappings;
  return {
    from: "AuthenticationConfiguration",
    issuer: issuer.url,
    audiences: issuer.audiences,
    username: { claim: username.claim ?? "", prefix: username.prefix ?? "" },
    groups: { claim: groups.claim ?? "", prefix: groups.prefix ?? "" },
    requiredClaims: Object.fromEntries(claimRules(jwt).map(({ claim = "", requiredValue = "" }) => [claim, requiredValue])),
    certificateAuthority: issuer.certificateAuthority,
    problems: [
      ...expressions(jwt, path),
      ...otherClaimRules(jwt, path),
      ...unread(jwt, path),
      ...ownRules(jwt, path),
      ...(anonymous
        ? [
            {
              path: ["anonymous"],
              expected: "it left out, since the stack's configuration says nothing of it and would switch it back",
              received: "a setting",
              fix: "set it by --anonymous-auth, or adopt by hand: keep your own file, and write the entry of the stack into it",
            },
          ]
        : []),
    ],
  };
}

function expressions({ claimMappings }: Jwt, path: readonly string[]): Problem[] {
  return (["username", "groups"] as const)
    .filter((key) => claimMappings[key]?.expression !== undefined)
    .map((key) => ({
      path: [...path, "claimMappings", key],
      expected: "a claim with a prefix: what an expression makes of a token cannot be told beforehand",
      received: "an expression",
      fix: "write claim and prefix instead, where they give the same names; or adopt by hand",
    }));
}

/** What the stack's own configuration has, by place. */
const known: readonly { readonly at: readonly string[]; readonly keys: readonly string[] }[] = [
  { at: [], keys: ["issuer", "claimMappings", "claimValidationRules", "userValidationRules"] },
  { at: ["issuer"], keys: ["url", "audiences", "audienceMatchPolicy", "certificateAuthority"] },
  { at: ["claimMappings"], keys: ["username", "groups"] },
];

function unread(jwt: Jwt, path: readonly string[]): Problem[] {
  return known.flatMap(({ at, keys }) => {
    const part = at.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], jwt) as Record<string, unknown>;
    return Object.keys(part)
      .filter((key) => !keys.includes(key))
      .map((key) => ({
        path: [...path, ...at, key],
        expected: "it left out: the stack's configuration does not say it, so that other tokens would be accepted, or mean something else",
        received: "a setting",
        fix: "let the identity provider decide it, and remove it; or adopt by hand: keep your own file, and write the entry of the stack into it",
      }));
  });
}

type ClaimRule = NonNullable<Jwt["claimValidationRules"]>[number];

/** Rules that ask for a claim with a value; the empty value asks for the empty text. */
function claimRules({ claimValidationRules = [] }: Jwt): ClaimRule[] {
  return claimValidationRules.filter((rule) => rule.claim !== undefined && Object.keys(rule).every((key) => claimRuleKeys.includes(key)));
}

const claimRuleKeys = ["claim", "requiredValue"];

function otherClaimRules(jwt: Jwt, path: readonly string[]): Problem[] {
  const known = claimRules(jwt);
  return (jwt.claimValidationRules ?? []).flatMap((rule, position) =>
    known.includes(rule)
      ? []
      : [
          {
            path: [...path, "claimValidationRules", `${position}`],
            expected:
              "a claim with the value that it must have: the stack's configuration has no other rules, so that other tokens would be accepted",
            received: "an expression",
            fix: "write claim and requiredValue instead, where they say the same; or adopt by hand: keep your own file, and write the entry of the stack into it",
          },
        ],
  );
}

/** Rules that keep Kubernetes' own names away are the stack's too; any other keeps somebody out who would come in. */
function ownRules({ userValidationRules = [] }: Jwt, path: readonly string[]): Problem[] {
  return userValidationRules.flatMap(({ expression = "" }, position) =>
    isOwnRule(expression)
      ? []
      : [
          {
            path: [...path, "userValidationRules", `${position}`],
            expected: "rules that keep names beginning with system: away, and no others",
            received: describeReceived(expression, []),
            fix: "let the identity provider decide who may have tokens of the client, and remove the rule",
          },
        ],
  );
}

function isOwnRule(expression: string): boolean {
  const text = expression.replace(/\s+/g, "").replaceAll('"', "'");
  return text === "!user.username.startsWith('system:')" || /^user\.groups\.all\((\w+),!\1\.startsWith\('system:'\)\)$/.test(text);
}
