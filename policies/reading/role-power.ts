/** What the roles of a program come to where they are bound: Kubernetes' edit and admin under a name of one's own. */
import type { Subject } from "../rule";
import { roleTypes } from "../types";
import { text } from "../value";
import { objectsOf } from "./objects";
import { allowedVerbs, rolesOf, type AccessRule, type Binding } from "./rbac";

interface Power {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly comesTo: string;
}

const change = ["create", "update", "patch"];
/** Whoever starts a pod, or changes what one is started from, has each service account and Secret of the namespace (RBAC Good Practices). */
const inNamespace: readonly Power[] = [
  { group: "", resources: ["pods", "replicationcontrollers"], verbs: ["create"], comesTo: "starts pods" },
  { group: "apps", resources: ["deployments", "daemonsets", "statefulsets", "replicasets"], verbs: change, comesTo: "starts pods" },
  { group: "batch", resources: ["jobs", "cronjobs"], verbs: change, comesTo: "starts pods" },
  { group: "", resources: ["secrets"], verbs: change, comesTo: "writes Secrets" },
];
/** Beside a platform also: its services behind their own sign-in, and its configuration. */
const besidePlatform: readonly Power[] = [
  {
    group: "",
    resources: ["pods/portforward", "pods/proxy", "services/proxy"],
    verbs: ["create", "get"],
    comesTo: "reaches services unseen",
  },
  { group: "", resources: ["configmaps"], verbs: change, comesTo: "writes its configuration" },
];
/** Of the whole cluster also: files of nodes, and what pods of a namespace may do. */
const ofCluster: readonly Power[] = [
  { group: "", resources: ["persistentvolumes"], verbs: ["create"], comesTo: "mounts files of nodes" },
  { group: "", resources: ["namespaces"], verbs: ["update", "patch"], comesTo: "changes what pods may do" },
];

/** The rules of the role that a binding names, where the program makes it. */
export function boundRules(binding: Binding, source: Subject | undefined, resources: readonly Subject[]): readonly AccessRule[] {
  const linked = resources.filter(({ urn, type }) => roleTypes.test(type) && (source?.from["roleRef"] ?? []).includes(urn));
  const named = resources.filter(({ type }) => roleTypes.test(type)).filter((role) => isNamed(role, binding));
  return [...new Set([...linked, ...named])].flatMap(rolesOf).flatMap(({ rules }) => rules);
}

function isNamed(role: Subject, { role: name, roleKind, namespace }: Binding): boolean {
  const cluster = role.type.includes(":ClusterRole");
  return (
    name !== undefined &&
    cluster === (roleKind !== "Role") &&
    objectsOf(role).some(
      ({ object }) =>
        text(object, "metadata", "name") === name && (cluster || (text(object, "metadata", "namespace") ?? namespace) === namespace),
    )
  );
}

/** What rules come to in the whole cluster, or beside a platform; undefined for roles that neither start nor write anything there. */
export function powerOf(rules: readonly AccessRule[], where: "cluster" | "platform"): string | undefined {
  const powers = [...inNamespace, ...(where === "cluster" ? ofCluster : besidePlatform)];
  return powers.find(({ group, resources, verbs }) =>
    rules.some((rule) => resources.some((resource) => allowedVerbs(rule, group, resource, verbs, true).length > 0)),
  )?.comesTo;
}
