import { startKastenRelyingParty, type KastenRelyingParty, type KastenRelyingPartyOptions } from "../../../../story/relying-parties";
import { send, personSession, signIn, type Outcome, type PersonSession, type Route } from "../../../../story/sign-in";
import { installKasten, password, startFakeCluster, startWorld, type FakeCluster, type World } from "../../sign-in/support";

const deployments = "/apis/apps/v1/namespaces/kasten-io/deployments";
let world: World;
let cluster: FakeCluster;
let options: KastenRelyingPartyOptions;
const parties: KastenRelyingParty[] = [];

beforeAll(async () => {
  world = await startWorld();
  cluster = await startFakeCluster(world.folder, "okta:Kasten Admins");
  options = {
    kubeconfigPath: cluster.kubeconfigPath,
    namespace: "kasten-io",
    release: "k10",
    ca: world.authority.certificate,
    certificate: await world.certificate("k10.example.test"),
    hostMap: { "idp.example.test:443": world.provider.address },
  };
}, 30_000);
beforeEach(() => {
  installKasten(cluster);
  cluster.impersonated.length = 0;
  Object.assign(world.provider, { secrets: ["first secret"], thinTokens: false });
});
afterEach(async () => {
  await Promise.all(parties.splice(0).map((party) => party.stop()));
});
afterAll(async () => {
  await cluster.stop();
  await world.stop();
});

async function start(more: Partial<KastenRelyingPartyOptions> = {}): Promise<KastenRelyingParty> {
  const party = await startKastenRelyingParty({ ...options, ...more });
  parties.push(party);
  return party;
}

const routeTo = (party: KastenRelyingParty): Route => ({ ca: options.ca, hostMap: { ...options.hostMap, [party.host]: party.address } });
const enter = (party: KastenRelyingParty, login = "ana@example.test"): Promise<Outcome> =>
  signIn({ ...routeTo(party), browser: false, startUrl: party.startUrl, login, password });
async function session(party: KastenRelyingParty, login?: string): Promise<PersonSession> {
  const outcome = await enter(party, login);
  if (outcome.outcome === "refused") {
    throw new Error(outcome.reason);
  }
  return personSession(routeTo(party), outcome);
}

test("addresses come from what the cluster holds", async () => {
  const party = await start();
  expect(party).toMatchObject({
    host: "k10.example.test:443",
    origin: "https://k10.example.test",
    startUrl: "https://k10.example.test/k10/",
    callbackUrl: "https://k10.example.test/k10/auth-svc/v0/oidc/redirect",
  });
  expect(party.address).toMatch(/^127\.0\.0\.1:\d+$/);
});

test("a chart without controllermanager-svc, as 4.5: what it made is read, and a new template rolls", async () => {
  cluster.objects[`${deployments}/controllermanager-svc`] = undefined;
  const party = await start();
  expect(await enter(party)).toMatchObject({ outcome: "signed-in" });
  expect(await party.restartIfRolled()).toEqual([]);
  const dashboard = cluster.objects[`${deployments}/dashboardbff-svc`] as { spec: { template: { metadata: object } } };
  dashboard.spec.template.metadata = { annotations: { run: "again" } };
  expect(await party.restartIfRolled()).toEqual(["dashboardbff-svc"]);
});

test("a chart without auth-svc signs nobody in, which is said", async () => {
  cluster.objects[`${deployments}/auth-svc`] = undefined;
  await expect(start()).rejects.toThrow(/expected 200 from GET .*\/deployments\/auth-svc, got 404/);
});

test("whoami gives the prefixed identity and no token; the process has the token", async () => {
  const party = await start();
  const answer = await (await session(party)).get("whoami");
  const { decodeJwt } = await import("jose");
  const idToken = party.session("ana@example.test")?.idToken ?? "";
  expect(JSON.parse(answer.body)).toEqual({
    username: "okta:ana@example.test",
    groups: ["okta:Kasten Admins", "okta:Everyone"],
    tokenExpiresAt: new Date((decodeJwt(idToken).exp ?? 0) * 1000).toISOString(),
  });
  expect(decodeJwt(idToken)).toMatchObject({ iss: "https://idp.example.test", aud: "k10", sub: "00u-ana" });
  expect(party.session("nobody")).toBeUndefined();
});

