/** For every line of `gatehouse doctor`, an environment in which that line alone is wrong: its words, its fix, the exit status and the JSON. */
import { checkNames, type DoctorLine } from "../../../cli/doctor/types";
import { EngineError } from "../../../cli/errors";
import type { EnvironmentDocument } from "../../../model";
import { now } from "../../verifier/issuer";
import { clusterBinding, group } from "../../verifier/rbac/objects";
import { gatehouse, type World } from "../harness";
import { api, cluster, issuer, patient, peer, provider, redirectUri, stalledStack } from "./healthy";

interface Row extends DoctorLine {
  readonly name: string;
  readonly document?: (document: EnvironmentDocument) => void;
  readonly world?: World;
  readonly cluster?: World["cluster"];
  /** What cannot be looked at because of it, as `check: fix`. */
  readonly unknown?: readonly string[];
}

const day = 86_400_000;
const minutesAgo = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toUTCString();
const k10 = "https://k10.example.com";
/** K10's own server differs, the issuer's is well. */
const k10Peer = (answer: Promise<Awaited<ReturnType<NonNullable<World["tlsPeer"]>>>> | Error): World => ({
  tlsPeer: (host, port) => (host !== "k10.example.com" ? peer(host, port) : answer instanceof Error ? Promise.reject(answer) : answer),
});
const distrusted = (reason: string, days: number): World =>
  k10Peer(Promise.resolve({ trusted: false, reason, validTo: new Date(now.getTime() + days * day) }));
const redirectFix = "run `pulumi up`; where the client is somebody else's, register this redirect, byte for byte.";
const clockFix = "set the clock by NTP on the machine that is off: tokens seem expired, or not yet valid.";
const putBack =
  "run `pulumi up`: its plan says what was changed by hand, and it puts back what the stack declares. If the change is wanted, write it into the stack file.";
const discoveryAddress = `${issuer}/.well-known/openid-configuration`;
const version = (minor: string, date = now.toUTCString()): NonNullable<World["cluster"]> => ({
  "/version": { status: 200, body: { major: "1", minor, gitVersion: `v1.${minor}.1` }, date },
});
const unanswered = (): never => {
  throw new EngineError(
    "cluster_unreachable",
    "Expected an answer from the API server https://api.example.com:6443, got none: no answer in time.\nFix: check --kubeconfig and the network.",
  );
};
const fault = (row: Omit<Row, "state">): Row => ({ ...row, state: "fault" });

