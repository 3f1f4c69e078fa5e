import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { jsonOrNothing } from "../../model/text/printable";
import { formatProblem, problemsFromZod, type Problem } from "../../model/text/problems";
import { InvalidRulesError } from "../errors";
import { hasCertificates } from "../go/certificate";
import { Cel, notEvaluated } from "./cel";
import { quoted } from "./cel/escapes";
import { undecided } from "./cel/undecided";
import { parsed } from "./cel/urls";
import { signatureAlgorithms, type ApiServerRules, type JwtRules } from "./rules";

const text = z.string().default("");
const prefixedSchema = z.strictObject({ claim: text, prefix: z.string().optional(), expression: text });

const jwtSchema = z.strictObject({
  issuer: z.strictObject({
    url: text,
    discoveryURL: text,
    certificateAuthority: text,
    audiences: z.array(z.string()).default([]),
    audienceMatchPolicy: text,
    egressSelectorType: text,
  }),
  claimValidationRules: z.array(z.strictObject({ claim: text, requiredValue: text, expression: text, message: text })).default([]),
  claimMappings: z.strictObject({
    username: prefixedSchema,
    groups: prefixedSchema.default({ claim: "", expression: "" }),
    uid: z.strictObject({ claim: text, expression: text }).default({ claim: "", expression: "" }),
    extra: z.array(z.strictObject({ key: text, valueExpression: text })).default([]),
  }),
  userValidationRules: z.array(z.strictObject({ expression: text, message: text })).default([]),
});
type JwtEntry = z.infer<typeof jwtSchema>;

const configurationSchema = z.strictObject({
  apiVersion: z.enum(["apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1", "apiserver.config.k8s.io/v1alpha1"]),
  kind: z.literal("AuthenticationConfiguration"),
  jwt: z.array(jwtSchema).default([]),
  anonymous: z
    .strictObject({ enabled: z.boolean().default(false), conditions: z.array(z.strictObject({ path: text })).default([]) })
    .optional(),
});

/** Values that aliases may stand for in all: far more than a file has, far fewer than fill the memory. */
const mostAliased = 10_000;
/** Levels that are looked into. */
const deepest = 100;

/**
 * Reads an AuthenticationConfiguration (apiserver.config.k8s.io) as kube-apiserver 1.36 does: YAML or JSON, unknown and doubled fields
 * refused, then its validation (k8s.io/apiserver v0.36.3, pkg/apis/apiserver/validation/validation.go).
 * @throws InvalidRulesError with every problem and its path; the API server does not start with such a file, or keeps the earlier one
 */
export async function readAuthenticationConfiguration(content: string): Promise<ApiServerRules> {
  const given = parsedYaml(content);
  const parsed = configurationSchema.safeParse(withoutNulls(given));
  if (!parsed.success) {
    throw invalid(problemsFromZod(parsed.error, undefined).map(formatProblem));
  }
  // A null says nothing of a known field, and an unknown one is refused whatever it says.
  const unknown = configurationSchema.safeParse(given).error?.issues.filter(({ code }) => code === "unrecognized_keys") ?? [];
  if (unknown.length > 0) {
    throw invalid(problemsFromZod(new z.ZodError(unknown), undefined).map(formatProblem));
  }
  const { jwt, anonymous } = parsed.data;
  const cel = await Cel.load();
  const problems = [...problemsOf(jwt, cel)];
  if (anonymous !== undefined && !anonymous.enabled && anonymous.conditions.length > 0) {
    problems.push({ path: ["anonymous", "conditions"], expected: "enabled: true beside conditions", received: "enabled: false" });
  }
  if (problems.length > 0) {
    throw invalid(problems.map(formatProblem));
  }
  return {
    writtenAs: "authentication-configuration",
    issuers: jwt.map(rulesOf),
    algorithms: signatureAlgorithms,
    anonymous: anonymous && { enabled: anonymous.enabled, paths: anonymous.conditions.map(({ path }) => path) },
    notJudged: jwt
      .filter(({ issuer }) => issuer.egressSelectorType !== "")
      .map(
        ({ issuer }) =>
          `egressSelectorType ${issuer.egressSelectorType} of ${issuer.url}: the way by which the API server reaches the issuer`,
      ),
  };
}