test("questions reach the API server as that person", async () => {
  const party = await start();
  const question = { verb: "get", group: "config.kio.kasten.io", resource: "policies", namespace: "kasten-io" };
  const ask = async (login: string): Promise<unknown> => JSON.parse((await (await session(party, login)).post("can-i", [question])).body);
  expect(await ask("ana@example.test")).toEqual([{ ...question, allowed: true, reason: "by test" }]);
  expect(await ask("omar@example.test")).toEqual([{ ...question, allowed: false, reason: "" }]);
  expect(cluster.impersonated.map(({ user, groups }) => ({ user, groups }))).toEqual([
    { user: "okta:ana@example.test", groups: ["okta:Kasten Admins", "okta:Everyone"] },
    { user: "okta:omar@example.test", groups: ["okta:Kasten Users"] },
  ]);
  expect(cluster.impersonated[0]?.body).toMatchObject({ kind: "SelfSubjectAccessReview", spec: { resourceAttributes: question } });
});

test("a real call is passed through with its status, and only to the API's paths", async () => {
  const party = await start();
  const omar = await session(party, "omar@example.test");
  expect(JSON.parse((await omar.post("raw", { method: "GET", path: "/api/v1/namespaces" })).body)).toMatchObject({ status: 403 });
  expect((await omar.post("raw", { method: "GET", path: "/metrics" })).status).toBe(400);
  expect((await omar.post("can-i", { verb: "get" })).status).toBe(400);
});

test("without a session nothing is asked", async () => {
  const party = await start();
  for (const [method, page] of [
    ["GET", "whoami"],
    ["POST", "can-i"],
    ["POST", "raw"],
  ] as const) {
    const answer = await send(new URL(page, party.startUrl), routeTo(party), { method, body: method === "POST" ? "[]" : undefined });
    expect(answer.status).toBe(401);
  }
  expect(cluster.impersonated).toEqual([]);
});

test("a callback that this browser did not start is refused", async () => {
  const party = await start();
  const begun = await send(new URL(party.startUrl), routeTo(party));
  const state = new URL(begun.headers.location ?? "").searchParams.get("state") ?? "";
  const answer = await send(new URL(`${party.callbackUrl}?code=stolen&state=${state}`), routeTo(party));
  expect(answer.status).toBe(400);
  expect(answer.body).toContain("unknown or used state");
});

test("the authorization request asks for what the Secret says, with PKCE", async () => {
  const party = await start();
  const begun = await send(new URL(party.startUrl), routeTo(party));
  const query = Object.fromEntries(new URL(begun.headers.location ?? "").searchParams);
  expect(query).toMatchObject({
    client_id: "k10",
    redirect_uri: party.callbackUrl,
    scope: "openid profile email groups",
    prompt: "login",
    response_type: "code",
    code_challenge_method: "S256",
  });
  expect(query["nonce"]).toMatch(/^.{20,}$/);
});

test("pkce=false sends none, and a provider that wants it refuses", async () => {
  installKasten(cluster, { pkce: "false" });
  expect(await enter(await start())).toMatchObject({ outcome: "refused" });
});

test("an issuer with a slash too many is not mended", async () => {
  installKasten(cluster, { "provider-url": "https://idp.example.test/" });
  await expect(start()).rejects.toThrow(
    'expected the issuer of its discovery document, "https://idp.example.test", byte for byte, got "https://idp.example.test/"',
  );
});

test("a missing Secret says that the pod could not start", async () => {
  delete cluster.objects["/api/v1/namespaces/kasten-io/secrets/k10-oidc-client-1"];
  await expect(start()).rejects.toThrow("expected Secret kasten-io/k10-oidc-client-1, which auth-svc mounts");
});