const rows: readonly Row[] = [
  fault({
    name: "the issuer gives no answer",
    world: {
      fetch: (url) => Promise.reject(new TypeError("fetch failed", { cause: new Error(`connect ECONNREFUSED ${new URL(url).host}`) })),
    },
    check: "discovery",
    what: issuer,
    found: `no answer from ${discoveryAddress}: connect ECONNREFUSED example.okta.com`,
    fix: "check the network, a proxy, and the authority behind the issuer's certificate (NODE_EXTRA_CA_CERTS).",
    unknown: ["redirect: mend discovery first."],
  }),
  fault({
    name: "the issuer has no discovery document",
    world: { fetch: provider({ status: 404 }) },
    check: "discovery",
    what: issuer,
    found: `status 404 from ${discoveryAddress}, and no discovery document`,
    fix: "write the issuer as the identity provider names it; a custom authorization server has its own.",
    unknown: ["redirect: mend discovery first."],
  }),
  ...[`${issuer}/`, "https://EXAMPLE.okta.com", "http://example.okta.com", `${issuer}\u200b`].map((named) =>
    fault({
      name: `discovery names ${JSON.stringify(named)}`,
      world: { fetch: provider({ issuer: named }) },
      check: "discovery",
      what: issuer,
      found: `it names the issuer ${named}`,
      fix: "write the issuer byte for byte as discovery names it, the trailing slash too.",
    }),
  ),
  fault({
    name: "a chain of an unknown authority",
    world: distrusted("UNABLE_TO_VERIFY_LEAF_SIGNATURE", 90),
    check: "tls",
    what: k10,
    found: "its chain is not trusted here: UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    fix: "serve the whole chain, or give the authority to this machine (NODE_EXTRA_CA_CERTS) and to the platform.",
  }),
  fault({
    name: "a certificate for another name",
    world: distrusted("ERR_TLS_CERT_ALTNAME_INVALID", 90),
    check: "tls",
    what: k10,
    found: "its chain is not trusted here: ERR_TLS_CERT_ALTNAME_INVALID",
    fix: "serve a certificate that names this host, or write the address as the certificate names it.",
  }),
  fault({
    name: "a certificate that has ended: OpenSSL distrusts it, and the fix is a new one",
    world: distrusted("CERT_HAS_EXPIRED", -3),
    check: "tls",
    what: k10,
    found: "ended on 2026-11-20",
    fix: "renew the certificate on the server, with its whole chain.",
  }),
  fault({
    name: "an intermediate certificate that has ended",
    world: distrusted("CERT_HAS_EXPIRED", 30),
    check: "tls",
    what: k10,
    found: "its chain is not trusted here: CERT_HAS_EXPIRED",
    fix: "renew the certificate on the server, with its whole chain: an intermediate certificate has ended.",
  }),
  ...["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "EPROTO"].map((code) =>
    fault({
      name: `a handshake that fails: ${code}`,
      world: k10Peer(Object.assign(new Error(`handshake: ${code}`), { code })),
      check: "tls",
      what: k10,
      found: `no handshake: handshake: ${code}`,
      fix: "let the server speak TLS 1.2 or later at this port, with a certificate for this name.",
    }),
  ),
  fault({
    name: "a redirect that is not registered",
    world: { fetch: provider({ location: "" }) },
    check: "redirect",
    what: "k10",
    found: `${redirectUri}: the identity provider answers with status 400 instead of sending people back`,
    fix: redirectFix,
  }),
  fault({
    name: "the issuer's clock behind",
    world: { fetch: provider({ date: new Date(now.getTime() - 120_000) }) },
    check: "clock",
    what: "the issuer",
    found: "120 s behind this machine",
    fix: clockFix,
  }),
  fault({
    name: "the issuer's clock ahead, by one second too much",
    world: { fetch: provider({ date: new Date(now.getTime() + 31_000) }) },
    check: "clock",
    what: "the issuer",
    found: "31 s ahead of this machine",
    fix: clockFix,
  }),
  fault({
    name: "the API server's clock behind",
    cluster: version("36", minutesAgo(5)),
    check: "clock",
    what: "the API server",
    found: "300 s behind this machine",
    fix: clockFix,
  }),
  fault({
    name: "the client secret has ended",
    document: ({ platforms }) =>
      Object.assign(platforms["k10"] ?? {}, {
        secret: { namespace: "kasten-io", name: "oidc", expiresAt: new Date(now.getTime() - 1_000).toISOString(), rotatesAt: null },
      }),
    check: "secret",
    what: "k10: kasten-io/oidc",
    found: `ended on ${now.toISOString().slice(0, 10)}`,
    fix: "run `pulumi up`, which makes a new one; `gatehouse secret rotate` asks for it before its day.",
  }),
  {
    name: "a review that was missed is a warning: sign-in works",
    document: ({ access }) => {
      const [grant] = access;
      if (grant !== undefined) {
        grant.review = { every: "quarterly", reviewed: null, due: null, missed: "warn" };
      }
    },
    check: "review",
    state: "warning",
    what: "k10/backup-admins/admin",
    found: "k10: admin of 'Kasten Admins': it was never reviewed (quarterly)",
    fix: "run `gatehouse review open`, let the owners decide, and run `gatehouse review apply`; or take the grant out of the stack file.",
  },
  fault({
    name: "a chart whose contract was not read",
    document: ({ platforms }) => Object.assign(platforms["k10"]?.release ?? {}, { version: "10.0.0" }),
    check: "chart",
    what: "k10: chart k10 10.0.0",
    found: "expected a k10 chart from 4.5.0 up to, not including, 10.0.0: the versions whose contract was read",
    fix: "install a version that was read, or a newer Gatehouse.",
  }),
  {
    name: "a Kubernetes that was not read is a warning: nothing says that it differs",
    cluster: version("37"),
    check: "kubernetes",
    state: "warning",
    what: "Kubernetes v1.37.1",
    found: "1.30 to 1.36 were read",
    fix: "ask the cluster itself (kubectl auth can-i) where an answer matters.",
  },
  {
    name: "a Kubernetes that cannot read the AuthenticationConfiguration is a warning: its owner may have set the flags",
    document: ({ platforms }) => Object.assign(platforms["k10"] ?? {}, { tokenRules: "authentication-configuration" }),
    cluster: version("33+"),
    check: "kubernetes",
    state: "warning",
    what: "Kubernetes v1.33+.1",
    found: "k10: an AuthenticationConfiguration of apiserver.config.k8s.io/v1 needs 1.34 or later",
    fix: "set the flags of kube-apiserver that the stack gives (output `flags`) in place of the file, or upgrade the control plane.",
  },
  fault({
    name: "the API server gives no answer",
    cluster: { "/version": unanswered },
    check: "kubernetes",
    what: "the API server",
    found: "Expected an answer from the API server https://api.example.com:6443, got none: no answer in time.",
    fix: "check --kubeconfig and the network.",
    unknown: ["roles", "bindings", "operator"].map((check) => `${check}: let the API server answer first.`),
  }),
  ...[
    { path: `${api}/clusterroles/k10-basic`, what: "ClusterRole k10-basic" },
    { path: `${api}/namespaces/kasten-io/roles/k10-ns-admin`, what: "Role kasten-io/k10-ns-admin" },
  ].map(({ path, what }) =>
    fault({
      name: `${what} is not there`,
      cluster: { [path]: { status: 404, body: {} } },
      check: "roles",
      what,
      found: "not there: its bindings grant nothing",
      fix: "let the chart make its roles (rbac.create), or install the release under the name that the stack says.",
    }),
  ),
  ...[
    {
      name: "a binding that nobody declared",
      change: (items: readonly object[]) => [...items, clusterBinding("door", "cluster-admin", [group("okta:Kasten Users")])],
      what: "ClusterRoleBinding door",
      found: "gives ClusterRole cluster-admin to Group okta:Kasten Users; the stack does not declare it",
      fix: "delete the binding, or write the access into the stack file as a grant.",
    },
    {
      name: "a declared binding that is gone",
      change: (items: readonly object[]) => items.slice(1),
      what: "ClusterRoleBinding gatehouse-k10-k10-admin",
      found: "expected it to bind Group okta:Kasten Admins; it is not there",
      fix: putBack,
    },
    {
      name: "a declared binding that names another role",
      change: ([first, ...rest]: readonly object[]) => [{ ...first, roleRef: { kind: "ClusterRole", name: "view" } }, ...rest],
      what: "ClusterRoleBinding gatehouse-k10-k10-admin",
      found: "expected role ClusterRole k10-admin, got ClusterRole view",
      fix: putBack,
    },
    {
      name: "a declared binding with one subject more",
      change: ([first, ...rest]: readonly object[]) => [
        { ...first, subjects: [...(first as { subjects: object[] }).subjects, group("okta:Everyone")] },
        ...rest,
      ],
      what: "ClusterRoleBinding gatehouse-k10-k10-admin",
      found: "it binds Group okta:Everyone as well",
      fix: putBack,
    },
  ].map(({ change, ...row }) =>
    fault({
      ...row,
      check: "bindings",
      cluster: {
        [`${api}/clusterrolebindings`]: () => {
          const { body } = cluster(patient())[`${api}/clusterrolebindings`] ?? {};
          return { status: 200, body: { items: change((body as { items: object[] }).items) } };
        },
      },
    }),
  ),
  fault({
    name: "an operator's Stack that has stalled",
    cluster: {
      "/apis/pulumi.com/v1/stacks": {
        status: 200,
        body: {
          items: [
            stalledStack,
            { metadata: { name: "well", namespace: "deploy" }, status: { conditions: [{ type: "Stalled", status: "False" }] } },
          ],
        },
      },
    },
    check: "operator",
    what: "Stack deploy/production",
    found: "stalled: SourceUnavailable no such branch",
    fix: "mend what it says (often credentials or the branch), then annotate it to reconcile.",
  }),
];

