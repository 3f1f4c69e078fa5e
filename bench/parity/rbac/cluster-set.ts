import { setTimeout as sleep } from "node:timers/promises";
import { stableJson } from "../../../model";
import { aggregated, readRbacObjects, type RbacState } from "../../../verifier/rbac";
import { inParallel, type Call } from "./client";
import { namespaces, type ObjectSet, type RbacObject } from "./objects";

const api = "/apis/rbac.authorization.k8s.io/v1";
const collections = { Role: "roles", ClusterRole: "clusterroles", RoleBinding: "rolebindings", ClusterRoleBinding: "clusterrolebindings" };
const connections = 16;

function pathOf({ kind, metadata: { namespace } }: Pick<RbacObject, "kind" | "metadata">): string {
  return `${api}${namespace === undefined ? "" : `/namespaces/${namespace}`}/${collections[kind]}`;
}

/**
 * Makes a set's objects and waits until the API server decides by them: its informers see each kind in the order of its changes, so
 * one object more of each kind, made last, says that the others have been seen. Aggregated roles must have settled before.
 * @returns the cluster's whole RBAC
 */
export async function install(call: Call, set: ObjectSet, number: number): Promise<RbacState> {
  await inParallel(set.objects, connections, (object) => create(call, object));
  const state = await settled(call);
  const [namespace] = namespaces;
  const name = `parity-${number}-seen`;
  const metadata = { name, labels: { set: `s${number}` } };
  const subjects = [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name }];
  const rules = [{ verbs: ["see"], apiGroups: [""], resources: ["sets"] }];
  const ref = (kind: string) => ({ roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name }, subjects });
  const apiVersion = "rbac.authorization.k8s.io/v1";
  await create(call, { apiVersion, kind: "ClusterRole", metadata, rules });
  await create(call, { apiVersion, kind: "ClusterRoleBinding", metadata, ...ref("ClusterRole") });
  await seen(call, name, "");
  await call("DELETE", `${api}/clusterrolebindings/${name}`);
  await create(call, { apiVersion, kind: "Role", metadata: { ...metadata, namespace }, rules });
  await create(call, { apiVersion, kind: "RoleBinding", metadata: { ...metadata, namespace }, ...ref("Role") });
  await seen(call, name, namespace, false);
  return state;
}

async function create(call: Call, object: RbacObject): Promise<void> {
  const { status, body } = await call("POST", pathOf(object), object);
  if (status !== 201) {
    throw new Error(`Expected status 201 for ${object.kind} ${object.metadata.name}, got ${status}: ${body.slice(0, 400)}`);
  }
}

/** @param wide whether the right must come by the binding of the whole cluster; the narrow one is asked once the wide is gone */
async function seen(call: Call, user: string, namespace: string, wide = true): Promise<void> {
  const ask = async (place: string): Promise<boolean> => {
    const spec = { user, resourceAttributes: { verb: "see", resource: "sets", namespace: place } };
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
    const { body } = await call("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
    return (JSON.parse(body) as { status: { allowed: boolean } }).status.allowed;
  };
  for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
    if (wide ? await ask(namespace) : !(await ask("")) && (await ask(namespace))) {
      return;
    }
    await sleep(pause);
  }
}

/** The cluster's RBAC once every aggregated role has the rules that it should have; whatever it has after ten seconds. */
async function settled(call: Call): Promise<RbacState> {
  for (let turn = 0; ; turn += 1) {
    const state = await readState(call);
    if (turn === 200 || unsettled(state).length === 0) {
      return state;
    }
    await sleep(50);
  }
}

/** The aggregated roles whose rules are not those that {@link aggregated} gives them. */
export function unsettled(state: RbacState): string[] {
  const setOf = (rules: readonly unknown[]): string => [...new Set(rules.map((rule) => stableJson(rule)))].sort().join("\n");
  const wanted = new Map(aggregated(state).roles.map((role) => [`${role.kind} ${role.namespace}/${role.name}`, role]));
  return state.roles
    .filter(({ aggregation }) => aggregation !== undefined)
    .filter((role) => setOf(role.rules) !== setOf(wanted.get(`${role.kind} ${role.namespace}/${role.name}`)?.rules ?? []))
    .map(({ name }) => name);
}

export async function readState(call: Call): Promise<RbacState> {
  const lists = await Promise.all(Object.values(collections).map((collection) => call("GET", `${api}/${collection}`)));
  return readRbacObjects(lists.map(({ body }): unknown => JSON.parse(body)));
}

/** Takes a set's objects away, so that the next one does not meet a growing cluster. */
export async function remove(call: Call, number: number): Promise<void> {
  const selector = `?labelSelector=set%3Ds${number}`;
  await Promise.all([
    call("DELETE", `${api}/clusterrolebindings${selector}`),
    call("DELETE", `${api}/clusterroles${selector}`),
    ...namespaces.flatMap((namespace) =>
      ["roles", "rolebindings"].map((collection) => call("DELETE", `${api}/namespaces/${namespace}/${collection}${selector}`)),
    ),
  ]);
}
