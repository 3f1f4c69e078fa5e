import { processIo, type Io } from "../../../cli/io";
import { readEvidence, stableJson, type EnvironmentDocument, type Evidence, type EvidenceTest } from "../../../model";
import {
  builtInState,
  declaredBindings,
  decideAccess,
  indexRbac,
  type RbacBinding,
  type RbacRole,
  type RbacState,
} from "../../../verifier/rbac";
import { sampleDocument } from "../../fixtures/sample";
import { now } from "../../verifier/issuer";
import { gatehouse, type Outcome, type World } from "../harness";

const rbac = "/apis/rbac.authorization.k8s.io/v1";

/** The roles of K10 that the sample binds. */
const role = (name: string, rules: RbacRole["rules"], namespace = ""): RbacRole => ({
  kind: namespace === "" ? "ClusterRole" : "Role",
  namespace,
  name,
  labels: {},
  rules,
});
const roles: RbacRole[] = [
  ...["k10-admin", "dr-admin"].map((name) => role(name, [{ verbs: ["*"], apiGroups: ["config.kio.kasten.io"], resources: ["*"] }])),
  ...["k10-ns-admin", "dr-ns-admin"].map((name, position) =>
    role(name, [{ verbs: ["get", "list"], apiGroups: [""], resources: ["secrets"] }], ["kasten-io", "kasten-dr"][position]),
  ),
  role("k10-basic", [{ verbs: ["get", "create"], apiGroups: ["actions.kio.kasten.io"], resources: ["backupactions"] }]),
  role("k10-config-view", [{ verbs: ["get", "list"], apiGroups: ["config.kio.kasten.io"], resources: ["policies"] }]),
];

export function liveState(document: EnvironmentDocument, more: readonly RbacBinding[] = []): RbacState {
  return {
    roles: [...builtInState().roles, ...roles],
    bindings: [...builtInState().bindings, ...declaredBindings(document).bindings, ...more],
  };
}

/** An API server with these objects that pages, counts and answers reviews. */
export function clusterOf(state: RbacState, options: { uncounted?: number; ahead?: number } = {}): NonNullable<World["cluster"]> {
  const index = indexRbac(state);
  const items = (kind: string): object[] =>
    [...state.roles.filter((one) => one.kind === kind), ...state.bindings.filter((one) => one.kind === kind)].map(
      ({ kind: _kind, name, namespace, ...rest }) => ({ metadata: { name, ...(namespace !== "" && { namespace }) }, ...rest }),
    );
  const list = (kind: string) => (query: URLSearchParams) => {
    const all = items(kind);
    const from = Number(query.get("continue") ?? "0");
    const limit = query.has("resourceVersion") ? 1 : 2;
    const page = all.slice(from, from + limit);
    const remaining = all.length - from - page.length;
    const next =
      remaining > 0 ? { continue: String(from + limit), remainingItemCount: remaining + (limit === 1 ? (options.uncounted ?? 0) : 0) } : {};
    return { status: 200, body: { kind: `${kind}List`, metadata: { resourceVersion: "7", ...next }, items: page } };
  };
  const review = (_query: URLSearchParams, question: unknown) => {
    const {
      user = "",
      groups,
      resourceAttributes,
    } = (question as { spec: { user?: string; groups: string[]; resourceAttributes: Record<string, string> } }).spec;
    const { group = "", ...attributes } = resourceAttributes;
    const request = { ...attributes, apiGroup: group } as EvidenceTest["request"];
    return { status: 201, body: { status: { allowed: decideAccess(index, { username: user, groups }, request).allowed } } };
  };
  return {
    "/version": { status: 200, body: { gitVersion: "v1.36.3" }, date: new Date(now.getTime() + (options.ahead ?? 0) * 1000).toUTCString() },
    [`${rbac}/clusterroles`]: list("ClusterRole"),
    [`${rbac}/roles`]: list("Role"),
    [`${rbac}/clusterrolebindings`]: list("ClusterRoleBinding"),
    [`${rbac}/rolebindings`]: list("RoleBinding"),
    "/apis/authorization.k8s.io/v1/subjectaccessreviews": review,
    "/apis/authentication.k8s.io/v1/selfsubjectreviews": { status: 201, body: { status: { userInfo: { username: "auditor" } } } },
  };
}

export type Members = Readonly<Record<string, readonly string[]>>;

export const declaredMembers: Members = {
  "00g1admins": ["ana@example.com"],
  "00g2operators": ["omar@example.com"],
  "00g3auditors": ["ada@example.com", "eve@example.com", "ida@example.com"],
};