async function examine({ document: change, world, cluster: sick }: Pick<Row, "document" | "world" | "cluster">, ...flags: string[]) {
  const document = patient(change);
  return gatehouse(["doctor", "--env", "env.json", "--kubeconfig", ...flags], {
    files: { "env.json": JSON.stringify(document) },
    fetch: provider({}),
    tlsPeer: peer,
    cluster: { ...cluster(patient()), ...sick },
    ...world,
  });
}

test.each(rows)("$check: $name", async (row) => {
  const { check, state, what, found, fix, unknown = [] } = row;
  const expectedStatus = state === "fault" ? 1 : 0;
  const json = await examine(row, "--json");
  const { lines, healthy } = JSON.parse(json.stdout) as { healthy: boolean; lines: DoctorLine[] };
  const wrong = lines.filter((one) => one.state !== "ok");
  expect(wrong.filter((one) => one.state !== "unknown")).toEqual([{ check, state, what, found, fix }]);
  expect(wrong.filter((one) => one.state === "unknown").map((one) => `${one.check}: ${one.fix ?? ""}`)).toEqual(unknown);
  expect([json.status, healthy, json.stderr]).toEqual([expectedStatus, expectedStatus === 0, ""]);

  const words = await examine(row);
  expect(words.status).toBe(expectedStatus);
  const shown = found.replace("\u200b", "\\u200b");
  expect(words.stdout).toContain(
    `\n${state.padEnd(7)}  ${check.padEnd(10)}  ${what}: ${shown}\n${" ".repeat(21)}Fix: ${fix ?? ""}\n`.slice(
      words.stdout.startsWith(state) ? 1 : 0,
    ),
  );
  const verdict = expectedStatus === 0 ? "nothing is wrong" : "1 thing is wrong";
  expect(words.stdout).toMatch(new RegExp(`\nsample: ${verdict}${unknown.length === 0 ? "" : `, ${unknown.length} not looked at`}\\.\n$`));
});

