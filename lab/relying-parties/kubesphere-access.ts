/**
 * KubeSphere's authoriser: global roles, then the workspace's, then the project's; any of them may allow
 * (pkg/apiserver/authorization/rbac/rbac.go). It goes by user name alone: no group of a token ever reaches it.
 */
import { z } from "zod";
import type { Question } from "./access-questions";
import type { ClusterApi } from "./cluster-api";

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
      }),
    )
    .default([]),
});
type Rules = z.infer<typeof rulesSchema>["rules"];

/** A kind of binding with its roles, and where their objects are. */
interface Level {
  readonly bindings: string;
  readonly roles: string;
  /** Only bindings with this label count. */
  readonly workspace?: string;
}

function levels(release: 3 | 4, question: Question): Level[] {
  const iam = `/apis/iam.kubesphere.io/${release === 3 ? "v1alpha2" : "v1beta1"}`;
  const project = release === 3 ? "/apis/rbac.authorization.k8s.io/v1" : iam;
  const { namespace, workspace } = question;
  return [
    { bindings: `${iam}/globalrolebindings`, roles: `${iam}/globalroles` },
    ...(workspace === undefined ? [] : [{ bindings: `${iam}/workspacerolebindings`, roles: `${iam}/workspaceroles`, workspace }]),
    ...(namespace === undefined
      ? []
      : [{ bindings: `${project}/namespaces/${namespace}/rolebindings`, roles: `${project}/namespaces/${namespace}/roles` }]),
  ];
}

/** Whether an account may do something, and through which binding. */
export async function askKubeSphere(
  api: ClusterApi,
  release: 3 | 4,
  account: string,
  question: Question,
): Promise<{ allowed: boolean; reason: string }> {
  for (const level of levels(release, question)) {
    const { items } = await api.get(level.bindings, bindingsSchema);
    for (const binding of items) {
      const bound = binding.subjects.some((subject) => subject.kind === "User" && subject.name === account);
      const here = level.workspace === undefined || binding.metadata.labels?.["kubesphere.io/workspace"] === level.workspace;
      if (bound && here && allows(await rulesOf(api, `${level.roles}/${binding.roleRef.name}`), question)) {
        return { allowed: true, reason: `${binding.roleRef.kind} ${binding.roleRef.name} by ${binding.metadata.name}` };
      }
    }
  }
  return { allowed: false, reason: "" };
}

async function rulesOf(api: ClusterApi, path: string): Promise<Rules> {
  return (await api.get(path, rulesSchema)).rules;
}

function allows(rules: Rules, { verb, group = "", resource }: Question): boolean {
  const matches = (list: readonly string[], value: string): boolean => list.includes("*") || list.includes(value);
  return rules.some((rule) => matches(rule.verbs, verb) && matches(rule.apiGroups, group) && matches(rule.resources, resource));
}
