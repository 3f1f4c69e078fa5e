import { builtInRules, jsonOrNothing, reachOf, type EnvironmentDocument, type PolicyRule, type WayCode } from "../../model";
import { readRbacObjects, type RbacState } from "../../verifier/rbac";
import type { ClusterGet } from "../cluster";
import { EngineError } from "../errors";
import { isMade, platformsIn } from "./makers";
import { placeOf } from "./names";
import type { LiveBinding } from "./types";

/** What lets somebody take a platform's client secret or its service accounts, within its namespace. */
const powers: readonly WayCode[] = [
  "account-token",
  "token-secret",
  "run-pod",
  "enter-pod",
  "read-secrets",
  "bind",
  "escalate",
  "everything",
];

/** What OpenShift binds to its own service accounts in every namespace (openshift/apiserver-library-go, project bootstrap). */
const inEveryProject = ["system:deployer", "system:image-builder", "system:image-puller"];

type RulesOf = (binding: LiveBinding) => readonly PolicyRule[];

/** The undeclared bindings in platforms' namespaces that give power over what is in there, by place. Pure. */
export function powerfulBindings(document: EnvironmentDocument, live: readonly LiveBinding[], rulesOf: RulesOf): Set<string> {
  const platforms = Object.values(document.platforms).flatMap(({ release, title }) =>
    release === undefined ? [] : [{ namespace: release.namespace, title }],
  );
  return new Set(
    candidates(document, live)
      .filter((binding) => {
        const held = rulesOf(binding).map((rule) => ({ rule, place: binding.namespace }));
        return reachOf(held, { accounts: [], platforms }).some(({ code }) => powers.includes(code));
      })
      .map(placeOf),
  );
}

/** The rules of roles that were read already. */
export function rulesIn({ roles }: RbacState): RulesOf {
  return ({ roleRef, namespace = "" }) =>
    roles.find(
      ({ kind, name, namespace: place }) =>
        kind === roleRef.kind && name === roleRef.name && (kind === "ClusterRole" || place === namespace),
    )?.rules ?? [];
}

/**
 * The same, with the roles that those bindings name read from the cluster: mostly none.
 * @throws EngineError when one cannot be read: what a role gives and cannot be seen must not pass for nothing
 */
export async function readPowerfulBindings(
  get: ClusterGet,
  document: EnvironmentDocument,
  live: readonly LiveBinding[],
): Promise<Set<string>> {
  const rules = new Map<string, readonly PolicyRule[]>();
  for (const binding of candidates(document, live)) {
    const path = rolePath(binding);
    if (!rules.has(path)) {
      rules.set(path, builtIn(binding) ?? (await readRules(get, path)));
    }
  }
  return powerfulBindings(document, live, (binding) => rules.get(rolePath(binding)) ?? []);
}

function candidates(document: EnvironmentDocument, live: readonly LiveBinding[]): LiveBinding[] {
  const declared = new Set(document.access.flatMap(({ bindings }) => bindings.map(placeOf)));
  return live.filter(
    (binding) =>
      binding.kind === "RoleBinding" &&
      binding.subjects.length > 0 &&
      platformsIn(document, binding.namespace).length > 0 &&
      !inEveryProject.includes(binding.roleRef.name) &&
      !declared.has(placeOf(binding)) &&
      !isMade(document, binding),
  );
}

function rolePath({ roleRef: { kind, name }, namespace = "" }: LiveBinding): string {
  const place = kind === "Role" ? `namespaces/${encodeURIComponent(namespace)}/roles` : "clusterroles";
  return `/apis/rbac.authorization.k8s.io/v1/${place}/${encodeURIComponent(name)}`;
}

function builtIn({ roleRef: { kind, name } }: LiveBinding): readonly PolicyRule[] | undefined {
  return kind === "ClusterRole" && ["cluster-admin", "admin", "edit"].includes(name) ? builtInRules(name) : undefined;
}

async function readRules(get: ClusterGet, path: string): Promise<readonly PolicyRule[]> {
  const { status, body } = await get(path);
  if (status === 404) {
    return [];
  }
  if (status !== 200) {
    const rights = status === 401 || status === 403 ? "\nFix: use an identity that may get roles and clusterroles." : "";
    throw new EngineError("cluster_refused", `Expected the API server to give ${path} (200), got ${status}.${rights}`);
  }
  const [role] = readRbacObjects([jsonOrNothing(body)]).roles;
  if (role === undefined) {
    throw new EngineError("engine_answer", `Expected a role from the API server at ${path}, got something else.`);
  }
  return role.rules;
}
