import { createHash } from "node:crypto";
import { z } from "zod";
import {
  compareText,
  dayOf,
  jsonOrNothing,
  ruleText,
  stableJson,
  type EnvironmentDocument,
  type Evidence,
  type EvidenceFinding,
} from "../../model";
import { declaredBindings, indexRbac, pathText, readRbacObjects, whoCan, type RbacBinding, type RbacState } from "../../verifier/rbac";
import type { ClusterGet } from "../cluster";
import { bindingDrift, bindingKindsOf, environmentReach } from "../drift/bindings";
import { powerfulBindings, rulesIn } from "../drift/powers";
import { bindingsOfPages, readPlatformBindings } from "../drift/cluster";
import type { LiveBinding } from "../drift/types";
import { EngineError } from "../errors";
import type { Io } from "../io";
import { readerOf } from "./ask";
import { wholeList } from "./lists";

type EvidenceBinding = Evidence["cluster"]["bindings"][number];

/** What the cluster says. */
export interface ClusterReading {
  readonly facts: Evidence["cluster"];
  readonly state: RbacState;
  readonly findings: readonly EvidenceFinding[];
  readonly mayChange: Evidence["mayChange"];
  readonly clock?: Evidence["clocks"][number];
}

const rbacGroup = "rbac.authorization.k8s.io";

/** Every role and binding, whole and counted, and which of them reach the environment. */
export async function readCluster(document: EnvironmentDocument, get: ClusterGet, io: Io): Promise<ClusterReading> {
  const answer = await get("/version");
  const version = z.looseObject({ gitVersion: z.string() }).safeParse(answer.status === 200 ? jsonOrNothing(answer.body) : undefined);
  if (!version.success) {
    throw new EngineError(
      "cluster_refused",
      `Expected the API server to tell its version (200), got ${answer.status}.\nFix: check the kubeconfig.`,
    );
  }
  const theirs = Date.parse(answer.date ?? "");
  const pathOf = (name: string): string => `/apis/${rbacGroup}/v1/${name}`;
  const whole = (name: string) => wholeList(get, pathOf(name));
  const lists = await Promise.all([whole("clusterroles"), whole("roles"), whole("clusterrolebindings"), whole("rolebindings")]);
  const [, , clusterRoleBindings, roleBindings] = lists;
  const state = readRbacObjects(lists.flatMap(({ pages }) => pages));
  const live = [
    ...bindingsOfPages("ClusterRoleBinding", clusterRoleBindings.pages, pathOf("clusterrolebindings")),
    ...bindingsOfPages("RoleBinding", roleBindings.pages, pathOf("rolebindings")),
    ...(await readPlatformBindings(get, bindingKindsOf(document))),
  ];
  const server = get.server ?? "the API server";
  const bindings = evidenceBindings(document, state, live);
  return {
    facts: {
      server,
      version: version.data.gitVersion,
      readBy: await readerOf(get),
      lists: lists.map(({ fact }) => fact).sort((left, right) => compareText(left.what, right.what)),
      bindings,
      roles: evidenceRoles(state, bindings),
    },
    state,
    findings: bindingDrift(document, live, powerfulBindings(document, live, rulesIn(state)), dayOf(io.now())),
    mayChange: bindingChangers(state, server),
    ...(!Number.isNaN(theirs) && { clock: { server, seconds: Math.round((io.now().getTime() - theirs) / 1000) } }),
  };
}

/** Bindings that hold in the whole cluster, that name somebody of the environment or an account of a platform, or that lie where a platform or a grant does. */
function evidenceBindings(document: EnvironmentDocument, state: RbacState, live: readonly LiveBinding[]): EvidenceBinding[] {
  const declared = new Set(declaredBindings(document).bindings.map(placeOf));
  const reaches = environmentReach(document);
  const platformNamespaces = new Set(
    Object.values(document.platforms).flatMap(({ release }) => (release === undefined ? [] : [release.namespace])),
  );
  const namespaces = new Set([
    ...platformNamespaces,
    ...document.access.flatMap((grant) => grant.bindings.flatMap(({ namespace }) => namespace ?? [])),
  ]);
  const whyListed = ({ kind, namespace, roleRef, subjects }: RbacBinding): EvidenceBinding["reaches"] => [
    ...(subjects.some((subject) => reaches(subject, roleRef.name)) ? (["environment"] as const) : []),
    ...(namespaces.has(namespace) ? (["platform namespace"] as const) : []),
    ...(subjects.some((subject) => subject.kind === "ServiceAccount" && platformNamespaces.has(subject.namespace || namespace))
      ? (["platform account"] as const)
      : []),
    ...(kind === "ClusterRoleBinding" ? (["whole cluster"] as const) : []),
  ];
  const standard = state.bindings.map((binding): EvidenceBinding => ({
    kind: binding.kind,
    name: binding.name,
    ...(binding.namespace !== "" && { namespace: binding.namespace }),
    roleRef: binding.roleRef,
    subjects: binding.subjects.map(({ kind, name, namespace }) => ({ kind, name, ...(namespace !== "" && { namespace }) })),
    declared: declared.has(placeOf(binding)),
    reaches: whyListed(binding),
  }));
  const own = live
    .filter(({ kind }) => kind !== "RoleBinding" && kind !== "ClusterRoleBinding")
    .map(({ helm: _helm, ...binding }): EvidenceBinding => ({
      ...binding,
      subjects: [...binding.subjects],
      declared: document.access.some((grant) =>
        grant.bindings.some((one) => one.kind === binding.kind && one.name === binding.name && one.workspace === binding.workspace),
      ),
      reaches: binding.subjects.some((subject) => reaches(subject, binding.roleRef.name)) ? ["environment"] : [],
    }));
  return [...standard, ...own]
    .filter(({ reaches: why }) => why.length > 0)
    .sort((left, right) => compareText(stableJson(left), stableJson(right)));
}

function placeOf({ kind, name, namespace }: Pick<RbacBinding, "kind" | "name" | "namespace">): string {
  return `${kind} ${namespace}/${name}`;
}

/** The roles that those bindings name. */
function evidenceRoles(state: RbacState, bindings: readonly EvidenceBinding[]): Evidence["cluster"]["roles"] {
  const named = new Set(
    bindings.map(({ roleRef, namespace = "" }) => `${roleRef.kind} ${roleRef.kind === "Role" ? namespace : ""}/${roleRef.name}`),
  );
  return state.roles
    .filter(({ kind, namespace, name }) => named.has(`${kind} ${namespace}/${name}`))
    .map(({ kind, namespace, name, rules }) => ({
      kind,
      name,
      ...(namespace !== "" && { namespace }),
      rules: rules.map(ruleText),
      digest: createHash("sha256").update(stableJson(rules)).digest("hex"),
    }))
    .sort((left, right) =>
      compareText(`${left.kind} ${left.namespace ?? ""}/${left.name}`, `${right.kind} ${right.namespace ?? ""}/${right.name}`),
    );
}

/** Who may give access in the cluster beside the stack. */
function bindingChangers(state: RbacState, source: string): Evidence["mayChange"] {
  const index = indexRbac(state);
  const of = { apiGroup: rbacGroup, resource: "clusterrolebindings", subresource: "", name: "", namespace: "" };
  return ["create", "update"].map((verb) => ({
    what: `cluster: ${verb} clusterrolebindings`,
    who: whoCan(index, { ...of, verb }).map(pathText),
    source,
  }));
}