test("a prefix that differs between gateway and sign-in service is an error", async () => {
  cluster.objects["/api/v1/namespaces/kasten-io/configmaps/k10-gateway"] = { data: { PREFIX_PATH: "/other" } };
  await expect(start()).rejects.toThrow("expected one prefix path, got /k10 in Deployment auth-svc and /other in ConfigMap k10-gateway");
});

test("groups that only userinfo gives count only when asked for", async () => {
  world.provider.thinTokens = true;
  const groupsOf = async (party: KastenRelyingParty): Promise<unknown> => {
    return (JSON.parse((await (await session(party)).get("whoami")).body) as { groups: unknown }).groups;
  };
  expect(await groupsOf(await start())).toEqual([]);
  expect(await groupsOf(await start({ groupsFromUserInfo: true }))).toEqual(["okta:Kasten Admins", "okta:Everyone"]);
});

describe("rotation", () => {
  test("running pods keep the secret that they started with; a new Secret name rolls all three", async () => {
    const party = await start();
    world.provider.secrets = ["second secret"];
    expect(await enter(party)).toMatchObject({ outcome: "refused", status: 502 });

    // Changed in place: no pod template changes, so no pod is rolled and the sign-in stays broken.
    installKasten(cluster, { "client-secret": "second secret" });
    expect(await party.restartIfRolled()).toEqual([]);
    expect(await enter(party)).toMatchObject({ outcome: "refused", status: 502 });

    installKasten(cluster, { "client-secret": "second secret" }, "k10-oidc-client-2");
    expect(await party.restartIfRolled()).toEqual(["auth-svc", "controllermanager-svc", "dashboardbff-svc"]);
    expect(await enter(party)).toMatchObject({ outcome: "signed-in" });
  });

  test("a Deployment that follows between two reads is among the rolled ones", async () => {
    const party = await start();
    const last = "/apis/apps/v1/namespaces/kasten-io/deployments/controllermanager-svc";
    const old = cluster.objects[last];
    installKasten(cluster, {}, "k10-oidc-client-2");
    const patched = cluster.objects[last];
    // Helm patches one object after the other: this one is still old when it is read first.
    Object.defineProperty(cluster.objects, last, {
      configurable: true,
      get: () => {
        Object.defineProperty(cluster.objects, last, { value: patched, writable: true });
        return old;
      },
    });
    expect(await party.restartIfRolled()).toEqual(["auth-svc", "controllermanager-svc", "dashboardbff-svc"]);
    expect(await party.restartIfRolled()).toEqual([]);
  });

  test("no page of a failed exchange shows the secret", async () => {
    const party = await start();
    world.provider.secrets = ["second secret"];
    expect(JSON.stringify(await enter(party))).not.toContain("first secret");
  });
});

test("an older chart: whole configuration in one Secret, prefix from the Ingress", async () => {
  const encode = (text: string): string => Buffer.from(text).toString("base64");
  const merged = {
    ...(cluster.objects["/api/v1/namespaces/kasten-io/secrets/k10-oidc-auth"] as { data: Record<string, string> }).data,
    "client-id": encode("k10"),
    "client-secret": encode("first secret"),
  };
  cluster.objects["/api/v1/namespaces/kasten-io/secrets/own"] = { data: merged };
  delete cluster.objects["/api/v1/namespaces/kasten-io/configmaps/k10-gateway"];
  cluster.objects["/apis/apps/v1/namespaces/kasten-io/deployments/auth-svc"] = {
    spec: {
      template: { spec: { containers: [{ name: "auth-svc" }], volumes: [{ name: "k10-oidc-auth", secret: { secretName: "own" } }] } },
    },
  };
  cluster.objects["/apis/networking.k8s.io/v1/namespaces/kasten-io/ingresses?labelSelector=release%3Dk10"] = {
    items: [{ spec: { rules: [{ http: { paths: [{ path: "/k10/" }] } }] } }],
  };
  expect(await enter(await start())).toMatchObject({ outcome: "signed-in", finalUrl: "https://k10.example.test/k10/" });
});