test("every check has a row, and without a change nothing is wrong", async () => {
  expect([...new Set(rows.map(({ check }) => check))].sort()).toEqual(Object.keys(checkNames).sort());
  const { stdout } = await gatehouse(["doctor", "--env", "env.json", "--kubeconfig", "--json"], {
    files: { "env.json": JSON.stringify(patient()) },
    fetch: provider({}),
    tlsPeer: peer,
    cluster: cluster(patient()),
  });
  expect((JSON.parse(stdout) as { lines: DoctorLine[] }).lines.filter(({ state }) => state !== "ok")).toEqual([]);
});

test.each<[string, NonNullable<World["cluster"]>, string]>([
  ["bindings", { [`${api}/rolebindings`]: { status: 403, body: {} } }, "the cluster"],
  ["roles", { [`${api}/clusterroles/k10-basic`]: { status: 403, body: {} } }, "ClusterRole k10-basic"],
  ["operator", { "/apis/pulumi.com/v1/stacks": { status: 403, body: {} } }, "the cluster"],
  ["operator", { "/apis/pulumi.com/v1/stacks": { status: 200, body: "<html>" } }, "the cluster"],
  ["kubernetes", { "/version": { status: 200, body: "<html>", date: now.toUTCString() } }, "the API server"],
  ["clock", { "/version": { status: 200, body: { major: "1", minor: "36", gitVersion: "v1.36.3" } } }, "the API server"],
])("%s that cannot be looked at costs no other line", async (check, sick, what) => {
  const { status, stdout } = await examine({ cluster: sick }, "--json");
  const { lines } = JSON.parse(stdout) as { lines: DoctorLine[] };
  expect(lines.filter(({ state }) => state !== "ok").map((one) => [one.check, one.state, one.what])).toEqual([[check, "unknown", what]]);
  expect(status).toBe(0);
});
