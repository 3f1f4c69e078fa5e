import type { EnvironmentDocument } from "../../../model";
import { clusterBinding, group } from "../../verifier/rbac/objects";
import { now } from "../../verifier/issuer";
import { gatehouse, type World } from "../harness";
import { api, cluster, issuer, patient, peer, provider, redirectUri, stalledStack } from "./healthy";

const doctor = (document: EnvironmentDocument, world: World = {}, ...flags: string[]) =>
  gatehouse(["doctor", "--env", "env.json", ...flags], {
    files: { "env.json": JSON.stringify(document) },
    fetch: provider({}),
    tlsPeer: peer,
    ...world,
  });

test("all is there: a line each, status 0", async () => {
  const document = patient();
  const { status, stdout, stderr } = await doctor(document, { cluster: cluster(document) }, "--kubeconfig");
  expect(stderr).toBe("");
  expect(stdout.split("\n")).toEqual([
    "ok       discovery   https://example.okta.com: reached, and names the same issuer",
    "ok       tls         https://example.okta.com: 90 days left, until 2027-02-21",
    "ok       tls         https://k10.example.com: 90 days left, until 2027-02-21",
    `ok       redirect    k10: ${redirectUri} is registered`,
    "ok       clock       the issuer: 0 s apart",
    "ok       clock       the API server: 0 s apart",
    expect.stringMatching(/^ok {7}secret {6}k10: kasten-io\//),
    "ok       chart       k10: chart k10 8.0.15: a version that was read",
    "ok       kubernetes  Kubernetes v1.36.3: 1.30 to 1.36 were read",
    "ok       roles       ClusterRole k10-admin: there",
    "ok       roles       Role kasten-io/k10-ns-admin: there",
    "ok       roles       ClusterRole k10-basic: there",
    "ok       roles       ClusterRole k10-config-view: there",
    "ok       bindings    the cluster: as declared (5 bindings looked at)",
    "ok       operator    the cluster: no Pulumi operator here",
    "sample: nothing is wrong.",
    "",
  ]);
  expect(status).toBe(0);
});

test("without a kubeconfig the cluster is not looked at, and that is said", async () => {
  const { status, stdout } = await doctor(patient());
  expect(status).toBe(0);
  expect(stdout).toContain("unknown  roles       the cluster: not looked at\n                     Fix: pass --kubeconfig.\n");
  expect(stdout).toMatch(/sample: nothing is wrong, 4 not looked at\.\n$/);
});

/** The lines that are not ok. */
async function ill(document: EnvironmentDocument, world: World, ...flags: string[]): Promise<[number, string[]]> {
  const { status, stdout } = await doctor(document, world, "--json", ...flags);
  const { lines, version, healthy } = JSON.parse(stdout) as {
    version: string;
    healthy: boolean;
    lines: { check: string; state: string; what: string; found: string; fix: string | null }[];
  };
  expect([version, healthy]).toEqual(["gatehouse.dev/doctor/v1", status === 0]);
  expect(lines.every(({ state, fix }) => (state === "ok") === (fix === null))).toBe(true);
  return [
    status,
    lines
      .filter(({ state, fix }) => state !== "ok" && fix !== "pass --kubeconfig.")
      .map(({ check, state, what, found }) => `${state} ${check} ${what}: ${found}`),
  ];
}

test.each<[string, World, number, string[]]>([
  ["a trailing slash", { fetch: provider({ issuer: `${issuer}/` }) }, 1, [`fault discovery ${issuer}: it names the issuer ${issuer}/`]],
  [
    "no discovery",
    { fetch: provider({ status: 404 }) },
    1,
    [expect.stringContaining("fault discovery") as string, expect.stringContaining("unknown redirect k10:") as string],
  ],
  [
    "a redirect that is not registered",
    { fetch: provider({ location: "" }) },
    1,
    [`fault redirect k10: ${redirectUri}: the identity provider answers with status 400 instead of sending people back`],
  ],
  [
    "a page of its own",
    { fetch: provider({ location: "https://example.okta.com/login" }) },
    0,
    [expect.stringContaining("unknown redirect k10:") as string],
  ],
  [
    "a redirect that only begins like it",
    { fetch: provider({ location: `${redirectUri}evil?error=login_required` }) },
    0,
    [expect.stringContaining("unknown redirect k10:") as string],
  ],
  [
    "clocks apart",
    { fetch: provider({ date: new Date(now.getTime() - 120_000) }) },
    1,
    ["fault clock the issuer: 120 s behind this machine"],
  ],
  [
    "a certificate that ends soon",
    { tlsPeer: () => Promise.resolve({ trusted: true, reason: null, validTo: new Date(now.getTime() + 5 * 86_400_000) }) },
    0,
    [
      "warning tls https://example.okta.com: 5 days left, until 2026-11-28",
      "warning tls https://k10.example.com: 5 days left, until 2026-11-28",
    ],
  ],
  [
    "a chain that is not trusted",
    {
      tlsPeer: (host) =>
        Promise.resolve({ trusted: host !== "k10.example.com", reason: "SELF_SIGNED", validTo: new Date(now.getTime() + 9e9) }),
    },
    1,
    ["fault tls https://k10.example.com: its chain is not trusted here: SELF_SIGNED"],
  ],
])("%s", async (_, world, status, lines) => {
  expect(await ill(patient(), world)).toEqual([status, lines]);
});

test("a secret that has ended, and a chart that was not read", async () => {
  const document = patient(({ platforms }) => {
    const k10 = platforms["k10"];
    if (k10?.release !== undefined) {
      k10.release.version = "10.1.0";
      k10.secret = { namespace: "kasten-io", name: "oidc", expiresAt: "2026-11-20T00:00:00Z", rotatesAt: null };
    }
  });
  expect(await ill(document, {})).toEqual([
    1,
    [
      "fault secret k10: kasten-io/oidc: ended on 2026-11-20",
      "fault chart k10: chart k10 10.1.0: expected a k10 chart from 4.5.0 up to, not including, 10.0.0: the versions whose contract was read",
    ],
  ]);
});

test("in the cluster: a role that is not there, a binding of somebody else's, an old Kubernetes, a stalled Stack", async () => {
  const document = patient();
  const { [`${api}/clusterroles/k10-basic`]: _, ...rest } = cluster(document);
  const list = rest[`${api}/clusterrolebindings`]?.body as { items: unknown[] };
  list.items.push(clusterBinding("door", "cluster-admin", [group("okta:Kasten Users")]));
  const sick = {
    ...rest,
    "/version": { status: 200, body: { major: "1", minor: "24+", gitVersion: "v1.24.17-eks" }, date: now.toUTCString() },
    "/apis/pulumi.com/v1/stacks": {
      status: 200,
      body: {
        items: [
          stalledStack,
          { metadata: { name: "staging", namespace: "deploy" }, status: { lastUpdate: { state: "failed", message: "timed out" } } },
          { metadata: { name: "new", namespace: "deploy" } },
        ],
      },
    },
  };
  expect(await ill(document, { cluster: sick }, "--kubeconfig", "x.yaml")).toEqual([
    1,
    [
      "warning kubernetes Kubernetes v1.24.17-eks: 1.30 to 1.36 were read",
      "fault roles ClusterRole k10-basic: not there: its bindings grant nothing",
      expect.stringMatching(/^fault bindings ClusterRoleBinding door: gives ClusterRole cluster-admin to Group okta:Kasten Users/),
      "fault operator Stack deploy/production: stalled: SourceUnavailable no such branch",
      "warning operator Stack deploy/staging: its last update failed: timed out",
    ],
  ]);
});

test("reviews: those that were missed are warnings, otherwise the next day is named", async () => {
  const withReview = (due: string | null): EnvironmentDocument =>
    patient((document) =>
      document.access.forEach((grant) => {
        grant.review = { every: "quarterly", reviewed: due === null ? null : "2026-06-01", due, missed: "warn" };
      }),
    );
  const lines = async (document: EnvironmentDocument) =>
    (
      JSON.parse((await doctor(document, { fetch: provider({}), tlsPeer: peer }, "--json")).stdout) as { lines: Record<string, string>[] }
    ).lines
      .filter(({ check }) => check === "review")
      .map(({ state, what, found }) => [state, what, found]);
  expect(await lines(withReview("2099-01-01"))).toEqual([["ok", "the grants", "every review was held; the next is due by 2099-01-01"]]);
  expect((await lines(withReview(null)))[0]).toEqual([
    "warning",
    "k10/backup-admins/admin",
    "k10: admin of 'Kasten Admins': it was never reviewed (quarterly)",
  ]);
  expect(await lines(patient())).toEqual([]);
});

test.each([
  ["3.1.31", []],
  ["3.1.52", []],
  ["3.1.30", [expect.stringContaining("expected an orchestra chart from 3.1.31 up to 3.1.52") as string]],
  ["3.2.0", [expect.stringContaining("fault chart k10: chart orchestra 3.2.0") as string]],
])("OpenUnison's chart %s", async (version, lines) => {
  const document = patient(({ platforms }) => {
    const portal = platforms["k10"];
    if (portal?.release !== undefined) {
      Object.assign(portal, { kind: "openunison" });
      Object.assign(portal.release, { chart: "orchestra", version });
    }
  });
  expect((await ill(document, {}))[1].filter((text) => text.includes(" chart "))).toEqual(lines);
});
