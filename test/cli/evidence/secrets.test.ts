import { evidenceSchema, type Evidence } from "../../../model";
import { sampleDocument } from "../../fixtures/sample";
import { now } from "../../verifier/issuer";
import { gatehouse, type Outcome, type World } from "../harness";
import { clusterOf, goodWorld, liveState, oktaOf } from "./world";

const current = "the-newest-secret-of-all";
const document = sampleDocument();
const [platform = "", spec] = Object.entries(document.platforms).find(([, { secret }]) => secret !== undefined) ?? [];
const place = { namespace: spec?.secret?.namespace ?? "", name: spec?.secret?.name ?? "" };
const path = `/api/v1/namespaces/${place.namespace}/secrets/${place.name}`;

const okta: NonNullable<World["fetch"]> = (address, init) =>
  address.endsWith("/credentials/secrets")
    ? Promise.resolve(
        Response.json([
          { client_secret: "the-former-secret-of-all", status: "ACTIVE", created: "2026-01-01T00:00:00.000Z" },
          { client_secret: current, status: "ACTIVE", created: "2026-11-01T00:00:00.000Z" },
          { client_secret: "never-in-use-until-now", status: "INACTIVE", created: "2026-11-20T00:00:00.000Z" },
        ]),
      )
    : oktaOf()(address, init);

function run(
  secret: { status: number; body: unknown },
  more: World = {},
  flags: readonly string[] = ["--compare-secrets"],
): Promise<Outcome> {
  const cluster = { ...clusterOf(liveState(document)), [path]: secret };
  return gatehouse(
    ["evidence", "--env", "environment.json", "--out", "out", ...flags],
    goodWorld({ cluster, fetch: okta, ...more }, document),
  );
}

const holding = (...values: string[]) => ({
  status: 200,
  body: { data: Object.fromEntries(values.map((value, position) => [`key-${position}`, Buffer.from(value).toString("base64")])) },
});
const found = (outcome: Outcome): Evidence => evidenceSchema.parse(JSON.parse(outcome.written?.["out/evidence.json"] ?? ""));
const stateOf = (outcome: Outcome) =>
  found(outcome).secrets.find((one) => one.platform === platform && one.source === "declared")?.inCluster;

test.each([
  ["a value of its own", holding("client", current), 0, "newest"],
  ["a part of a configuration", holding(`provider:\n  clientSecret: ${current}\n  scopes: [a]\n`), 0, "newest"],
  ["the former one", holding("the-former-secret-of-all"), 5, "another"],
  ["one that is not in use yet", holding("never-in-use-until-now"), 5, "another"],
  ["a longer one that begins so", holding(`${current}-`), 5, "another"],
  ["nothing", { status: 200, body: {} }, 5, "another"],
  ["no Secret", { status: 404, body: {} }, 5, "missing"],
])("the Secret in the cluster holds %s: compared, and kept nowhere", async (_what, secret, status, state) => {
  const outcome = await run(secret);
  expect([outcome.status, stateOf(outcome)]).toEqual([status, state]);
  expect(JSON.stringify(outcome)).not.toMatch(/the-newest-secret-of-all|the-former-secret|never-in-use/);
  expect(found(outcome).findings.map(({ kind }) => kind)).toEqual(status === 0 ? [] : ["secret"]);
});

test("without the flag no Secret is read; without the right the evidence is incomplete, and says which", async () => {
  const asked: string[] = [];
  const fetch: NonNullable<World["fetch"]> = (address, init) => {
    asked.push(address);
    return okta(address, init);
  };
  const plain = await run({ status: 500, body: {} }, { fetch }, []);
  expect([plain.status, stateOf(plain), asked.filter((one) => one.includes("credentials"))]).toEqual([0, undefined, []]);
  const refused = await run({ status: 403, body: {} });
  expect([refused.status, refused.stdout]).toEqual([
    6,
    expect.stringContaining(`Expected the API server to show the Secret ${place.namespace}/${place.name}`),
  ]);
});

describe("certificates", () => {
  const peer =
    (days: number, trusted = true): NonNullable<World["tlsPeer"]> =>
    (host) =>
      host === "example.okta.com"
        ? Promise.resolve({ trusted, reason: null, validTo: new Date(now.getTime() + days * 86_400_000) })
        : Promise.reject(new Error("no route"));

  test("what servers show stands in evidence and calendar; who gives no answer from here is said", async () => {
    const outcome = await run(holding(current), { tlsPeer: peer(30) }, []);
    const evidence = found(outcome);
    expect(outcome.status).toBe(0);
    expect(evidence.certificates).toEqual([{ of: "https://example.okta.com", endsAt: "2026-12-23T12:00:00.000Z", trusted: true }]);
    expect(evidence.notLookedAt).toContain(`the certificate of ${new URL(spec?.url ?? "").origin}: no answer from here`);
    expect(outcome.written?.["out/report.html"]).toContain("<time>2026-12-23</time><td>certificate ends");
  });

  test("every host of a platform's own certificate is looked at", async () => {
    const hosted = sampleDocument();
    Object.assign(hosted.platforms[platform] ?? {}, {
      ownCertificate: { secret: place, hosts: ["portal.example.com", "dashboard.example.com"] },
    });
    const asked: string[] = [];
    const tlsPeer: NonNullable<World["tlsPeer"]> = (host, port) => {
      asked.push(`${host}:${port}`);
      return Promise.resolve({ trusted: false, reason: "SELF_SIGNED_CERT_IN_CHAIN", validTo: null });
    };
    const outcome = await gatehouse(["evidence", "--env", "environment.json", "--out", "out"], goodWorld({ tlsPeer }, hosted));
    expect(asked).toEqual(expect.arrayContaining(["portal.example.com:443", "dashboard.example.com:443"]));
    expect(found(outcome).certificates).toContainEqual({ of: "https://dashboard.example.com", endsAt: null, trusted: false });
  });

  test("one that has ended is a finding", async () => {
    const outcome = await run(holding(current), { tlsPeer: peer(-1) }, []);
    expect([outcome.status, outcome.stdout]).toEqual([
      5,
      expect.stringContaining("certificate: https://example.okta.com\n  its certificate ended at 2026-11-22T12:00:00.000Z"),
    ]);
  });

  test("the declared end of the private authority behind the issuer", async () => {
    const private_ = sampleDocument();
    private_.identityProvider.certificateAuthorityEnds = "2027-05-01T00:00:00.000Z";
    const outcome = await gatehouse(
      ["evidence", "--env", "environment.json", "--out", "out"],
      goodWorld({ cluster: clusterOf(liveState(private_)) }, private_),
    );
    expect(found(outcome).certificates).toEqual([
      { of: "the private authority behind the issuer (declared)", endsAt: "2027-05-01T00:00:00.000Z", trusted: null },
    ]);
  });
});
