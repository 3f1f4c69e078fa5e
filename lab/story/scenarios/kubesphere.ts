import type { Question } from "../relying-parties";
import { issuerAuthority, proofsAt, type OrganisationObject, type Proof, type Scenario } from "./scenario";

const platform = "console";

/** What KubeSphere's controllers make of a new workspace and its projects: none of them runs here. */
function workspaceObjects(release: 3 | 4, workspace: string, projects: readonly string[]): OrganisationObject[] {
  const tenant = release === 3 ? "tenant.kubesphere.io/v1alpha1" : "tenant.kubesphere.io/v1beta1";
  const iam = release === 3 ? "iam.kubesphere.io/v1alpha2" : "iam.kubesphere.io/v1beta1";
  const project = release === 3 ? "rbac.authorization.k8s.io/v1" : iam;
  const everything = { apiGroups: ["*"], resources: ["*"] };
  const role = (apiVersion: string, kind: string, collection: string, name: string, verbs: string[], more: object): OrganisationObject => ({
    collection,
    object: { apiVersion, kind, metadata: { name, ...more }, rules: verbs.length === 0 ? [] : [{ ...everything, verbs }] },
  });
  const labels = { "kubesphere.io/workspace": workspace };
  const inWorkspace = { admin: ["*"], "self-provisioner": [], regular: [], viewer: ["get", "list", "watch"] };
  const inProject = { admin: ["*"], operator: ["get", "list", "watch", "create", "update", "delete"], viewer: ["get", "list", "watch"] };
  return [
    {
      collection: `/apis/${tenant}/workspaces`,
      object: { apiVersion: tenant, kind: "Workspace", metadata: { name: workspace }, spec: {} },
    },
    ...projects.map((name) => ({ collection: "/api/v1/namespaces", object: { metadata: { name, labels } } })),
    ...Object.entries(inWorkspace).map(([name, verbs]) =>
      role(iam, "WorkspaceRole", `/apis/${iam}/workspaceroles`, `${workspace}-${name}`, verbs, { labels }),
    ),
    ...projects.flatMap((namespace) =>
      Object.entries(inProject).map(([name, verbs]) =>
        role(project, "Role", `/apis/${project}/namespaces/${namespace}/roles`, name, verbs, { namespace, labels }),
      ),
    ),
  ];
}

/** A local account with every right, whose name one of the organisation's people would have as well. */
function localAccount(release: 3 | 4, name: string): OrganisationObject[] {
  const apiVersion = release === 3 ? "iam.kubesphere.io/v1alpha2" : "iam.kubesphere.io/v1beta1";
  return [
    {
      collection: `/apis/${apiVersion}/users`,
      object: { apiVersion, kind: "User", metadata: { name }, spec: { email: `${name}@kubesphere.local` }, status: { state: "Active" } },
    },
    {
      collection: `/apis/${apiVersion}/globalrolebindings`,
      object: {
        apiVersion,
        kind: "GlobalRoleBinding",
        metadata: { name, labels: { "iam.kubesphere.io/user-ref": name, "iam.kubesphere.io/role-ref": "platform-admin" } },
        roleRef: { apiGroup: "iam.kubesphere.io", kind: "GlobalRole", name: "platform-admin" },
        subjects: [{ apiGroup: "iam.kubesphere.io", kind: "User", name }],
      },
    },
  ];
}

/** What the organisation had configured before: another provider, and a field that Gatehouse has never heard of. */
export const earlierProvider = {
  name: "github",
  type: "GitHubIdentityProvider",
  mappingMethod: "auto",
  provider: {
    clientID: "organisation",
    clientSecret: "known to the organisation",
    redirectURL: "https://console.example.com/oauth/redirect/github",
  },
};

const configuredBefore: OrganisationObject = {
  collection: "/apis/installer.kubesphere.io/v1alpha1/namespaces/kubesphere-system/clusterconfigurations",
  object: {
    // The vendor's kubesphere-installer.yaml alone brings no such object: it is made then.
    apiVersion: "installer.kubesphere.io/v1alpha1",
    kind: "ClusterConfiguration",
    metadata: { name: "ks-installer" },
    spec: {
      authentication: { maximumClockSkew: "20s", oauthOptions: { accessTokenMaxAge: "1h", identityProviders: [earlierProvider] } },
    },
  },
};