/** Okta's API with these groups, in pages of two unless said otherwise. `uncounted`: how many more its own count has. */
export function oktaOf(
  members: Members = declaredMembers,
  { uncounted = 0, names = {}, pageSize = 2 }: { uncounted?: number; names?: Record<string, string>; pageSize?: number } = {},
): NonNullable<World["fetch"]> {
  const answer = (body: unknown, headers: Record<string, string> = {}) =>
    Promise.resolve(new Response(JSON.stringify(body), { status: 200, headers: { date: now.toUTCString(), ...headers } }));
  const called = (id: string): string =>
    names[id] ?? Object.values(sampleDocument().groups).find((group) => group.id === id)?.displayName ?? "";
  return (address) => {
    const { pathname, searchParams, origin } = new URL(address);
    const [, id = "", list] = /^\/api\/v1\/groups\/(\w+)(\/users)?$/.exec(pathname) ?? [];
    if (list !== undefined) {
      const all = members[id] ?? [];
      const from = Number(searchParams.get("after") ?? "0");
      const page = all
        .slice(from, from + pageSize)
        .map((login) => ({ id: `00u-${login}`, status: "ACTIVE", profile: { login, email: login } }));
      const next = `<${origin}${pathname}?limit=200&after=${from + pageSize}>; rel="next"`;
      return answer(page, from + pageSize < all.length ? { link: next } : {});
    }
    if (id !== "") {
      return answer({ id, profile: { name: called(id) } });
    }
    const wanted = /id eq "(\w+)"/.exec(searchParams.get("filter") ?? "")?.[1];
    if (pathname === "/api/v1/groups" && wanted !== undefined) {
      return answer([
        { id: wanted, profile: { name: called(wanted) }, _embedded: { stats: { usersCount: (members[wanted] ?? []).length + uncounted } } },
      ]);
    }
    if (/^\/api\/v1\/apps\/\w+$/.test(pathname)) {
      return answer({ id: "0oa", _links: { accessPolicy: { href: `${origin}/api/v1/policies/rst1` } } });
    }
    if (pathname === "/api/v1/policies/rst1") {
      return answer({ name: "Two factors", status: "ACTIVE" });
    }
    if (pathname === "/api/v1/policies/rst1/rules") {
      const appSignOn = { access: "ALLOW", verificationMethod: { type: "ASSURANCE", factorMode: "2FA" } };
      return answer([{ name: "Everybody", status: "ACTIVE", priority: 0, actions: { appSignOn } }]);
    }
    return answer(pathname === "/api/v1/iam/assignees/users" ? { value: [] } : []);
  };
}

/** The real machine (files, programs), with an API server and an identity provider as they should be. */
export function machineWith(document: EnvironmentDocument, words: (text: string) => void): Io {
  const cluster = clusterOf(liveState(document));
  return {
    ...processIo,
    stdout: words,
    stderr: words,
    now: () => now,
    env: { ...process.env, OKTA_API_TOKEN: "a-token-of-the-test" },
    fetch: oktaOf(),
    openCluster: () =>
      Promise.resolve((path, question) => {
        const { pathname, searchParams } = new URL(path, "http://cluster");
        const reply = cluster[pathname] ?? { status: 404, body: {} };
        const { status, body, date } = typeof reply === "function" ? reply(searchParams, question) : reply;
        return Promise.resolve({ status, body: JSON.stringify(body), ...(date !== undefined && { date }) });
      }),
  };
}

/** `gatehouse evidence` into the folder `out`. */
export const run = (world: World = {}, flags: readonly string[] = []): Promise<Outcome> =>
  gatehouse(["evidence", "--env", "environment.json", "--out", "out", ...flags], goodWorld(world));

/** What it found. */
export const found = ({ written }: Outcome): Evidence => readEvidence(JSON.parse(written?.["out/evidence.json"] ?? "null"));

/** What `gatehouse evidence --out out` wrote, as a folder that is read later. */
export function folderOf({ written }: Outcome): Record<string, string> {
  return Object.fromEntries(Object.entries(written ?? {}).map(([path, text]) => [path.replace(/^out\//, ""), text]));
}

/** Everything that the command needs, as it should be. */
export function goodWorld(more: World = {}, document = sampleDocument()): World {
  return {
    cluster: clusterOf(liveState(document)),
    fetch: oktaOf(),
    env: { OKTA_API_TOKEN: "a-token-of-the-test", USER: "ida" },
    ...more,
    files: { "environment.json": stableJson(document), ...more.files },
  };
}
