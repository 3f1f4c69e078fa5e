/**
 * `gatehouse who-can`: everybody who may do something, each with the way. Without a cluster it answers for what an environment
 * declares and for given objects.
 */
import { reachOf, reachWords, textLines, type EnvironmentDocument } from "../../model";
import {
  accessOf,
  heldRules,
  indexRbac,
  sceneOf,
  subjectKey,
  systemNames,
  whoCan,
  withImplicitGroups,
  type RbacIndex,
} from "../../verifier/rbac";
import { defineCommand, flag, required, text } from "../command";
import { UsageError } from "../errors";
import type { ExitName } from "../exit-codes";
import { loadDocument, type DocumentSource } from "../inputs";
import type { Io } from "../io";
import { documentOptions, jsonOption } from "../options";
import { pathSteps, stepLines, type PathStep } from "../rbac/path";
import { questionOf, questionText } from "../rbac/question";
import { rbacOptions, readRbac, type RbacSource } from "../rbac/sources";
import { outputText } from "../outputs";

export const whoCanCommand = defineCommand({
  name: "who-can",
  summary: "Everybody who may do something in the cluster, with the way from person to rule.",
  arguments: {
    verb: required("<verb>", "get, list, create, delete, impersonate, ..."),
    resource: required("<resource>", "resource[.group][/name], such as pods, deployments.apps/web or secrets; or a path such as /metrics"),
  },
  options: {
    namespace: text("-n, --namespace <name>", "in this namespace (default: in the whole cluster)"),
    subresource: text("--subresource <name>", "a subresource, such as log or exec"),
    reach: flag("--reach", "name those as well who can reach everything by another right"),
    ...documentOptions,
    ...rbacOptions,
    json: jsonOption("answer"),
  },
  run: answer,
});

interface WhoCanInput extends DocumentSource, RbacSource {
  readonly verb: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly subresource?: string;
  readonly reach: boolean;
  readonly json: boolean;
}

interface Reaching {
  readonly subject: string;
  readonly reach: readonly string[];
}

async function answer(input: WhoCanInput, io: Io): Promise<ExitName> {
  const request = questionOf(input.verb, input.resource, input);
  const clusterAlone = input.kubeconfig !== undefined || input.context !== undefined || input.objects !== undefined;
  const document = input.env !== undefined || input.stack !== undefined || !clusterAlone ? await loadDocument(input, io) : undefined;
  if (input.env === "-" && input.objects?.includes("-") === true) {
    throw new UsageError("flags", "Expected at most one input from standard input (-), got several.");
  }
  const { rbac, origin } = await readRbac(input, document, io);
  const index = indexRbac(rbac);
  const subjects = whoCan(index, request)
    .filter(({ subject }) => subject.name !== systemNames.masters)
    .map((path) => pathSteps(path, document));
  const reaching = input.reach ? reachers(index, document) : [];
  const unknown = origin === "planned" ? danglingRoles(index) : [];
  io.stdout(
    input.json
      ? outputText("who-can", { question: request, rbac: origin, subjects, reaching, unknown })
      : textOf(questionText(request), subjects, reaching, unknown),
  );
  return "ok";
}

/** Roles that are bound and not known: whoever holds them may be missing. */
function danglingRoles(index: RbacIndex): string[] {
  const unknown = index.state.bindings.filter((binding) => binding.subjects.length > 0 && index.roleOf(binding) === undefined);
  return [
    ...new Set(unknown.map(({ roleRef, namespace }) => `${roleRef.kind} ${roleRef.kind === "Role" ? `${namespace}/` : ""}${roleRef.name}`)),
  ].sort();
}

/** Users and groups whose rights lead to everything, service accounts left out: those are what the ways lead through. */
function reachers(index: RbacIndex, document: EnvironmentDocument | undefined): Reaching[] {
  const scene = sceneOf(index, document);
  const keys = new Set(
    index.state.bindings.flatMap(({ subjects, namespace }) => subjects.map((subject) => subjectKey(subject, namespace) ?? "")),
  );
  return [...keys].sort().flatMap((key) => {
    const [kind, name] = [key.slice(0, key.indexOf(" ")), key.slice(key.indexOf(" ") + 1)];
    if (key === "" || name.startsWith("system:serviceaccount:") || key === `Group ${systemNames.masters}`) {
      return [];
    }
    const identity = withImplicitGroups(kind === "User" ? { username: name, groups: [] } : { username: "", groups: [name] });
    const findings = reachOf(heldRules(accessOf(index, identity)), scene);
    return findings.some(({ everything }) => everything) ? [{ subject: key, reach: reachWords(findings, scene) }] : [];
  });
}

function textOf(
  question: string,
  subjects: readonly (readonly PathStep[])[],
  reaching: readonly Reaching[],
  unknown: readonly string[],
): string {
  const lines = [
    `${question}: ${subjects.length === 0 ? "nobody" : `${subjects.length} ${subjects.length === 1 ? "subject" : "subjects"}`}, and system:masters, whom RBAC is not asked about.`,
    ...subjects.flatMap((steps) => ["", ...stepLines(steps)]),
    ...(reaching.length === 0 ? [] : ["", "Within reach of everything by another right:"]),
    ...reaching.flatMap(({ subject, reach }) => [`  ${subject}: ${reach.join(" ")}`]),
    ...(unknown.length === 0
      ? []
      : [
          "",
          `Not counted, since their rules are not known here: ${unknown.join(", ")}. Fix: pass --kubeconfig, or the rendered chart with --objects.`,
        ]),
  ];
  return textLines(lines);
}