function invalid(lines: readonly string[]): InvalidRulesError {
  return new InvalidRulesError(
    "invalid_authentication_configuration",
    `The AuthenticationConfiguration is refused by the API server:\n${lines.map((line) => `  - ${line}`).join("\n")}`,
  );
}

function parsedYaml(content: string): unknown {
  if (/^[\t\n\r ]*\{/.test(content) && jsonOrNothing(content) === undefined) {
    throw invalid(["expected JSON, since the file begins with '{', got something else"]);
  }
  // Go reads the first document and leaves what is behind it.
  const [document] = parseAllDocuments(content, { uniqueKeys: true, logLevel: "silent" });
  const fault = document && "errors" in document ? document.errors[0]?.message.split("\n")[0] : "an empty file";
  if (document === undefined || fault !== undefined) {
    throw invalid([`expected a YAML document, got ${fault ?? "none"}`]);
  }
  try {
    return document.toJS({ maxAliasCount: mostAliased });
  } catch (error) {
    // An alias of what is not there, or aliases of aliases that would fill the memory: the library tells of both only now.
    throw invalid([`expected a YAML document, got ${error instanceof Error ? error.message : "something else"}`]);
  }
}

/**
 * A null is a field that was left out, as for every Kubernetes object.
 * @throws InvalidRulesError where a value nests without an end: YAML's aliases may name what they stand in
 */
function withoutNulls(value: unknown, depth = 0): unknown {
  if (depth > deepest) {
    throw invalid([`expected at most ${deepest} levels, since no field has as many, got more`]);
  }
  if (Array.isArray(value)) {
    return value.map((item) => withoutNulls(item, depth + 1));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, withoutNulls(item, depth + 1)]])))
    : value;
}

function rulesOf({ issuer, claimMappings, claimValidationRules, userValidationRules }: JwtEntry): JwtRules {
  const mapping = ({ claim, prefix, expression }: JwtEntry["claimMappings"]["username"]): JwtRules["username"] =>
    expression === "" ? { claim, prefix: prefix ?? "" } : { expression };
  const { username, groups, uid, extra } = claimMappings;
  return {
    issuer: issuer.url,
    discoveryUrl: issuer.discoveryURL === "" ? undefined : issuer.discoveryURL,
    certificateAuthority: issuer.certificateAuthority === "" ? undefined : issuer.certificateAuthority,
    audiences: issuer.audiences,
    username: mapping(username),
    groups: groups.claim === "" && groups.expression === "" ? undefined : mapping(groups),
    uid: uid.expression !== "" ? { expression: uid.expression } : uid.claim === "" ? undefined : { claim: uid.claim },
    extra,
    claimRules: claimValidationRules.map(({ claim, requiredValue, expression, message }) =>
      expression === "" ? { claim, requiredValue } : { expression, message },
    ),
    userRules: userValidationRules,
  };
}

function* problemsOf(jwt: readonly JwtEntry[], cel: Cel): Generator<Problem> {
  if (jwt.length > 64) {
    yield { path: ["jwt"], expected: "at most 64 issuers", received: String(jwt.length) };
  }
  yield* doubles(
    jwt.map(({ issuer }) => issuer.url),
    (index) => ["jwt", index, "issuer", "url"],
  );
  yield* doubles(
    jwt.map(({ issuer }) => issuer.discoveryURL),
    (index) => ["jwt", index, "issuer", "discoveryURL"],
  );
  for (const [index, entry] of jwt.entries()) {
    for (const problem of entryProblems(entry, cel)) {
      yield { ...problem, path: ["jwt", index, ...problem.path] };
    }
  }
}

