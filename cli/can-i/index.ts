/**
 * `gatehouse can-i`: whether somebody may do something, by which way, and what is within their reach beyond the rules. The decision is
 * verifier/rbac's; here are the ways in which the question, the person and the RBAC come in.
 */
import {
  cheapestMitigation,
  mitigationText,
  reachOf,
  reachWords,
  textLines,
  type AccessRequest,
  type EnvironmentDocument,
} from "../../model";
import { accessOf, decideAccess, heldRules, indexRbac, sceneOf, type AccessDecision, type RbacIndex } from "../../verifier/rbac";
import { defineCommand, required, text } from "../command";
import type { ExitName } from "../exit-codes";
import { loadDocument, type DocumentSource } from "../inputs";
import type { Io } from "../io";
import { documentOptions, jsonOption } from "../options";
import { pathSteps, stepLines, type PathStep } from "../rbac/path";
import { questionOf, questionText } from "../rbac/question";
import { rbacOptions, readRbac, type RbacSource } from "../rbac/sources";
import { needsDocument, whoIsMeant, whoOptions, type Somebody, type WhoInput } from "../rbac/who";
import { outputText } from "../outputs";

export const canICommand = defineCommand({
  name: "can-i",
  summary: "Whether a token, a person, a group or an account may do something in the cluster, by which way, and what is within reach.",
  arguments: {
    verb: required("<verb>", "get, list, create, delete, impersonate, ..."),
    resource: required("<resource>", "resource[.group][/name], such as pods, deployments.apps/web or secrets; or a path such as /metrics"),
  },
  options: {
    namespace: text("-n, --namespace <name>", "in this namespace (default: in the whole cluster)"),
    subresource: text("--subresource <name>", "a subresource, such as log or exec"),
    ...whoOptions,
    ...documentOptions,
    ...rbacOptions,
    json: jsonOption("answer"),
  },
  run: canI,
});

interface CanIInput extends WhoInput, DocumentSource, RbacSource {
  readonly verb: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly subresource?: string;
  readonly json: boolean;
}

/** One identity's answer. */
interface Answer {
  readonly name: string;
  readonly platform: string | null;
  readonly answer: "yes" | "no" | "undecided";
  readonly path: readonly PathStep[];
  /** Why it is undecided, and what was not counted. */
  readonly notes: readonly string[];
  /** What their rights lead to, in sentences. */
  readonly reach: readonly string[];
  readonly mitigation: string | null;
}

async function canI(input: CanIInput, io: Io): Promise<ExitName> {
  const request = questionOf(input.verb, input.resource, input);
  const wanted = needsDocument(input) || input.env !== undefined || input.stack !== undefined;
  const document = wanted ? await loadDocument(input, io) : undefined;
  const people = await whoIsMeant(input, document, io);
  const { rbac, origin } = await readRbac(input, document, io);
  const index = indexRbac(rbac);
  const answers = people.map((somebody) => answerOf(index, somebody, request, document, origin));
  const answer = ["yes", "undecided"].find((one) => answers.some((given) => given.answer === one)) ?? "no";
  io.stdout(
    input.json
      ? outputText("can-i", { question: request, rbac: origin, answer, answers })
      : answers.map((one) => textOf(one, request)).join(""),
  );
  return answer === "yes" ? "ok" : answer === "no" ? "refused" : "unavailable";
}

function answerOf(
  index: RbacIndex,
  somebody: Somebody,
  request: AccessRequest,
  document: EnvironmentDocument | undefined,
  origin: "live" | "planned",
): Answer {
  const decision = decideAccess(index, somebody.identity, request);
  const open = !decision.allowed && origin === "planned" && decision.dangling.length > 0;
  const scene = sceneOf(index, document);
  const findings = reachOf(heldRules(accessOf(index, somebody.identity)), scene);
  const mitigation = cheapestMitigation(findings.filter(({ code }) => code !== "everything"));
  return {
    name: somebody.name,
    platform: somebody.platform ?? null,
    answer: decision.allowed ? "yes" : open ? "undecided" : "no",
    path: stepsOf(decision, somebody, document),
    notes: [
      ...(open
        ? decision.dangling.map(
            (line) => `${line}; its rules are known in the cluster (--kubeconfig) or from a rendered chart (--objects).`,
          )
        : []),
      ...somebody.notes,
    ],
    reach: reachWords(findings, scene),
    mitigation: mitigation === undefined ? null : mitigationText(mitigation),
  };
}

function stepsOf({ by }: AccessDecision, somebody: Somebody, document: EnvironmentDocument | undefined): PathStep[] {
  if (by === null) {
    return [];
  }
  return by === "superuser"
    ? [{ step: "subject", text: "Group system:masters, whom the API server lets before RBAC is asked" }]
    : pathSteps(by, document, somebody.person, somebody.platform);
}

function textOf({ name, platform, answer, path, notes, reach, mitigation }: Answer, request: AccessRequest): string {
  const where = platform === null ? "" : ` (at ${platform})`;
  const may = answer === "yes" ? "may" : answer === "no" ? "may not" : "may perhaps";
  const lines = [
    `${answer}: ${name}${where} ${may} ${questionText(request)}.`,
    ...stepLines(path),
    ...notes.map((note) => `  Note: ${note}`),
    ...reach.map((sentence) => `  Reach: ${sentence}`),
    ...(mitigation === null ? [] : [`  ${mitigation}`]),
  ];
  return textLines(lines);
}
