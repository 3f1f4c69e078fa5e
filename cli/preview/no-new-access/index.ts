/**
 * `gatehouse preview --prove-no-new-access`: whether anybody may do after an update what they might not before, for all requests. The
 * proof is verifier/rbac's; here the two states are put together: what the plan's resources say, what its charts render to, what the
 * environment declares and, where a kubeconfig is given, the live cluster. Nothing is changed anywhere.
 */
import { ruleText, stableJson, textLines, type EnvironmentDocument } from "../../../model";
import {
  aggregated,
  aggregatedFrom,
  bindingText,
  builtInState,
  declaredBindings,
  merged,
  peopleOf,
  proveNoNewAccess,
  roleText,
  type AccessProof,
  type Gain,
  type RbacBinding,
  type RbacState,
} from "../../../verifier/rbac";
import type { EnginePreview } from "../../engine";
import type { ExitName } from "../../exit-codes";
import type { Io } from "../../io";
import { questionText } from "../../rbac/question";
import { liveRbac } from "../../rbac/sources";
import { renderedCharts } from "./charts";
import { mappingReasons, renamedSubjects } from "./mapping";
import { ownAccessControl } from "./own-access-control";
import { plannedRbac } from "./planned";
import { outputText } from "../../outputs";

export interface NoNewAccessInput {
  readonly engine: EnginePreview;
  /** Undefined before the first update. */
  readonly before: EnvironmentDocument | undefined;
  readonly after: EnvironmentDocument;
  readonly helm: string;
  readonly cwd?: string;
  /** True: the default one. */
  readonly kubeconfig?: string | true;
  readonly context?: string;
  readonly json: boolean;
}

/** Proves, or shows who gains, or says what stands in the way; ends with status 0, 4 or 3. */
export async function noNewAccess(input: NoNewAccessInput, io: Io): Promise<ExitName> {
  const { engine, before, after } = input;
  const planned = plannedRbac(engine.states);
  const live = await liveCluster(input, io);
  const charts = await renderedCharts(planned.releases, { helm: input.helm, cwd: input.cwd, kubeVersion: live?.version ?? "1.36.0" }, io);
  const declared = before === undefined ? { roles: [], bindings: [] } : merged(declaredBindings(before), ownAccessControl(before));
  const intended = merged(declaredBindings(after), ownAccessControl(after));
  const is = withSubjects(merged(charts.after, planned.after), intended);
  const base = live?.rbac ?? builtInState();
  const states = withOthers(
    aggregated(live === undefined ? merged(base, declared, charts.before, planned.before) : merged(base, ownOf(before))),
    aggregated(merged(base, is)),
    live === undefined,
  );
  const renamed = renamedSubjects(before, after, states.after);
  const proof = proveNoNewAccess(
    {
      rbac: states.before,
      people: { ...(before && peopleOf(before)), ...Object.fromEntries(renamed.map(({ who, was }) => [who, [was]])) },
    },
    { rbac: states.after, people: { ...peopleOf(after), ...Object.fromEntries(renamed.map(({ who, is: now }) => [who, [now]])) } },
  );
  const undecided = [
    ...proof.undecided,
    ...planned.undecided,
    ...charts.undecided,
    ...mappingReasons(before, after),
    ...(live === undefined ? gatheredElsewhere(states.before, states.after) : []),
  ];
  const compared = { roles: states.after.roles.length, bindings: states.after.bindings.length, charts: planned.releases.length };
  io.stdout(input.json ? jsonProof(proof, undecided, compared, engine.stack) : textProof(proof, undecided, compared, engine.stack));
  return proof.gains.length > 0 ? "changeStopped" : undecided.length > 0 ? "unavailable" : "ok";
}

/** Without the cluster, somebody outside the plan may hold any role that is there: a role that grows is a gain of theirs. */
function withOthers(before: RbacState, after: RbacState, unseen: boolean): { before: RbacState; after: RbacState } {
  const there = new Set(before.roles.map(roleText));
  const others = after.roles
    .filter((role) => unseen && there.has(roleText(role)))
    .map((role): RbacBinding => ({
      kind: role.kind === "Role" ? "RoleBinding" : "ClusterRoleBinding",
      namespace: role.namespace,
      name: `(outside the plan) ${role.name}`,
      roleRef: { kind: role.kind, name: role.name },
      subjects: [{ kind: "Group", name: `(whoever else holds ${roleText(role)})`, namespace: "" }],
    }));
  const also = { roles: [], bindings: others };
  return { before: merged(before, also), after: merged(after, also) };
}

