import { stringify } from "yaml";
import { sampleDocument } from "../../fixtures/sample";
import { clusterBinding, clusterRole, group, role, user } from "../../verifier/rbac/objects";
import { claims, makeIssuer, seconds } from "../../verifier/issuer";
import { gatehouse, type World } from "../harness";

const kastenRoles = [
  clusterRole("k10-admin", [{ verbs: ["*"], apiGroups: ["config.kio.kasten.io"], resources: ["*"] }]),
  clusterRole("dr-admin", []),
  role("kasten-dr", "dr-ns-admin", []),
  role("kasten-io", "k10-ns-admin", [{ verbs: ["create", "get"], apiGroups: [""], resources: ["secrets"] }]),
  clusterBinding("kasten-cluster-admin", "cluster-admin", [
    { kind: "ServiceAccount", name: "controllermanager-svc", namespace: "kasten-io" },
  ]),
];
const files = {
  "env.json": JSON.stringify(sampleDocument()),
  "roles.yaml": kastenRoles.map((object) => stringify(object)).join("---\n"),
};
const canI = (words: string, world: World = {}) => gatehouse(["can-i", ...words.split(" ")], { files, ...world });

test("a person: yes, with the way from person to rule, and what is within reach", async () => {
  const { status, stdout, stderr } = await canI(
    "create policies.config.kio.kasten.io --person ana@example.com --platform k10 --env env.json --objects roles.yaml",
  );
  expect(stderr).toBe("");
  expect(stdout.split("\n")).toEqual([
    "yes: ana@example.com (at k10) may create policies.config.kio.kasten.io in the whole cluster.",
    "  person   ana@example.com",
    "  group    Kasten Admins (backup-admins)",
    '  claim    groups = "Kasten Admins"',
    "  prefix   okta:",
    "  subject  Group okta:Kasten Admins",
    "  binding  ClusterRoleBinding gatehouse-k10-k10-admin",
    "  role     ClusterRole k10-admin",
    "  rule     any verb on everything (config.kio.kasten.io)",
    "  Note: Not counted, since others own the membership: Security Auditors, Kasten Users.",
    "  Note: Not counted: bindings to the person alone; what 'sub' carries for them is not known here.",
    "  Reach: Reaches everything in the cluster: in kasten-io they may make a token Secret and read it (create secrets and get secrets), and so be kasten-io/controllermanager-svc; kasten-io/controllermanager-svc may do anything in the whole cluster.",
    "  Cheapest: take create secrets in kasten-io out of the role; or an admission policy that refuses Secrets of type kubernetes.io/service-account-token from anybody but the platform itself.",
    "",
  ]);
  expect(status).toBe(0);
});

test("no ends with status 1, and names what is within reach all the same", async () => {
  const { status, stdout } = await canI("delete nodes --group backup-admins --platform k10 --env env.json --objects roles.yaml");
  expect(status).toBe(1);
  expect(stdout).toMatch(
    /^no: whoever is in Kasten Admins \(at k10\) may not delete nodes in the whole cluster\.\n {2}Reach: Reaches everything/,
  );
});

test("a role that is not known leaves it undecided: status 3, with what would tell", async () => {
  const { status, stdout } = await canI("create policies.config.kio.kasten.io --group backup-admins --platform k10 --env env.json");
  expect(status).toBe(3);
  expect(stdout).toContain("undecided: whoever is in Kasten Admins (at k10) may perhaps create policies.config.kio.kasten.io");
  expect(stdout).toContain(
    "ClusterRole k10-admin is not there; its rules are known in the cluster (--kubeconfig) or from a rendered chart (--objects).",
  );
});

