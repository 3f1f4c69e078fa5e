/** KubeSphere on Okta as the vendor's article sets it up, and what of it can be otherwise. */
import { stringify } from "yaml";
import { gatehouse, type Outcome } from "../harness";
import { clientId, clientSecret, environmentOf } from "./world";

export type Release = 3 | 4;

const iam = (release: Release): string => `iam.kubesphere.io/${release === 3 ? "v1alpha2" : "v1beta1"}`;

export const entry = {
  mappingMethod: "auto",
  name: "Okta",
  provider: {
    clientID: clientId,
    clientSecret,
    issuer: "https://example.okta.com",
    redirectURL: "https://console.example.com/oauth/redirect/Okta",
    scopes: ["openid", "email", "profile"],
  },
  type: "OIDCIdentityProvider",
};

/** The article's entry, with other options. */
export const changed = (options: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): object => ({
  ...entry,
  ...more,
  provider: { ...entry.provider, ...options },
});

export function configuration(providers: readonly unknown[], annotations: Readonly<Record<string, string>> = {}): unknown {
  return {
    kind: "ClusterConfiguration",
    metadata: { name: "ks-installer", annotations },
    // Hand-written, in an order of its own.
    spec: {
      etcd: { monitoring: false },
      authentication: { oauthOptions: { identityProviders: providers, accessTokenMaxAge: "1h" }, jwtSecret: "" },
    },
  };
}

export function providerSecret(name: string, content: unknown, more: Readonly<Record<string, unknown>> = {}): unknown {
  const text = typeof content === "string" ? content : stringify(content);
  const labels = { "config.kubesphere.io/type": "identityprovider", ...(more["labels"] as object | undefined) };
  return {
    metadata: { name, namespace: "kubesphere-system", labels },
    type: "config.kubesphere.io/identityprovider",
    data: { "configuration.yaml": Buffer.from(text).toString("base64") },
    ...more,
  };
}

/** An account that is tied to a person of a provider. */
export function user(
  release: Release,
  name: string,
  sub: string | undefined,
  more: { readonly provider?: string; readonly spec?: object } = {},
): unknown {
  const { provider = "Okta", spec = {} } = more;
  const labels = { "iam.kubesphere.io/identify-provider": provider, "iam.kubesphere.io/origin-uid": sub };
  const annotations = release === 4 ? { [`iam.kubesphere.io/identity-provider.${provider}`]: sub } : {};
  return { kind: "User", metadata: { name, ...(sub === undefined ? {} : { labels, annotations }) }, spec };
}

/** A role as the console gives it: under the name of the person and of the role. */
export function bound(
  release: Release,
  username: string,
  [kind, role]: readonly [string, string],
  place: { readonly namespace?: string; readonly workspace?: string; readonly name?: string; readonly also?: string } = {},
): unknown {
  const { namespace, workspace, name = `${username}-${role}`, also } = place;
  const isRbac = namespace !== undefined && release === 3;
  return {
    apiVersion: isRbac ? "rbac.authorization.k8s.io/v1" : iam(release),
    kind: `${kind}Binding`,
    metadata: { name, namespace, labels: workspace === undefined ? {} : { "kubesphere.io/workspace": workspace } },
    roleRef: { apiGroup: "", kind, name: role },
    subjects: [username, ...(also === undefined ? [] : [also])].map((subject) => ({ kind: "User", name: subject })),
  };
}

const person = (id: string, login: string): unknown => ({ id, profile: { login, email: login } });

const app = {
  id: clientId,
  label: "KubeSphere",
  status: "ACTIVE",
  credentials: { oauthClient: { client_id: clientId, token_endpoint_auth_method: "client_secret_basic" } },
  settings: {
    oauthClient: {
      ...{ redirect_uris: [entry.provider.redirectURL], grant_types: ["authorization_code", "refresh_token"] },
      ...{ application_type: "web", wildcard_redirect: "DISABLED" },
    },
  },
};

