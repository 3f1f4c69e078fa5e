/**
 * CEL as an AuthenticationConfiguration has it: each expression of expressions.txt, and some made by chance, is an `extra` of one issuer
 * (or a rule about the user), and a token's claim `case` says which one is evaluated. Which are refused, the API server says when it reads
 * all of them at once. Where the verifier says that it does not judge an expression, it is not compared, and counted.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Cel, notEvaluated } from "../../../verifier/api-server/cel";
import { InvalidRulesError, readAuthenticationConfiguration } from "../../../verifier";
import { declarationsAgree } from "./declarations";
import type { ParityOptions, ParityPart, ParityResult } from "../part";
import type { Server } from "../server";
import type { Configuration } from "../tokens/configurations";
import { realistic, tokenOf } from "../tokens/draft";
import type { Keys } from "../tokens/keys";
import { randomExpressions } from "./random";
import { judged, ready, reviewed, shown } from "../tokens/review";
import { withIssuers, withServer, type World } from "../tokens/world";

/** An expression, and the texts around it that make a text of its value. */
interface Case {
  readonly name: string;
  readonly expression: string;
  /** As it stands in the configuration. */
  readonly written: string;
  readonly overUser: boolean;
}

const values = {
  a: "xy",
  n: 5,
  g: ["b", "a", "c"],
  m: { k: "v", "z.y": 1, l: [1, 2] },
  u: "https://h.example:8443/p%20q/x?a=1&a=2&b=%41#f",
  e: "a@b.c",
  sub: "héllo😀",
  b: true,
  nul: null,
  d: 1.5,
  roles: "r1,r2",
  ip: "10.1.2.3",
  objs: [{ n: "x", r: ["a"] }, { n: "y" }],
  empty: [],
  es: "",
  groups: ["g1", "g2"],
  "example.com": { roles: ["a", "b"], k: "w" },
  "nested.list": { l: [{ q: 1 }] },
};

/** How many expressions by chance come to those that stand in the file. */
const randomCount = 500;

export const cel: ParityPart = {
  name: "cel",
  fixed: true,
  run: (options) =>
    withIssuers(options.folder, (world) =>
      withServer(options, { authenticationConfiguration: textOf(world.first, []) }, (server) => compare(options, world, server)),
    ),
};

async function compare(options: ParityOptions, { issuers, keys, first: configuration }: World, server: Server): Promise<ParityResult> {
  const ours = await Cel.load();
  const judgement = (each: Case): string | undefined | typeof notJudged =>
    orNotJudged(() => ours.problem(each.written, each.overUser ? "user" : "claims", each.overUser));
  const all = readCases(options);
  const problems = new Map(all.map((each) => [each, judgement(each)]));
  const cases = all.filter((each) => problems.get(each) !== notJudged);
  const refused = await server.configure(textOf(configuration, cases)).then(
    () => new Set<string>(),
    (error: unknown) => refusedCases(String(error), cases),
  );
  const compiled = count(cases, (each) => {
    const [theirs, problem] = [refused.has(each.name), problems.get(each)];
    return agreed(options, each, theirs === (problem !== undefined), theirs ? "refused" : "compiles", String(problem ?? "compiles"));
  });
  const left = cases.filter((each) => !refused.has(each.name) && problems.get(each) === undefined);
  const text = textOf(configuration, left);
  await server.configure(text);
  await ready(server, () => tokenFor({ name: "none" }, configuration, keys));
  const rules = await readAuthenticationConfiguration(text);
  const evaluated = { agreed: 0, of: 0 };
  for (const each of left) {
    const token = tokenFor(each, configuration, keys);
    const mine = await orNotJudged(() => judged(token, { issuers, rules }));
    if (mine === notJudged) {
      continue;
    }
    const theirs = await reviewed(server, token);
    const key = `example.com/${each.name}`;
    const [left_, right] = [theirs, mine].map(({ accepted, extra }) => shown([accepted, extra?.[key] ?? []]));
    evaluated.of++;
    evaluated.agreed += agreed(options, each, left_ === right, `${left_} ${theirs.reason ?? ""}`, `${right} ${mine.reason ?? ""}`) ? 1 : 0;
  }
  options.say(`cel: ${all.length - cases.length + left.length - evaluated.of} of ${all.length} expressions are not judged`);
  return { agreement: { declared: declarationsAgree(options), refused: compiled, evaluated } };
}