test("a live cluster: what is not there grants nothing; JSON has the version and the question", async () => {
  const api = "/apis/rbac.authorization.k8s.io/v1";
  const list = (items: unknown[]) => ({ status: 200, body: { items } });
  const cluster = {
    [`${api}/clusterroles`]: {
      status: 200,
      body: { kind: "ClusterRoleList", items: [clusterRole("r", [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }])] },
    },
    [`${api}/roles`]: list([]),
    [`${api}/clusterrolebindings`]: list([clusterBinding("b", "r", [user("bob")]), clusterBinding("c", "gone", [user("eve")])]),
    [`${api}/rolebindings`]: list([]),
  };
  for (const answer of Object.values(cluster)) {
    Object.assign(answer.body, { kind: "List" });
  }
  const yes = await canI("get pods/web -n shop --as bob --kubeconfig cluster.yaml --json", { cluster });
  expect(yes.runs).toEqual(["cluster cluster.yaml current"]);
  expect(yes.status).toBe(0);
  expect(JSON.parse(yes.stdout)).toMatchObject({
    version: "gatehouse.dev/can-i/v1",
    rbac: "live",
    answer: "yes",
    question: { verb: "get", apiGroup: "", resource: "pods", subresource: "", name: "web", namespace: "shop" },
    answers: [
      {
        name: "bob",
        platform: null,
        path: [
          { step: "subject", text: "User bob" },
          { step: "binding", text: "ClusterRoleBinding b" },
          { step: "role", text: "ClusterRole r" },
          { step: "rule", text: "get pods (core)" },
        ],
      },
    ],
  });
  expect((await canI("get pods --as eve --kubeconfig cluster.yaml", { cluster })).stdout).toBe(
    "no: eve may not get pods in the whole cluster.\n",
  );
  const { [`${api}/roles`]: _, ...partly } = cluster;
  expect(await canI("get pods --as eve --kubeconfig cluster.yaml", { cluster: partly })).toMatchObject({
    status: 3,
    stderr: expect.stringContaining("Expected status 200 from /apis/rbac.authorization.k8s.io/v1/roles, got 404") as string,
  });
});

test("service accounts, paths, short names and system:masters", async () => {
  const objects = { "o.yaml": stringify(clusterBinding("b", "view", [group("system:serviceaccounts:ops")])) };
  const ask = (words: string) => canI(`${words} --objects o.yaml`, { files: objects });
  expect((await ask("list deploy -n ops --service-account ops/robot")).stdout).toContain(
    "yes: ops/robot may list deployments.apps in ops.",
  );
  expect((await ask("list secrets -n ops --service-account ops/robot")).status).toBe(1);
  expect((await ask("get /version --as anybody")).stdout).toContain("  role     ClusterRole system:discovery\n");
  expect((await ask("any thing --as x --as-group system:masters")).stdout).toContain("whom the API server lets before RBAC is asked");
});

test.each([
  [
    "get pods --objects roles.yaml",
    "Expected one of --token-file, --person, --group, --service-account and --as (with --as-group), got none.",
  ],
  ["get pods --as a --person b --env env.json", "got several."],
  ["get pods --group nobody --env env.json", "Expected --group to be a group that a platform reads"],
  ["get pods --person a --platform nowhere --env env.json", "Expected --platform to be one of k10"],
  ["get /metrics -n shop --as a --objects roles.yaml", "a path belongs to no namespace"],
  ["get pods --service-account robot --objects roles.yaml", "Expected --service-account as namespace/name, got 'robot'."],
  ["get pods --as a --kubeconfig x --objects roles.yaml", "Expected one of --kubeconfig and --objects, got both."],
])("%s is a wrong use", async (words, message) => {
  const { status, stderr } = await canI(words);
  expect(stderr).toContain(message);
  expect(status).toBe(64);
});

test("a malformed object is refused with where", async () => {
  const files = {
    "o.yaml":
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: x }\nroleRef: { kind: ClusterRole, name: 5 }\n",
  };
  const { status, stderr } = await canI("get pods --as a --objects o.yaml", { files });
  expect([status, stderr]).toEqual([
    1,
    "ClusterRoleBinding x: roleRef.name: expected what the API of Kubernetes takes, got 5. Fix: quote names that YAML reads as numbers or as true and false.\n",
  ]);
});

test("a token: whom it names, by the platform's own rules; a bad one answers nothing", async () => {
  const okta = await makeIssuer();
  const ask = async (changes: Record<string, unknown>) =>
    canI("create policies.config.kio.kasten.io --token-file t.jwt --platform k10 --env env.json --objects roles.yaml", {
      files: { ...files, "t.jwt": await okta.sign(claims(changes)) },
      fetch: okta.fetch,
    });
  const good = await ask({});
  expect(good.stderr).toBe("");
  expect(good.stdout).toContain(
    "yes: okta:00u1ana (at k10) may create policies.config.kio.kasten.io in the whole cluster.\n  person   okta:00u1ana\n",
  );
  expect(good.status).toBe(0);
  const expired = await ask({ exp: seconds - 3600 });
  expect([expired.status, expired.stdout]).toEqual([1, ""]);
  expect(expired.stderr).toContain("exp");
});

test.each([
  ["of what is not there", "kind: Role\nmetadata: *nobody\n"],
  ["of very much", `a0: &a0 [x]\n${Array.from({ length: 60 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`).join("\n")}\n`],
])("objects with an alias %s end in words", async (_, content) => {
  const { status, stderr } = await canI("get pods --as a --objects o.yaml", { files: { "o.yaml": content } });
  expect(status).toBe(64);
  expect(stderr).toContain("Expected YAML or JSON in o.yaml, got something that cannot be read as either.");
});