/** What somebody fetched: two people with roles, one without, a local account. */
export function answers(release: Release): Record<string, unknown> {
  return {
    ...(release === 3
      ? { "clusterconfiguration.json": configuration([{ name: "github", type: "GitHubIdentityProvider" }, entry]) }
      : { "identity-provider-secrets.json": { items: [providerSecret("our-okta", { ...entry, mappingMethod: "manual" })] } }),
    "users.json": {
      items: [
        user(release, "ana", "00u1"),
        user(release, "omar-ops", "00u2"),
        user(release, "nils", "00u3"),
        user(release, "admin", undefined, { spec: { password: "$2a$10$a-hash" } }),
      ],
    },
    "bindings.json": {
      items: [
        bound(release, "ana", ["GlobalRole", "platform-admin"]),
        bound(release, "omar-ops", ["GlobalRole", "platform-regular"]),
        bound(release, "omar-ops", ["WorkspaceRole", "retail-viewer"], { workspace: "retail" }),
        bound(release, "omar-ops", ["Role", "operator"], { namespace: "shop" }),
        bound(release, "admin", ["GlobalRole", "platform-admin"], { name: "admin" }),
      ],
    },
    "okta-app.json": app,
    "okta-assignments.json": [{ id: "00g9" }],
    "okta-group-00g9.json": { id: "00g9", type: "OKTA_GROUP", profile: { name: "KubeSphere Users" } },
    "okta-users.json": [
      person("00u1", "ana@example.com"),
      person("00u2", "omar@example.com"),
      person("00u3", "nils@example.com"),
      person("00u4", "zed@example.com"),
    ],
    "okta-claim.json": {},
    ...Object.fromEntries(["00u1", "00u2", "00u3", "00u4"].map((id) => [`okta-app-user-${id}.json`, { id, scope: "GROUP" }])),
  };
}

export function adoptKubeSphere(
  release: Release,
  changes: Readonly<Record<string, unknown>> = {},
  flags: readonly string[] = [],
): Promise<Outcome> {
  const all = Object.entries({ ...answers(release), ...changes }).filter(([, answer]) => answer !== undefined);
  const found = Object.fromEntries(all.map(([name, answer]) => [name, JSON.stringify(answer)]));
  return gatehouse(["adopt", "--from-files", "found", ...flags], { folders: { found } });
}

/** The same with other providers than the article's one, in release 3. */
export const withProviders = (providers: readonly unknown[], flags: readonly string[] = []): Promise<Outcome> =>
  adoptKubeSphere(3, { "clusterconfiguration.json": configuration(providers) }, flags);

/** The same with other accounts and roles. */
export function withPeople(release: Release, users: readonly unknown[], bindings: readonly unknown[]): Promise<Outcome> {
  const { "users.json": people, "bindings.json": roles } = answers(release) as Record<string, { items: unknown[] }>;
  return adoptKubeSphere(release, {
    "users.json": { items: [...(people?.items ?? []), ...users] },
    "bindings.json": { items: [...(roles?.items ?? []), ...bindings] },
  });
}

/** What `pulumi import` takes: type, name and id. */
export const rows = ({ written = {} }: Outcome): string[] => {
  const file = written["adopted/import.json"] ?? '{"resources":[]}';
  const { resources } = JSON.parse(file) as { resources: { type: string; logicalName: string; id?: string }[] };
  return resources.map(({ type, logicalName, id = "" }) => `${type} ${logicalName} ${id}`);
};

export const platform = (outcome: Outcome): unknown => (environmentOf(outcome)["platforms"] as Record<string, unknown>)["kubesphere"];

/** The grants of the two people. */
export const access = [
  { user: "ana@example.com", role: "platform-admin" },
  { user: "omar@example.com", role: "platform-regular" },
  { user: "omar@example.com", role: "workspace-viewer", workspaces: ["retail"] },
  { user: "omar@example.com", role: "namespace-operator", namespaces: ["shop"] },
];