function* doubles(values: readonly string[], path: (index: number) => Problem["path"]): Generator<Problem> {
  for (const [index, value] of values.entries()) {
    if (value !== "" && values.indexOf(value) < index) {
      yield { path: path(index), expected: "each value once", received: value };
    }
  }
}

function* entryProblems(entry: JwtEntry, cel: Cel): Generator<Problem> {
  yield* issuerProblems(entry);
  const { username, groups, uid, extra } = entry.claimMappings;
  yield* mappingProblems(username, ["claimMappings", "username"], true, cel);
  yield* mappingProblems(groups, ["claimMappings", "groups"], false, cel);
  if (uid.claim !== "" && uid.expression !== "") {
    yield { path: ["claimMappings", "uid"], expected: "a claim or an expression", received: "both" };
  }
  yield* compiled(uid.expression, "claims", false, ["claimMappings", "uid", "expression"], cel);
  yield* doubles(
    extra.map(({ key }) => key),
    (index) => ["claimMappings", "extra", index, "key"],
  );
  for (const [index, { key, valueExpression }] of extra.entries()) {
    const path = ["claimMappings", "extra", index];
    const [domain = ""] = key.split("/");
    const reserved = /(^|\.)(kubernetes|k8s)\.io$/.test(domain);
    if (
      !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(key) ||
      key !== key.toLowerCase() ||
      domain.length > 253 ||
      reserved
    ) {
      yield { path: [...path, "key"], expected: "a lower-case path behind a domain that is not Kubernetes' own", received: key };
    }
    if (valueExpression === "") {
      yield { path: [...path, "valueExpression"], expected: "an expression", received: "none" };
    }
    yield* compiled(valueExpression, "claims", false, [...path, "valueExpression"], cel);
  }
  yield* claimRuleProblems(entry, cel);
  yield* doubles(
    entry.userValidationRules.map(({ expression }) => expression),
    (index) => ["userValidationRules", index, "expression"],
  );
  for (const [index, { expression }] of entry.userValidationRules.entries()) {
    if (expression === "") {
      yield { path: ["userValidationRules", index, "expression"], expected: "an expression", received: "none" };
    }
    yield* compiled(expression, "user", true, ["userValidationRules", index, "expression"], cel);
  }
  yield* emailProblem(entry);
}

function* issuerProblems({ issuer }: JwtEntry): Generator<Problem> {
  const path = (field: string): Problem["path"] => ["issuer", field];
  for (const field of ["url", "discoveryURL"] as const) {
    const value = issuer[field];
    if (value === "" ? field === "url" : !plainHttps(value)) {
      yield { path: path(field), expected: "an https:// address without user, query or fragment", received: value === "" ? "none" : value };
    }
  }
  const bare = (address: string): string => address.replace(/\/+$/, "");
  if (issuer.discoveryURL !== "" && bare(issuer.discoveryURL) === bare(issuer.url)) {
    yield { path: path("discoveryURL"), expected: "another address than url", received: issuer.discoveryURL };
  }
  if (issuer.audiences.length === 0 || issuer.audiences.includes("")) {
    yield { path: path("audiences"), expected: "at least one, none empty", received: JSON.stringify(issuer.audiences) };
  }
  yield* doubles(issuer.audiences, (index) => ["issuer", "audiences", index]);
  const policies = issuer.audiences.length > 1 ? ["MatchAny"] : ["", "MatchAny"];
  if (!policies.includes(issuer.audienceMatchPolicy)) {
    yield { path: path("audienceMatchPolicy"), expected: "MatchAny", received: issuer.audienceMatchPolicy || "none" };
  }
  if (issuer.certificateAuthority !== "" && !hasCertificates(issuer.certificateAuthority)) {
    yield { path: path("certificateAuthority"), expected: "certificates as PEM that can be read", received: "something else" };
  }
  if (!["", "controlplane", "cluster"].includes(issuer.egressSelectorType)) {
    yield { path: path("egressSelectorType"), expected: "controlplane or cluster", received: issuer.egressSelectorType };
  }
}

