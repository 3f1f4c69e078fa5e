import { stringify } from "yaml";
import { sampleDocument } from "../../fixtures/sample";
import { clusterBinding, clusterRole, role } from "../../verifier/rbac/objects";
import { gatehouse } from "../harness";

const objects = [
  clusterRole("k10-admin", [{ verbs: ["get", "list"], apiGroups: [""], resources: ["namespaces"] }]),
  role("kasten-io", "k10-ns-admin", [{ verbs: ["create", "get"], apiGroups: [""], resources: ["secrets"] }]),
  clusterBinding("kasten-cluster-admin", "cluster-admin", [
    { kind: "ServiceAccount", name: "controllermanager-svc", namespace: "kasten-io" },
  ]),
];
const files = { "env.json": JSON.stringify(sampleDocument()), "roles.yaml": objects.map((one) => stringify(one)).join("---\n") };
const whoCan = (words: string) => gatehouse(["who-can", ...words.split(" ")], { files });

test("everybody, with the way, and the roles that are not known", async () => {
  const { status, stdout } = await whoCan("get secrets -n kasten-io --env env.json --objects roles.yaml");
  expect(status).toBe(0);
  expect(stdout.split("\n")).toEqual([
    "get secrets in kasten-io: 2 subjects, and system:masters, whom RBAC is not asked about.",
    "",
    "  person   ana@example.com",
    "  group    Kasten Admins (backup-admins)",
    '  claim    groups = "Kasten Admins"',
    "  prefix   okta:",
    "  subject  Group okta:Kasten Admins",
    "  binding  RoleBinding kasten-io/gatehouse-k10-k10-ns-admin",
    "  role     Role kasten-io/k10-ns-admin",
    "  rule     create, get secrets (core)",
    "",
    "  subject  ServiceAccount kasten-io/controllermanager-svc",
    "  binding  ClusterRoleBinding kasten-cluster-admin",
    "  role     ClusterRole cluster-admin",
    "  rule     any verb on everything (any API)",
    "",
    expect.stringMatching(/^Not counted, since their rules are not known here: ClusterRole dr-admin, ClusterRole k10-basic, /),
    "",
  ]);
});

test("--reach names those who come to it by another right", async () => {
  const { stdout } = await whoCan("delete nodes --reach --env env.json --objects roles.yaml --json");
  const { subjects, reaching, version } = JSON.parse(stdout) as {
    version: string;
    subjects: { step: string; text: string }[][];
    reaching: { subject: string; reach: string[] }[];
  };
  expect(version).toBe("gatehouse.dev/who-can/v1");
  expect(subjects.map((steps) => steps[0]?.text)).toEqual(["ServiceAccount kasten-io/controllermanager-svc"]);
  expect(reaching.map(({ subject }) => subject)).toEqual(["Group okta:Kasten Admins"]);
  expect(reaching[0]?.reach[0]).toMatch(/^Reaches everything in the cluster: in kasten-io they may make a token Secret/);
});

test("nobody is an answer, with status 0", async () => {
  const { status, stdout } = await whoCan("escalate roles -n shop --objects roles.yaml");
  expect([status, stdout.split("\n")[0]]).toEqual([
    0,
    "escalate roles.rbac.authorization.k8s.io in shop: 1 subject, and system:masters, whom RBAC is not asked about.",
  ]);
});