/** Roles that grow and carry a label by which a role that is not in the plan may gather them. */
function gatheredElsewhere(before: RbacState, after: RbacState): string[] {
  const was = new Map(before.roles.map((role) => [roleText(role), stableJson([role.rules, role.labels])]));
  const gathered = new Set(after.roles.flatMap((role) => aggregatedFrom(role, after)).map(roleText));
  return after.roles
    .filter((role) => Object.keys(role.labels).some((label) => label.includes("aggregate-to-")))
    .filter((role) => !gathered.has(roleText(role)) && was.get(roleText(role)) !== stableJson([role.rules, role.labels]))
    .map((role) => `${roleText(role)}: a role that is not in the plan may gather its rules. Fix: pass --kubeconfig.`);
}

async function liveCluster({ kubeconfig, context }: NoNewAccessInput, io: Io): Promise<{ rbac: RbacState; version: string } | undefined> {
  if (kubeconfig === undefined && context === undefined) {
    return undefined;
  }
  const get = await io.openCluster(kubeconfig === true ? undefined : kubeconfig, context);
  const { status, body } = await get("/version");
  const version = status === 200 ? (JSON.parse(body) as { gitVersion?: string }).gitVersion : undefined;
  return { rbac: await liveRbac(get), version: version ?? "1.36.0" };
}

function ownOf(document: EnvironmentDocument | undefined): RbacState {
  return document === undefined ? { roles: [], bindings: [] } : ownAccessControl(document);
}

/** The plan's objects with what the environment means to bind: a subject that either names counts afterwards. */
function withSubjects(plan: RbacState, intended: RbacState): RbacState {
  const bindings = new Map(plan.bindings.map((binding) => [bindingText(binding), binding]));
  for (const binding of intended.bindings) {
    const planned = bindings.get(bindingText(binding));
    const subjects = [...(planned?.subjects ?? []), ...binding.subjects];
    bindings.set(bindingText(binding), { ...(planned ?? binding), subjects });
  }
  return { roles: [...plan.roles, ...intended.roles], bindings: [...bindings.values()] satisfies RbacBinding[] };
}

interface Compared {
  readonly roles: number;
  readonly bindings: number;
  readonly charts: number;
}

function verdictOf({ gains }: AccessProof, undecided: readonly string[]): "proven" | "widened" | "undecided" {
  return gains.length > 0 ? "widened" : undecided.length > 0 ? "undecided" : "proven";
}

function jsonProof(proof: AccessProof, undecided: readonly string[], compared: Compared, stack: string): string {
  const gains = proof.gains.map(({ who, request, path }) => ({
    who,
    request,
    path: { subject: path.subject, binding: bindingText(path.binding), role: roleText(path.role), rule: path.rule },
  }));
  return outputText("no-new-access", { stack, verdict: verdictOf(proof, undecided), gains, undecided, compared });
}

/** How many of those who gain are shown; the JSON form has them all. */
const shown = 20;

function textProof(proof: AccessProof, undecided: readonly string[], compared: Compared, stack: string): string {
  const { gains } = proof;
  const scope = `${compared.bindings} bindings, ${compared.roles} roles and ${compared.charts} rendered charts compared, for all requests`;
  const verdict = {
    proven: `${stack}: proven. Nobody may do after this update what they might not before (${scope}).`,
    widened: `${stack}: widened. ${gains.length === 1 ? "One gains" : `${gains.length} gain`} access (${scope}).`,
    undecided: `${stack}: not decided (${scope}).`,
  }[verdictOf(proof, undecided)];
  return textLines([
    verdict,
    ...gains.slice(0, shown).flatMap(gainLines),
    ...(gains.length > shown ? [`  and ${gains.length - shown} more (--format json has them all)`] : []),
    ...undecided.map((reason) => `  Not decided: ${reason}`),
  ]);
}

function gainLines({ who, request, path }: Gain): string[] {
  return [`  ${who.name}: ${questionText(request)}`, `    by ${bindingText(path.binding)}, ${roleText(path.role)}: ${ruleText(path.rule)}`];
}
