import type { ClusterApi } from "../../../../story/relying-parties/cluster-api";
import { askKubeSphere } from "../../../../story/relying-parties/kubesphere/access";

const iam = "/apis/iam.kubesphere.io/v1beta1";
const everything = { apiGroups: ["*"], resources: ["*"], verbs: ["*"] };
const binding = (name: string, kind: string, role: string, subject: { kind: string; name: string }, labels = {}) => ({
  metadata: { name, labels },
  roleRef: { kind, name: role },
  subjects: [subject],
});
const user = (name: string) => ({ kind: "User", name });
const retail = { "kubesphere.io/workspace": "retail" };

const objects: Record<string, unknown> = {
  [`${iam}/globalrolebindings`]: {
    items: [
      binding("authenticated", "GlobalRole", "authenticated", { kind: "Group", name: "system:authenticated" }),
      binding("admins", "GlobalRole", "platform-admin", { kind: "Group", name: "admins" }),
    ],
  },
  [`${iam}/globalroles/authenticated`]: { rules: [{ apiGroups: ["iam.kubesphere.io"], resources: ["users"], verbs: ["list"] }] },
  [`${iam}/workspacerolebindings`]: { items: [binding("wim", "WorkspaceRole", "retail-admin", user("wim"), retail)] },
  [`${iam}/workspaceroles/retail-admin`]: { rules: [everything] },
  [`${iam}/namespaces/shop/rolebindings`]: { items: [binding("omar", "Role", "operator", user("omar"))] },
  [`${iam}/namespaces/shop/roles/operator`]: {
    rules: [
      { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
      { apiGroups: [""], resources: ["secrets"], resourceNames: ["one"], verbs: ["get"] },
    ],
  },
  [`${iam}/namespaces/billing/rolebindings`]: { items: [] },
  "/api/v1/namespaces/shop": { metadata: { labels: retail } },
  "/api/v1/namespaces/billing": { metadata: { labels: { "kubesphere.io/workspace": "finance" } } },
};
const api: Pick<ClusterApi, "get"> = {
  get: (path, schema) => (path in objects ? Promise.resolve(schema.parse(objects[path])) : Promise.reject(new Error(`no ${path}`))),
};
const asks = (account: string, question: Parameters<typeof askKubeSphere>[3]) => askKubeSphere(api, 4, account, question);
const pods = (namespace: string) => ({ verb: "delete", group: "", resource: "pods", namespace });

test("a role in a workspace holds in every project of it, and in no project of another", async () => {
  expect(await asks("wim", pods("shop"))).toEqual({ allowed: true, reason: "WorkspaceRole retail-admin by wim" });
  expect((await asks("wim", pods("billing"))).allowed).toBe(false);
  expect((await asks("wim", { ...pods("shop"), namespace: undefined, workspace: "retail" })).allowed).toBe(true);
  expect((await asks("wim", { ...pods("shop"), namespace: undefined })).allowed).toBe(false);
});

test("a role in a project holds there, for the names that it lists", async () => {
  expect((await asks("omar", pods("shop"))).allowed).toBe(true);
  expect((await asks("omar", pods("billing"))).allowed).toBe(false);
  const secret = { verb: "get", group: "", resource: "secrets", namespace: "shop" };
  expect((await asks("omar", { ...secret, name: "one" })).allowed).toBe(true);
  expect((await asks("omar", { ...secret, name: "two" })).allowed).toBe(false);
});

test("system:authenticated is everybody; no other group is anybody's", async () => {
  const accounts = { verb: "list", group: "iam.kubesphere.io", resource: "users" };
  expect((await asks("anybody", accounts)).allowed).toBe(true);
  expect((await asks("admins", { ...accounts, verb: "create" })).allowed).toBe(false);
});
