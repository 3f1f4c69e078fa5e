/** An installation of Kasten K10 on Okta as the vendor's first article makes it, and what of it can be otherwise. */
import { gzipSync } from "node:zlib";
import { parse } from "yaml";
import { gatehouse, type Outcome, type World } from "../harness";

export const clientSecret = "RCXC9yLY0nrmNOZMmvuJn4Geo6Ld8vnkaHe5ee0f";
export const clientId = "0oa64t6tmtpMTOkZH5d7";

export const values = {
  auth: {
    oidcAuth: {
      enabled: true,
      providerURL: "https://example.okta.com",
      redirectURL: "https://k10.example.com/",
      scopes: "openid profile email groups",
      prompt: "login",
      clientID: clientId,
      clientSecret,
      usernameClaim: "sub",
      usernamePrefix: "okta:",
      groupClaim: "groups",
      groupPrefix: "okta:",
    },
  },
  ingress: { create: true, class: "nginx" },
};

const apiGroup = "rbac.authorization.k8s.io";

export function binding(kind: string, namespace: string | undefined, name: string, role: string, subject: string): unknown {
  const [roleKind, roleName] = role.split("/");
  const [subjectKind, ...words] = subject.split("/");
  return {
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup, kind: roleKind, name: roleName },
    subjects: [{ apiGroup, kind: subjectKind, name: words.join("/") }],
  };
}

export const bindings = [
  binding("ClusterRoleBinding", undefined, "prod-admins", "ClusterRole/k10-admin", "Group/okta:Backup Admins"),
  binding("RoleBinding", "kasten-io", "prod-admins", "Role/k10-ns-admin", "Group/okta:Backup Admins"),
  binding("RoleBinding", "shop", "operators", "ClusterRole/k10-basic", "Group/okta:Operators"),
  binding("ClusterRoleBinding", undefined, "chart", "ClusterRole/k10-admin", "Group/k10:admins"),
];

const group = (id: string, name: string, type = "OKTA_GROUP"): unknown => ({ id, type, profile: { name } });
export const admins = group("00g1", "Backup Admins");
export const operators = group("00g2", "Operators");

export const app = {
  id: clientId,
  label: "Kasten",
  status: "ACTIVE",
  credentials: { oauthClient: { client_id: clientId, token_endpoint_auth_method: "client_secret_basic", pkce_required: false } },
  settings: {
    oauthClient: {
      redirect_uris: ["https://k10.example.com/k10/auth-svc/v0/oidc/redirect", "https://oidcdebugger.com/debug"],
      grant_types: ["authorization_code", "implicit"],
      application_type: "web",
      wildcard_redirect: "DISABLED",
    },
  },
  _links: { accessPolicy: { href: "https://example.okta.com/api/v1/policies/rst1" } },
};

/** The answers as somebody put them into the folder `found`. */
export function files(changes: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const answers: Record<string, unknown> = {
    "release.json": { name: "k10", namespace: "kasten-io", chart: "k10", version: "8.0.15", status: "deployed" },
    "values.yaml": values,
    "bindings.json": { items: bindings },
    "okta-app.json": app,
    "okta-assignments.json": [{ id: "00g1" }, { id: "00g2" }],
    "okta-group-00g1.json": admins,
    "okta-group-00g2.json": operators,
    "okta-groups.json": [admins, operators],
    "okta-claim.json": { valueType: "GROUPS", name: "groups", groupFilterType: "REGEX", value: ".*" },
    ...changes,
  };
  return Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, JSON.stringify(answer)]));
}

/** One revision as Helm keeps it. */
function record(version: number, config: unknown, status = "deployed"): unknown {
  const content = {
    name: "k10",
    namespace: "kasten-io",
    version,
    info: { status },
    chart: { metadata: { name: "k10", version: "8.0.15" } },
    config,
  };
  const packed = gzipSync(JSON.stringify(content)).toString("base64");
  return {
    metadata: {
      name: `sh.helm.release.v1.k10.v${version}`,
      namespace: "kasten-io",
      labels: { owner: "helm", name: "k10", version: String(version) },
    },
    data: { release: Buffer.from(packed).toString("base64") },
  };
}

/** The same live: Helm's records in the cluster, and the management API. */
export function live(config: unknown = values, bound: readonly unknown[] = bindings.slice(0, 3)): World {
  const answers: Record<string, unknown> = {
    [`/api/v1/apps/${clientId}`]: app,
    [`/api/v1/apps/${clientId}/groups`]: [{ id: "00g1" }, { id: "00g2" }],
    "/api/v1/groups/00g1": admins,
    "/api/v1/groups/00g2": operators,
    "/api/v1/groups": [admins, operators],
    [`/api/v1/internal/apps/${clientId}/settings/oauth/idToken`]: {
      ...{ valueType: "GROUPS", name: "groups", groupFilterType: "REGEX", value: ".*" },
    },
  };
  return {
    env: { OKTA_API_TOKEN: "read-only" },
    cluster: {
      "/api/v1/secrets": { status: 200, body: { items: [record(2, values), record(10, config), record(1, {}, "superseded")] } },
      "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings": { status: 200, body: { items: bound.slice(0, 1) } },
      "/apis/rbac.authorization.k8s.io/v1/rolebindings": { status: 200, body: { items: bound.slice(1) } },
    },
    fetch: (url) => {
      const { origin, pathname } = new URL(url);
      const answer = origin === "https://example.okta.com" ? answers[pathname] : undefined;
      return Promise.resolve(new Response(JSON.stringify(answer ?? {}), { status: answer === undefined ? 404 : 200 }));
    },
  };
}

export const adopt = (changes: Readonly<Record<string, unknown>> = {}, flags: readonly string[] = []): Promise<Outcome> =>
  gatehouse(["adopt", "--from-files", "found", ...flags], { folders: { found: files(changes) } });

export const stackFile = ({ written = {} }: Outcome): string => written["adopted/Pulumi.production.yaml"] ?? "";

export function environmentOf(outcome: Outcome): Record<string, unknown> {
  const { config } = parse(stackFile(outcome)) as { config: Record<string, unknown> };
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("gatehouse:", ""), value]));
}

export const oidc = (changes: Readonly<Record<string, unknown>>): unknown => ({
  ...values,
  auth: { oidcAuth: { ...values.auth.oidcAuth, ...changes } },
});
