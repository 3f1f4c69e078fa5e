import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Cel, notEvaluated } from "../../../verifier/api-server/cel";
import { parseGoJson, type JsonObject } from "../../../verifier/go/json";

interface Row {
  readonly expression: string;
  readonly refused?: true;
  readonly fails?: true;
  /** A value that JSON cannot say. */
  readonly opaque?: true;
  readonly value?: unknown;
}
interface Recorded {
  readonly claims: object;
  readonly user: { username: string; uid: string; groups: string[]; extra: Record<string, string[]> };
  readonly rows: readonly Row[];
}

/** What Kubernetes' own evaluator answers; `npm run parity -- --only cel` puts the same expressions to a real API server. */
const recorded = JSON.parse(readFileSync(join(__dirname, "recorded.json"), "utf8")) as Recorded;
/** Nothing is said about these, since chance decides there, or the two checkers know different types. */
const notJudged = [
  "claims.a.orValue('x')",
  "claims.exists(k, v, k == 'sub')",
  "claims.filter(c, true)",
  "claims.m.l.first().optMap(v, string(v))",
  "claims[?'n'] == claims.?n && string(claims.m[?'k'].orValue(1.5)) != ''",
  "duration('1500ms')",
  "dyn(claims.m).transformList(k, v, k).sort()",
  "has({1: 2}.a__dot__b)",
  "ip(claims.ip) == null",
  "optional.of(1) == optional.none()",
  "optional.of(claims.?a).orValue(claims.?zz.orValue(claims['a'])).find('x')",
  "string(duration('1h1.5s'))",
  "string(timestamp('2020-01-01T00:00:00.5Z'))",
  "timestamp('2020-01-01T00:00:00+01:00')",
  "timestamp('2020-01-01T00:00:00Z').getHours('+02:00')",
  "true == 1 < 2",
  "type(claims) == map",
  "type(optional.of(1))",
];

function plain(value: unknown): unknown {
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (value instanceof Map) {
    return Object.fromEntries([...(value as Map<unknown, unknown>)].map(([key, item]) => [String(key), plain(item)]));
  }
  if (typeof value === "object" && value !== null) {
    return "hasValue" in value
      ? plainOptional(value as { hasValue(): boolean; value(): unknown })
      : value.constructor.name === "UnsignedInt"
        ? Number(value)
        : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function plainOptional(value: { hasValue(): boolean; value(): unknown }): unknown {
  return value.hasValue() ? plain(value.value()) : null;
}

test("what is not evaluated is named", () => {
  expect(notEvaluated("[?claims.?a, 'b']")).toMatch(/optional element/);
  expect(notEvaluated("claims.g[?0].orValue('')")).toBeUndefined();
  expect(notEvaluated("format.uri().validate(claims.u).value()")).toMatch(/validate/);
  expect(notEvaluated("claims.a == '[?x]'")).toBeUndefined();
});

test.each(notJudged)("%s is not judged, and says why", async (expression) => {
  const cel = await Cel.load();
  const claims = parseGoJson(Buffer.from(JSON.stringify(recorded.claims))) as JsonObject;
  const judge = (): unknown => cel.problem(expression, "claims", false) ?? cel.overClaims(expression, claims);
  expect(judge).toThrow(expect.objectContaining({ code: "unsupported_expression", exit: "unavailable" }) as Error);
  expect(judge).toThrow(/^Expected an expression that can be evaluated here, got .+ in ".+": the API server has it/);
});

describe("as the API server evaluates", () => {
  const rows = recorded.rows.filter(({ expression }) => !notJudged.includes(expression));
  let cel: Cel;
  let claims: JsonObject;
  beforeAll(async () => {
    cel = await Cel.load();
    claims = parseGoJson(Buffer.from(JSON.stringify(recorded.claims))) as JsonObject;
  });

  test.each(rows.map((row) => [row.expression, row] as const))("%s", (expression, row) => {
    const variable = /\buser\./.test(expression) ? "user" : "claims";
    const problem = cel.problem(expression, variable, false);
    expect(problem === undefined ? "compiles" : "refused").toBe(row.refused === true ? "refused" : "compiles");
    if (problem !== undefined) {
      return;
    }
    const result = variable === "user" ? cel.overUser(expression, recorded.user) : cel.overClaims(expression, claims);
    expect(result.error === undefined ? "a value" : "fails").toBe(row.fails === true ? "fails" : "a value");
    if (row.value !== undefined && result.error === undefined) {
      expect(plain(result.value)).toEqual(row.value);
    }
  });
});