/** As Go reads an address: blanks around it, which JavaScript takes away, make it none. */
function plainHttps(address: string): boolean {
  const [before = "", ...fragment] = address.split("#");
  try {
    const { scheme, query } = parsed(before, false);
    return scheme === "https" && query === "" && fragment.join("#") === "" && !/^[^:]*:\/\/[^/?]*@/.test(before);
  } catch {
    return false;
  }
}

function* mappingProblems(
  { claim, prefix, expression }: JwtEntry["claimMappings"]["username"],
  path: Problem["path"],
  required: boolean,
  cel: Cel,
): Generator<Problem> {
  if (claim !== "" && expression !== "") {
    yield { path, expected: "a claim or an expression", received: "both" };
  } else if (claim === "" && expression === "") {
    if (required) {
      yield { path, expected: "a claim or an expression", received: "neither" };
    }
  } else if (claim !== "" && prefix === undefined) {
    yield { path: [...path, "prefix"], expected: 'a prefix beside a claim ("" for none)', received: "none" };
  } else if (expression !== "" && prefix !== undefined) {
    yield { path: [...path, "prefix"], expected: "no prefix beside an expression", received: prefix };
  }
  yield* compiled(expression, "claims", false, [...path, "expression"], cel);
}

function* claimRuleProblems({ claimValidationRules: rules }: JwtEntry, cel: Cel): Generator<Problem> {
  yield* doubles(
    rules.map(({ claim }) => claim),
    (index) => ["claimValidationRules", index, "claim"],
  );
  yield* doubles(
    rules.map(({ expression }) => expression),
    (index) => ["claimValidationRules", index, "expression"],
  );
  for (const [index, rule] of rules.entries()) {
    const path = ["claimValidationRules", index];
    if ((rule.claim === "") === (rule.expression === "")) {
      yield { path, expected: "a claim or an expression", received: rule.claim === "" ? "neither" : "both" };
    } else if (rule.claim !== "" && rule.message !== "") {
      yield { path: [...path, "message"], expected: "a message beside an expression only", received: rule.message };
    } else if (rule.expression !== "" && rule.requiredValue !== "") {
      yield { path: [...path, "requiredValue"], expected: "a required value beside a claim only", received: rule.requiredValue };
    }
    yield* compiled(rule.expression, "claims", true, [...path, "expression"], cel);
  }
}

function* compiled(expression: string, variable: "claims" | "user", boolean: boolean, path: Problem["path"], cel: Cel): Generator<Problem> {
  const unknown = notEvaluated(expression);
  if (unknown !== undefined) {
    throw undecided(unknown, expression);
  }
  const problem = expression === "" ? undefined : cel.problem(expression, variable, boolean);
  if (problem !== undefined) {
    yield { path, expected: "an expression that compiles", received: problem };
  }
}

/** Whoever takes the address for a name must look whether it was verified. */
function* emailProblem({ claimMappings, claimValidationRules }: JwtEntry): Generator<Problem> {
  const uses = (expression: string, claim: string): boolean =>
    new RegExp(`\\bclaims\\s*\\.\\s*\\??\\s*${claim}\\b(?!_)`).test(expression.replace(quoted, '""'));
  const verifying = [
    claimMappings.username.expression,
    ...claimMappings.extra.map(({ valueExpression }) => valueExpression),
    ...claimValidationRules.map(({ expression }) => expression),
  ].some((expression) => uses(expression, "email_verified"));
  if (uses(claimMappings.username.expression, "email") && !verifying) {
    yield {
      path: ["claimMappings", "username", "expression"],
      expected: "claims.email_verified in an expression where claims.email gives the username",
      received: claimMappings.username.expression,
    };
  }
}
