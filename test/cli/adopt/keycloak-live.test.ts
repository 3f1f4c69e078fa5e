import { authenticationConfiguration } from "../../../model";
import { gatehouse, type Outcome, type World } from "../harness";
import {
  client,
  clientUuid,
  groupsMapper,
  groupsScope,
  ids,
  idp,
  imported,
  issuer,
  keycloakAnswers,
  keycloakBindings,
  keycloakClient,
  keycloakFiles,
  keycloakValues,
  scopes,
} from "./keycloak-world";
import { binding, clientSecret, live } from "./world";

describe("an API server on Keycloak", () => {
  const trust = {
    ...{ issuer, audiences: ["kasten"], username: { claim: "sub", prefix: "kc:" }, groups: { claim: "groups", prefix: "kc:" } },
  };
  const kubeconfig = {
    ...{
      apiVersion: "v1",
      kind: "Config",
      "current-context": "prod",
      contexts: [{ name: "prod", context: { cluster: "prod", user: "oidc" } }],
    },
    clusters: [{ name: "prod", cluster: { server: "https://api.example.com:6443" } }],
    users: [{ name: "oidc", user: { exec: { args: ["oidc-login", "get-token", "--oidc-extra-scope=groups,email"] } } }],
  };
  const publicClient = {
    ...{
      publicClient: true,
      directAccessGrantsEnabled: false,
      redirectUris: ["http://localhost:8000", "http://localhost:18000"],
      rootUrl: "",
    },
    ...{ protocolMappers: [], optionalClientScopes: [...keycloakClient.optionalClientScopes, "groups"] },
  };
  const bound = {
    items: [
      binding("ClusterRoleBinding", undefined, "readers", "ClusterRole/view", "Group/kc:Backup Admins"),
      binding("RoleBinding", "shop", "operators", "ClusterRole/edit", "Group/kc:Operators"),
    ],
  };
  const server = (text: string, changes: Readonly<Record<string, unknown>> = {}): Promise<Outcome> => {
    const {
      "release.json": _release,
      "values.yaml": _values,
      ...answers
    } = keycloakFiles({
      ...client(publicClient),
      "bindings.json": bound,
      "keycloak-client-scopes.json": [...scopes, groupsScope(groupsMapper())],
      ...changes,
    });
    const found = { ...answers, "kubeconfig.yaml": JSON.stringify(kubeconfig), "authentication-configuration.yaml": text };
    return gatehouse(["adopt", "--from-files", "found"], { folders: { found } });
  };

  test("keeps its public client, and the scope that people's kubeconfigs ask for until they have the new one", async () => {
    const outcome = await server(authenticationConfiguration(trust));
    expect(outcome.stdout).toContain("2 before, 2 after: equal.");
    expect(idp(outcome)).toMatchObject({
      groupClaims: "insecureNames",
      existingClients: { kubernetes: { clientId: "kasten", optionalScopes: ["groups"] } },
    });
    expect(outcome.stdout).not.toContain("secret rotate");
    expect(imported(outcome)).toEqual([["keycloak:openid/client:Client", "kubernetes-app", `main/${clientUuid}`]]);
  });

  test("that takes ID tokens alone goes on doing so; what else it asks for the stack would not", async () => {
    const outcome = await server(authenticationConfiguration({ ...trust, requiredClaims: { typ: "ID" } }));
    expect(outcome.stdout).toContain("2 before, 2 after: equal.");
    const refused = await server(authenticationConfiguration({ ...trust, requiredClaims: { typ: "ID", acr: "gold" } }));
    expect(refused.stdout).toContain("requiredClaims.acr: expected no required claim beside those of the stack (typ)");
  });

  test("with a secret in kubeconfigs: refused, with the way", async () => {
    const outcome = await server(authenticationConfiguration(trust), client({ ...publicClient, publicClient: false }));
    expect(outcome.stdout).toContain("expected a public client: people's machines keep no secret, got a client with a secret");
  });
});

describe("live", () => {
  const uuidPath = `/clients/${clientUuid}`;
  const paths: Readonly<Record<string, string>> = {
    "/clients": "keycloak-client.json",
    "/client-scopes": "keycloak-client-scopes.json",
    "": "keycloak-realm.json",
    "/users": "keycloak-users.json",
    [`${uuidPath}/roles`]: "keycloak-roles.json",
  };
  const world = (refused: Readonly<Record<string, unknown>> = {}): World => ({
    ...live(keycloakValues, keycloakBindings),
    env: { KEYCLOAK_CLIENT_ID: "reader", KEYCLOAK_CLIENT_SECRET: "secret" },
    fetch: (url) => {
      const { origin, pathname, searchParams } = new URL(url);
      const json = (body: unknown, status = 200): Promise<Response> => Promise.resolve(new Response(JSON.stringify(body), { status }));
      if (pathname === "/realms/main/protocol/openid-connect/token") {
        return json({ access_token: "token" });
      }
      const below = pathname.replace("/admin/realms/main", "");
      if (origin !== "https://sso.example.com" || !pathname.startsWith("/admin/realms/main") || below in refused) {
        return json(refused[below] ?? {}, refused[below] === undefined ? 403 : 200);
      }
      const file = below === "/groups" ? `keycloak-groups-${(searchParams.get("search") ?? "").replace(" ", "_")}.json` : paths[below];
      const answer = keycloakAnswers({ "keycloak-users.json": [{ id: ids.nested, username: "omar@example.com" }] })[file ?? ""];
      return json(answer ?? {}, answer === undefined ? 404 : 200);
    },
  });

  test("the same from the admin API, with an account that may only read", async () => {
    const outcome = await gatehouse(["adopt"], world());
    expect(outcome.stdout).toContain("3 before, 3 after: equal.");
    expect(JSON.stringify(outcome)).not.toContain(clientSecret);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["clients", { "/clients": undefined }, "view-clients"],
    ["the client's settings", { "/clients": [{ id: clientUuid, clientId: "kasten" }] }, "view-clients"],
    ["client scopes", { "/client-scopes": undefined }, "view-clients"],
    ["the realm's lifetimes", { "": { realm: "main" } }, "view-realm"],
    ["groups", { "/groups": undefined }, "view-users"],
    // query-users is answered with an empty list, not with a refusal.
    ["people", { "/users": [] }, "view-users"],
  ])("an account that does not see %s: the role is named", async (_what, refused, role) => {
    const outcome = await gatehouse(["adopt"], world(refused));
    expect(outcome.status).toBe(3);
    expect(outcome.stderr).toMatch(new RegExp(`Fix: .*${role}`));
    expect(outcome.written).toBeUndefined();
  });

  test("without credentials: which they are", async () => {
    const outcome = await gatehouse(["adopt"], { ...world(), env: {} });
    expect(outcome.status).toBe(3);
    expect(outcome.stderr).toContain("KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET");
  });
});
