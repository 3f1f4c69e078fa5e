import * as https from "node:https";
import { startKastenRelyingParty, type KastenRelyingParty } from "../../../story/relying-parties";
import { openDriver, personSession, signIn, type Driver, type HostMap, type Outcome } from "../../../story/sign-in";
import { chromiumNames, findChromium } from "../../../machine/toolchain/chromium";
import { which } from "../../../machine/toolchain/versions";
import { close, installKasten, listen, password, startFakeCluster, startWorld, type FakeCluster, type World } from "./support";

let world: World;
let cluster: FakeCluster;
let party: KastenRelyingParty;
let hostMap: HostMap;

beforeAll(async () => {
  world = await startWorld();
  cluster = await startFakeCluster(world.folder, "okta:Kasten Admins");
  installKasten(cluster);
  party = await startKastenRelyingParty({
    kubeconfigPath: cluster.kubeconfigPath,
    namespace: "kasten-io",
    release: "k10",
    ca: world.authority.certificate,
    certificate: await world.certificate("k10.example.test"),
    hostMap: { "idp.example.test:443": world.provider.address },
  });
  hostMap = { "idp.example.test:443": world.provider.address, [party.host]: party.address };
});

afterAll(async () => {
  await party.stop();
  await cluster.stop();
  await world.stop();
});

/** CI installs a Chromium, so there the browser's tests must run; elsewhere a missing one is said aloud. */
const chromium = process.env["CHROMIUM_PATH"] ?? chromiumNames.map((name) => which(name, process.env["PATH"])).find(Boolean);
const drivers: ("http" | "browser")[] = chromium !== undefined || process.env["CI"] === "true" ? ["http", "browser"] : ["http"];
if (!drivers.includes("browser")) {
  process.stderr.write("sign-in.test.ts: no Chromium on PATH, so only the plain HTTP driver is tested\n");
}

describe.each(drivers)("signing in with the %s driver", (kind) => {
  let driver: Driver;
  const attempt = (login: string, given = password): Promise<Outcome> =>
    driver.signIn({ startUrl: party.startUrl, login, password: given });

  beforeAll(async () => {
    driver = await openDriver({
      ca: world.authority.certificate,
      hostMap,
      browser: kind === "browser" ? ((await findChromium()) ?? "chromium is missing") : false,
    });
  });
  afterAll(() => driver.close());

  test("a person who is assigned comes back to the platform with a session", async () => {
    const outcome = await attempt("ana@example.test");
    expect(outcome).toMatchObject({ outcome: "signed-in", finalUrl: "https://k10.example.test/k10/" });
    expect(outcome.cookies.filter((cookie) => cookie.host === "k10.example.test").map((cookie) => cookie.name)).toContain("k10-session");
  }, 60_000);

  test("a person who is assigned to nothing is refused in the provider's words", async () => {
    const outcome = await attempt("zoe@example.test");
    expect(outcome).toMatchObject({
      outcome: "refused",
      status: 403,
      reason: "access_denied: User is not assigned to the client application.",
    });
  }, 60_000);

  test("a wrong password is refused at the sign-in page and appears in no part of the outcome", async () => {
    const outcome = await attempt("ana@example.test", "wrong-password");
    expect(outcome).toMatchObject({ outcome: "refused", status: 401, reason: "Unable to sign in" });
    expect(JSON.stringify(outcome)).not.toContain("wrong-password");
  }, 60_000);
});

describe("trust", () => {
  test.each(drivers)(
    "the %s driver does not reach a server whose certificate the lab's CA did not sign",
    async (kind) => {
      const other = await startWorld();
      const foreign = await other.certificate("k10.example.test");
      const server = https.createServer({ cert: foreign.certPem, key: foreign.keyPem }, (_request, response) => response.end("stolen"));
      const port = await listen(server);
      await expect(
        signIn({
          ca: world.authority.certificate,
          hostMap: { "k10.example.test:443": `127.0.0.1:${port}` },
          browser: kind === "browser" ? ((await findChromium()) ?? "chromium is missing") : false,
          startUrl: "https://k10.example.test/k10/",
          login: "ana@example.test",
          password,
        }),
      ).rejects.toThrow(/certificate/);
      await close(server);
      await other.stop();
    },
    60_000,
  );
});

test("the session of a signed-in person asks as that person", async () => {
  const route = { ca: world.authority.certificate, hostMap };
  const outcome = await signIn({ ...route, browser: false, startUrl: party.startUrl, login: "omar@example.test", password });
  if (outcome.outcome !== "signed-in") {
    throw new Error(outcome.reason);
  }
  const who = JSON.parse((await personSession(route, outcome).get("whoami")).body) as Record<string, unknown>;
  expect(who).toMatchObject({ username: "okta:omar@example.test", groups: ["okta:Kasten Users"] });
});
