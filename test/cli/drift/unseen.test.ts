import { readFileSync } from "node:fs";
import { sampleDocument } from "../../fixtures/sample";
import { deployed, digest } from "../engine-output";
import { fixture, gatehouse, type World } from "../harness";

describe("where no refresh looks", () => {
  const keycloak = (): object => {
    const document = sampleDocument();
    const identityProvider = { ...document.identityProvider, kind: "keycloak", issuer: "https://keycloak.example.com/realms/lab" };
    const platforms = Object.fromEntries(
      Object.entries(document.platforms).map(([name, platform]) => [name, { ...platform, clientId: "k10-lab" }]),
    );
    return { ...document, identityProvider, platforms };
  };
  const recorded = JSON.parse(readFileSync(fixture("keycloak/administration.json"), "utf8")) as { tampered: Record<string, unknown> };
  const answers: World["fetch"] = (url) => {
    const known = url.endsWith("/token") ? { access_token: "t" } : recorded.tampered[url.replace(/^.*realms\/lab\//, "")];
    return Promise.resolve(new Response(JSON.stringify(known), { status: known === undefined ? 404 : 200 }));
  };
  const env = { KEYCLOAK_CLIENT_ID: "reader", KEYCLOAK_CLIENT_SECRET: "s" };
  const files = { "env.json": JSON.stringify(keycloak()) };
  const none = { status: 200, body: { metadata: {}, items: [] } };
  const rbac = "/apis/rbac.authorization.k8s.io/v1";
  const drift = (world: World) =>
    gatehouse(["drift", "--format", "json", "--env", "env.json"], {
      run: { status: 0, stdout: digest({ before: deployed() }), stderr: "" },
      cluster: { [`${rbac}/clusterrolebindings`]: none, [`${rbac}/rolebindings`]: none },
      ...world,
    });
  const findingsOf = ({ stdout }: { readonly stdout: string }) =>
    (JSON.parse(stdout) as { findings: { kind: string; what: string }[] }).findings;

  test("the identity provider is asked with read-only credentials", async () => {
    const outcome = await drift({ files, env, fetch: answers });
    expect(outcome.status).toBe(5);
    expect(findingsOf(outcome).filter(({ kind }) => kind === "changed-at-provider")).toContainEqual(
      expect.objectContaining({ what: "mapper 'sneaky' of client k10-lab" }),
    );
  });

  test("without them it says what it did not look at, and how it could", async () => {
    const outcome = await drift({ files, env: {} });
    expect(outcome.stdout).toContain(
      "mappers, roles and signing settings that somebody gave a client of Keycloak (set KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET",
    );
  });

  test("an answer that cannot be had is no agreement", async () => {
    const refused: World["fetch"] = () => Promise.resolve(new Response("no", { status: 303 }));
    expect(await drift({ files, env, fetch: refused })).toMatchObject({
      status: 3,
      stderr: expect.stringContaining("Drift at the identity provider: expected a token for the account") as string,
    });
  });
});
