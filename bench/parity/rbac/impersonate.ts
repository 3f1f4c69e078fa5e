import { stableJson, type PolicyRule } from "../../../model";
import {
  accountUsername,
  decideAccess,
  decideImpersonation,
  indexRbac,
  type RbacIdentity,
  type WantedIdentity,
} from "../../../verifier/rbac";
import { inParallel, type Client } from "./client";
import { readState } from "./cluster-set";
import type { Random } from "./random";

const namespace = "ops";
const reviews = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
/** Asking who one is: a request that says what the API server took the caller for. */
const asked = {
  verb: "create",
  apiGroup: "authentication.k8s.io",
  resource: "selfsubjectreviews",
  subresource: "",
  name: "",
  namespace: "",
};

const modes = ["user-info", "serviceaccount", "arbitrary-node"] as const;

/**
 * Four service accounts with random rights to impersonate, each of which tries to be twelve others for real. The request is the same
 * for all: whoever is signed in may ask who they are.
 */
export async function impersonationCases(
  client: Client,
  random: Random,
  number: number,
): Promise<{ readonly cases: number; readonly allowed: number; readonly disagreements: readonly string[] }> {
  const names = Array.from({ length: 4 }, (_, position) => `mask-${number}-${position}`);
  const labels = { set: `s${number}` };
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const apiVersion = "rbac.authorization.k8s.io/v1";
  for (const name of names) {
    await client.call("POST", `/api/v1/namespaces/${namespace}/serviceaccounts`, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, labels },
    });
    await client.call("POST", `${rbac}/clusterroles`, {
      apiVersion,
      kind: "ClusterRole",
      metadata: { name, labels },
      rules: rights(random),
    });
    await client.call("POST", `${rbac}/clusterrolebindings`, {
      apiVersion,
      kind: "ClusterRoleBinding",
      metadata: { name, labels },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    });
  }
  const calls = await Promise.all(names.map(async (name) => client.callWith(await tokenOf(client, name))));
  await untilBound(client, names.at(-1) ?? "");
  const index = indexRbac(await readState(client.call));
  const tries = names.flatMap((name, position) => Array.from({ length: 12 }, () => ({ name, position, wanted: randomWanted(random) })));
  let allowed = 0;
  const results = await inParallel(tries, 8, async ({ name, position, wanted }) => {
    const requester = { username: accountUsername(namespace, name), groups: accountGroups };
    const call = calls[position];
    const answer = await call?.("POST", reviews, { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" }, headersOf(wanted));
    const taken = answer?.status === 201 ? identityIn(answer.body) : null;
    // The API server tries the mode first that worked last, and a node is in other groups by the old verb than by its own mode.
    const ours = [true, false]
      .map((constrained) => decideImpersonation(index, requester, wanted, asked, constrained).identity)
      .map((identity) => (identity !== null && decideAccess(index, identity, asked).allowed ? sorted(identity) : null));
    const [first = null, old = null] = ours;
    allowed += taken === null ? 0 : 1;
    const agrees = stableJson(taken) === stableJson(first) || (first !== null && old !== null && stableJson(taken) === stableJson(old));
    return agrees
      ? []
      : [
          `${name} as ${stableJson(wanted)}: verifier ${stableJson(first)}, API server ${answer?.status ?? 0} ${stableJson(taken)} ${answer?.body.slice(0, 300) ?? ""}`,
        ];
  });
  return { cases: tries.length, allowed, disagreements: results.flat() };
}

const accountGroups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"];

function rights(random: Random): PolicyRule[] {
  const old = { verbs: ["impersonate"], apiGroups: [""], resources: random.some(["users", "groups", "serviceaccounts"], 1, 3) };
  const authentication = ["authentication.k8s.io"];
  return [
    ...(random.chance(0.35) ? [{ ...old, ...(random.chance(0.4) && { resourceNames: ["bob", "g1", "robot"] }) }] : []),
    ...(random.chance(0.3)
      ? [
          {
            verbs: ["impersonate"],
            apiGroups: authentication,
            resources: random.some(["uids", "userextras/example.com/team", "userextras/*"], 1, 2),
          },
        ]
      : []),
    ...modes
      .filter(() => random.chance(0.6))
      .flatMap((mode): PolicyRule[] => [
        {
          verbs: [random.chance(0.8) ? `impersonate-on:${mode}:create` : `impersonate-on:${mode}:list`],
          apiGroups: authentication,
          resources: ["*"],
        },
        {
          verbs: [`impersonate:${mode}`],
          apiGroups: authentication,
          resources: random.some(["users", "groups", "uids", "serviceaccounts", "nodes", "userextras/example.com/team", "*"], 2, 6),
          ...(random.chance(0.3) && { resourceNames: ["bob", "g1", "g2", "n1", "robot", "red", "*"] }),
        },
      ]),
  ];
}

function randomWanted(random: Random): WantedIdentity {
  const username = random.one(["bob", "eve", "system:serviceaccount:shop:robot", "system:node:n1", "system:node:N_1", "system:anonymous"]);
  const groups = random.chance(0.5) ? [] : random.some(["g1", "g2", "g3", "g4", "g5", "system:masters", "system:unauthenticated"], 1, 5);
  return {
    username,
    groups,
    ...(random.chance(0.15) && { uid: "u-1" }),
    ...(random.chance(0.2) && { extra: { [random.one(["example.com/team", "team"])]: random.some(["red", "blue"], 1, 2) } }),
  };
}

function headersOf({ username, groups, uid, extra = {} }: WantedIdentity): Record<string, string | string[]> {
  return {
    "Impersonate-User": username,
    ...(groups.length > 0 && { "Impersonate-Group": [...groups] }),
    ...(uid !== undefined && { "Impersonate-Uid": uid }),
    ...Object.fromEntries(Object.entries(extra).map(([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, [...values]])),
  };
}

function identityIn(body: string): RbacIdentity {
  const { userInfo } = (JSON.parse(body) as { status: { userInfo: { username: string; groups?: string[] } } }).status;
  return sorted({ username: userInfo.username, groups: userInfo.groups ?? [] });
}

function sorted({ username, groups }: RbacIdentity): RbacIdentity {
  return { username, groups: [...groups].sort() };
}

async function tokenOf(client: Client, name: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const { status, body } = await client.call("POST", path, { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} });
  if (status !== 201) {
    throw new Error(`Expected a token of ${name}, got status ${status}.`);
  }
  return (JSON.parse(body) as { status: { token: string } }).status.token;
}

/** Until a review sees the binding that was made last; every one made before has been seen then as well. */
async function untilBound(client: Client, name: string): Promise<void> {
  const path = "/apis/rbac.authorization.k8s.io/v1";
  const mark = `${name}-seen`;
  const apiVersion = "rbac.authorization.k8s.io/v1";
  const metadata = { name: mark, labels: { set: name.replace(/^mask-(\d+)-.*$/, "s$1") } };
  await client.call("POST", `${path}/clusterroles`, {
    apiVersion,
    kind: "ClusterRole",
    metadata,
    rules: [{ verbs: ["see"], nonResourceURLs: ["/s"] }],
  });
  await client.call("POST", `${path}/clusterrolebindings`, {
    apiVersion,
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: mark },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: mark }],
  });
  const spec = { user: mark, nonResourceAttributes: { verb: "see", path: "/s" } };
  const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
  for (;;) {
    const { body } = await client.call("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
    if ((JSON.parse(body) as { status: { allowed: boolean } }).status.allowed) {
      return;
    }
  }
}
