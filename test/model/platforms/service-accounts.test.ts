/** Programs that hold a platform's role: what the stack file may say of them, and where it goes. */
import { accessChange, matrixRows } from "../../../reports";
import { environmentDocument, parseEnvironment, type EnvironmentDocument } from "../../../model";
import { deployed } from "../../cli/engine-output";
import { sampleRaw, today } from "../../fixtures/sample";
import { isRefused, k10, unknownKey, type Path, type Refusal } from "../environment/refusal";

const at: Path = [...k10, "serviceAccounts"];
const backup = { account: "ci/backup", role: "basic", namespaces: ["shop"], owner: "Platform Team" };

const cases: Refusal[] = [
  {
    name: "none at all",
    at,
    value: [],
    problem: { expected: "at least one service account, or the key left out", received: "a list of 0" },
  },
  { name: "an unknown key", at: [...at, 0, "group"], value: "x", problem: unknownKey },
  ...["backup", "ci/backup/more", "CI/backup", "system:serviceaccount:ci:backup", "ci/"].map((account): Refusal => ({
    name: `the account ${account}`,
    at: [...at, 0, "account"],
    value: account,
    problem: { expected: "a service account as namespace/name, such as ci/deployer", received: `"${account}"` },
  })),
  {
    name: "a role that the platform has not",
    at: [...at, 0, "role"],
    value: "root",
    problem: { expected: "one of admin, basic, view", received: '"root"' },
  },
  {
    name: "nobody who answers for it",
    at: [...at, 0, "owner"],
    value: undefined,
    problem: { expected: "a text", received: "nothing" },
  },
  {
    name: "a role by namespace without one",
    at: [...at, 0, "namespaces"],
    value: undefined,
    problem: { expected: "the namespaces in which the role 'basic' is held", received: "nothing", fix: "add namespaces: [name, ...]" },
  },
  {
    name: "a role of the whole platform with namespaces",
    at: [...at, 0, "role"],
    value: "admin",
    problem: {
      path: [...at, 0, "namespaces"],
      expected: "no namespaces: the role 'admin' holds everywhere",
      received: "a list of 1",
      fix: "remove the key, or name a role that is given by namespace",
    },
  },
  {
    name: "the same twice",
    at,
    value: [backup, { ...backup, namespaces: ["billing", "shop"], until: "2027-01-01" }],
    problem: {
      path: [...at, 1],
      expected: "each service account, role and namespace once",
      received: '"ci/backup"',
      fix: "keep one of the two",
    },
  },
  {
    name: "an end that has long passed",
    at: [...at, 0, "until"],
    value: "2026-01-01",
    problem: {
      expected: `a day that has not passed, or passed within the last 30 days (today is ${today})`,
      received: "2026-01-01",
      fix: "remove the grant, or write its new last day",
    },
  },
];

function raw(...serviceAccounts: object[]): ReturnType<typeof sampleRaw> {
  const sample = sampleRaw();
  sample.platforms.k10 = { ...sample.platforms.k10, serviceAccounts };
  return sample;
}

function documentWith(...serviceAccounts: object[]): EnvironmentDocument {
  const { environment } = parseEnvironment(raw(...serviceAccounts), today);
  const groups = Object.fromEntries(Object.entries(deployed().groups).map(([key, { id, claimValue }]) => [key, { id, claimValue }]));
  return environmentDocument(environment, { stack: "sample", groups, platforms: { k10: { clientId: "0oa1" } } });
}

/** A case of one field as a case of the whole list, since the sample has none. */
function wholeList({ name, at: place, value, problem }: Refusal): Refusal {
  const field = place[at.length + 1];
  const changed: Record<string, unknown> = { ...backup, [String(field)]: value };
  const entry = Object.fromEntries(Object.entries(changed).filter(([, each]) => each !== undefined));
  return field === undefined ? { name, at: place, value, problem } : { name, at, value: [entry], problem: { path: place, ...problem } };
}

describe("a service account that is refused", () => {
  test.each(cases)("$name", (one) => {
    isRefused(wholeList(one));
  });
});

test("the document names it, with what may give it the role", () => {
  const { serviceAccounts, access } = documentWith({ ...backup, namespaces: ["shop", "billing"], until: "2027-03-31" });
  expect(serviceAccounts).toEqual([
    {
      platform: "k10",
      account: { namespace: "ci", name: "backup" },
      role: "basic",
      permits: access.find(({ role }) => role === "basic")?.permits,
      namespaces: ["billing", "shop"],
      owner: "Platform Team",
      until: "2027-03-31",
      roles: ["billing", "shop"].map((namespace) => ({
        kind: "RoleBinding",
        namespace,
        roleRef: { kind: "ClusterRole", name: "k10-basic" },
      })),
    },
  ]);
  expect(deployed()).not.toHaveProperty("serviceAccounts");
});

test("the matrix has a line for it", () => {
  const document = documentWith({ ...backup, until: "2026-11-30" });
  expect(matrixRows(document, { today: "2026-12-01" }).at(-1)).toMatchObject({
    platform: "k10",
    holder: "ci/backup (a service account; Platform Team answers for it)",
    members: null,
    role: "basic",
    where: "shop",
    until: "2026-11-30",
    ended: true,
    subject: "system:serviceaccount:ci:backup",
    bindings: ["RoleBinding in shop, not the stack's -> ClusterRole k10-basic"],
  });
});

test("a preview says that one more is known, and that one may administer", () => {
  const [before, after] = [documentWith(backup), documentWith(backup, { account: "ci/admin", role: "admin", owner: "Platform Team" })];
  const { claims, findings } = accessChange(before, after);
  expect(claims).toEqual([{ platform: "k10", what: "service account ci/admin as admin", before: null, after: "known, without an end" }]);
  expect(findings.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
    "widen-admin: Service account ci/admin may hold 'admin' on 'k10', known, without an end; whoever runs it binds it.",
    expect.stringContaining("claims: "),
  ]);
  expect(accessChange(after, before).findings.map(({ kind }) => kind)).toEqual(["claims"]);
});
