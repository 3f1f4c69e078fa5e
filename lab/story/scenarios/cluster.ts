import { proofsAt, type Proof } from "./scenario";

const pods = (verb: string, namespace?: string) => ({
  verb,
  group: "",
  resource: "pods",
  ...(namespace === undefined ? {} : { namespace }),
});
const secrets = (namespace: string) => ({ verb: "get", group: "", resource: "secrets", namespace });
const binding = { verb: "create", group: "rbac.authorization.k8s.io", resource: "rolebindings", namespace: "billing" };

interface People {
  /** admin in shop and billing */
  readonly administrator: string;
  /** edit in shop */
  readonly operator: string;
  /** cluster-view */
  readonly auditor: string;
}

/** What three people with Kubernetes' own roles may and may not do: the same whichever way leads them to the API server. */
export function clusterProofs(platform: string, { administrator, operator, auditor }: People): Proof[] {
  const proof = proofsAt(platform);
  return [
    proof(administrator, "allowed", "bind a role in namespace billing", binding),
    proof(administrator, "denied", "list pods of the whole cluster", pods("list")),
    proof(administrator, "denied", "read secrets of namespace kube-system", secrets("kube-system")),
    proof(operator, "allowed", "delete a pod of namespace shop", pods("delete", "shop")),
    proof(operator, "denied", "delete a pod of namespace billing", pods("delete", "billing")),
    proof(auditor, "allowed", "list pods of the whole cluster", pods("list")),
    proof(auditor, "denied", "delete a pod of namespace shop", pods("delete", "shop")),
    proof(auditor, "denied", "read secrets of namespace shop", secrets("shop")),
  ];
}

/** The people of a cluster's stacks. */
export const clusterPeople = [
  { login: "ana@example.com", firstName: "Ana", lastName: "Admin", part: "administrator of shop and billing" },
  { login: "omar@example.com", firstName: "Omar", lastName: "Operator", part: "operator of shop" },
  { login: "ada@example.com", firstName: "Ada", lastName: "Auditor", part: "auditor", existingGroups: ["Security Auditors"] },
  { login: "nils@example.com", firstName: "Nils", lastName: "Nobody", part: "assigned to nothing" },
];

export const clusterParts = { administrator: "ana@example.com", operator: "omar@example.com", auditor: "ada@example.com" };
