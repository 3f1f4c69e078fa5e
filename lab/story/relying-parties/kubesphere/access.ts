/**
 * KubeSphere's authoriser: global roles, then the workspace's, then the project's; any of them may allow, and a role in a
 * workspace holds in every project of it (pkg/apiserver/authorization/rbac/rbac.go, visitRulesFor). It goes by user name; the
 * one group is system:authenticated, since no group of a token ever reaches it. The small programs in the annotation
 * `iam.kubesphere.io/rego-override` of some global roles are not run: beyond the rules they let people see themselves.
 */
import { z } from "zod";
import type { Question } from "../access-questions";
import type { ClusterApi } from "../cluster-api";

type Reader = Pick<ClusterApi, "get">;

const bindingsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }),
      roleRef: z.object({ kind: z.string(), name: z.string() }),
      subjects: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
    }),
  ),
});

const rulesSchema = z.object({
  rules: z
    .array(
      z.object({
        verbs: z.array(z.string()),
        apiGroups: z.array(z.string()).default([]),
        resources: z.array(z.string()).default([]),
        resourceNames: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});
type Rules = z.infer<typeof rulesSchema>["rules"];

const workspaceLabel = "kubesphere.io/workspace";

/** A kind of binding with its roles, and where their objects are. */
interface Level {
  readonly bindings: string;
  readonly roles: string;
  /** Only bindings with this label count. */
  readonly workspace?: string;
}

function levels(release: 3 | 4, { namespace }: Question, workspace: string | undefined): Level[] {
  const iam = `/apis/iam.kubesphere.io/${release === 3 ? "v1alpha2" : "v1beta1"}`;
  const project = release === 3 ? "/apis/rbac.authorization.k8s.io/v1" : iam;
  return [
    { bindings: `${iam}/globalrolebindings`, roles: `${iam}/globalroles` },
    ...(workspace === undefined ? [] : [{ bindings: `${iam}/workspacerolebindings`, roles: `${iam}/workspaceroles`, workspace }]),
    ...(namespace === undefined
      ? []
      : [{ bindings: `${project}/namespaces/${namespace}/rolebindings`, roles: `${project}/namespaces/${namespace}/roles` }]),
  ];
}

const namespaceSchema = z.object({ metadata: z.object({ labels: z.record(z.string(), z.string()).optional() }) });

/** The workspace that a question is about: the namespace's own, by its label, where it names a namespace. */
async function workspaceOf(api: Reader, { namespace, workspace }: Question): Promise<string | undefined> {
  if (namespace === undefined) {
    return workspace;
  }
  const { metadata } = await api.get(`/api/v1/namespaces/${namespace}`, namespaceSchema);
  return metadata.labels?.[workspaceLabel];
}

/** Whether an account may do something, and through which binding. */
export async function askKubeSphere(
  api: Reader,
  release: 3 | 4,
  account: string,
  question: Question,
): Promise<{ allowed: boolean; reason: string }> {
  for (const level of levels(release, question, await workspaceOf(api, question))) {
    const { items } = await api.get(level.bindings, bindingsSchema);
    for (const binding of items) {
      const bound = binding.subjects.some(({ kind, name }) =>
        kind === "User" ? name === account : kind === "Group" && name === "system:authenticated",
      );
      const here = level.workspace === undefined || binding.metadata.labels?.[workspaceLabel] === level.workspace;
      if (bound && here && allows(await rulesOf(api, `${level.roles}/${binding.roleRef.name}`), question)) {
        return { allowed: true, reason: `${binding.roleRef.kind} ${binding.roleRef.name} by ${binding.metadata.name}` };
      }
    }
  }
  return { allowed: false, reason: "" };
}

async function rulesOf(api: Reader, path: string): Promise<Rules> {
  return (await api.get(path, rulesSchema)).rules;
}

function allows(rules: Rules, { verb, group = "", resource, name = "" }: Question): boolean {
  const matches = (list: readonly string[], value: string): boolean => list.includes("*") || list.includes(value);
  return rules.some(
    (rule) =>
      matches(rule.verbs, verb) &&
      matches(rule.apiGroups, group) &&
      matches(rule.resources, resource) &&
      (rule.resourceNames.length === 0 || rule.resourceNames.includes(name)),
  );
}