const notJudged = Symbol("not judged");

/** What a judgement says, or that it says nothing (`unsupported_expression`). */
function orNotJudged<Result>(judge: () => Promise<Result>): Promise<Result | typeof notJudged>;
function orNotJudged<Result>(judge: () => Result): Result | typeof notJudged;
function orNotJudged(judge: () => unknown): unknown {
  const said = (error: unknown): typeof notJudged => {
    if (error instanceof InvalidRulesError && error.code === "unsupported_expression") {
      return notJudged;
    }
    throw error;
  };
  try {
    const result = judge();
    return result instanceof Promise ? result.catch(said) : result;
  } catch (error) {
    return said(error);
  }
}

function readCases({ seed }: ParityOptions): Case[] {
  const lines = readFileSync(join(__dirname, "expressions.txt"), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return [...lines, ...randomExpressions(seed, randomCount)].flatMap((expression, index) => {
    const name = `c${index}`;
    if (notEvaluated(expression) !== undefined) {
      return [];
    }
    const overUser = /\buser\./.test(expression);
    // Not inside of format(), where lists may be mixed.
    const value = `[dyn(${expression})].map(each, "%s".format([each]))[0]`;
    const written = overUser ? `user.uid != "${name}" || ${value} != "-"` : `claims.case == "${name}" ? ${value} : ""`;
    return [{ name, expression, written, overUser }];
  });
}

function textOf({ entry }: Configuration, cases: readonly Case[]): string {
  const extra = cases
    .filter(({ overUser }) => !overUser)
    .map(({ name, written }) => ({ key: `example.com/${name}`, valueExpression: written }));
  const userValidationRules = cases.filter(({ overUser }) => overUser).map(({ written }) => ({ expression: written }));
  const claimMappings = {
    username: { claim: "sub", prefix: "" },
    groups: { claim: "groups", prefix: "" },
    uid: { claim: "case" },
    extra,
  };
  return stringify(
    {
      apiVersion: "apiserver.config.k8s.io/v1",
      kind: "AuthenticationConfiguration",
      jwt: [
        {
          issuer: entry["issuer"],
          claimMappings: cases.length === 0 ? { ...claimMappings, uid: undefined } : claimMappings,
          userValidationRules,
        },
      ],
    },
    { lineWidth: 0 },
  );
}

/** The names of the cases whose place the API server's words name. */
function refusedCases(words: string, cases: readonly Case[]): Set<string> {
  const claims = cases.filter(({ overUser }) => !overUser);
  const users = cases.filter(({ overUser }) => overUser);
  const names = new Set<string>();
  for (const [, list, index] of words.matchAll(
    /(extra|userValidationRules)\[(\d+)\]\.(?:valueExpression|expression): (?:Invalid value|Internal error)/g,
  )) {
    names.add((list === "extra" ? claims : users)[Number(index)]?.name ?? "");
  }
  if (names.size === 0) {
    throw new Error(`Expected the API server to name the expressions that it refuses, got ${words.slice(0, 2000)}`);
  }
  return names;
}

function tokenFor(each: Pick<Case, "name">, configuration: Configuration, keys: Keys): string {
  const draft = realistic(configuration, keys, () => 0.5, 0);
  draft.claims = { ...draft.claims, ...values, case: each.name };
  return tokenOf(draft);
}

function count(cases: readonly Case[], holds: (each: Case) => boolean): { agreed: number; of: number } {
  return { agreed: cases.filter(holds).length, of: cases.length };
}

function agreed({ say }: ParityOptions, { expression }: Case, same: boolean, theirs: string, ours: string): boolean {
  if (!same) {
    say(`DISAGREE cel: ${expression}\n  API server: ${theirs}\n  verifier:   ${ours}`);
  }
  return same;
}