const pods = (verb: string, namespace: string): Question => ({ verb, group: "", resource: "pods", namespace });
const members = (verb: string, workspace: string): Question => ({
  verb,
  group: "iam.kubesphere.io",
  resource: "workspacemembers",
  workspace,
});
const users: Question = { verb: "create", group: "iam.kubesphere.io", resource: "users" };

function proofs(): Proof[] {
  const proof = proofsAt(platform);
  return [
    proof("ana@example.com", "allowed", "create an account", users),
    proof("ana@example.com", "allowed", "delete a pod in project billing", pods("delete", "billing")),
    proof("wim@example.com", "allowed", "add a member to workspace retail", members("create", "retail")),
    // A role in a workspace holds in every project of it, and in no project of another.
    proof("wim@example.com", "allowed", "delete a pod in project shop", pods("delete", "shop")),
    proof("wim@example.com", "denied", "create an account", users),
    proof("wim@example.com", "denied", "delete a pod in project billing", pods("delete", "billing")),
    proof("omar@example.com", "allowed", "delete a pod in project shop", pods("delete", "shop")),
    proof("omar@example.com", "denied", "delete a pod in project billing", pods("delete", "billing")),
    // Everybody who is signed in may, by the global role `authenticated`.
    proof("omar@example.com", "allowed", "list the accounts", { ...users, verb: "list" }),
    proof("omar@example.com", "denied", "add a member to workspace retail", members("create", "retail")),
    proof("nora@example.com", "allowed", "read the pods of project shop", pods("list", "shop")),
    proof("nora@example.com", "denied", "delete a pod in project shop", pods("delete", "shop")),
    // The local account nora could: it was not taken over.
    proof("nora@example.com", "denied", "create an account", users),
  ];
}

function scenario(release: 3 | 4): Scenario {
  const namespace = "kubesphere-system";
  return {
    stack: `lab-kubesphere${release}-okta`,
    namespaces: ["shop", "billing"],
    installed:
      release === 3
        ? [
            { name: "ks-core-3", namespace, chart: "lab/story/charts/ks-core-3" },
            { name: "ks-installer", namespace, chart: "lab/story/charts/ks-installer" },
          ]
        : [{ name: "ks-core", namespace, chart: "lab/story/charts/ks-core" }],
    objects: [
      ...workspaceObjects(release, "retail", ["shop"]),
      ...workspaceObjects(release, "finance", ["billing"]),
      ...localAccount(release, "nora"),
      ...(release === 3 ? [configuredBefore] : []),
    ],
    people: [
      { login: "ana@example.com", firstName: "Ana", lastName: "Admin", part: "administrator" },
      { login: "wim@example.com", firstName: "Wim", lastName: "Workspace", part: "administrator of workspace retail" },
      { login: "omar@example.com", firstName: "Omar", lastName: "Operator", part: "operator of project shop" },
      {
        login: "nora@example.com",
        firstName: "Nora",
        lastName: "Namesake",
        part: "auditor of project shop",
        existingGroups: ["Shop Auditors"],
      },
      { login: "nils@example.com", firstName: "Nils", lastName: "Nobody", part: "in no group" },
    ],
    refused: [{ login: "nils@example.com", platform }],
    proofs: proofs(),
  };
}

export const labKubeSphere3Okta = scenario(3);
export const labKubeSphere4Okta = scenario(4);

/** The same on Keycloak, where the stack lists the auditors: nobody can look up who is in a group. */
export const labKubeSphere4Keycloak: Scenario = {
  ...labKubeSphere4Okta,
  stack: "lab-kubesphere4-keycloak",
  people: labKubeSphere4Okta.people.map(({ existingGroups: _, ...person }) => person),
  filledIn: [issuerAuthority],
};
