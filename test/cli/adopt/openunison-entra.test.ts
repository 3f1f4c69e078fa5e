/** OpenUnison on Entra ID. */
import { gatehouse, type Outcome } from "../harness";
import { application, graph, ids, tenant } from "./entra-world";
import { charts, found, values } from "./openunison-world";
import { environmentOf } from "./world";

describe("on Entra ID with the names of groups, which a chain of its own asks the directory for", () => {
  const charted = { ...charts, names: ["orchestra-login-azuread", "2.3.71"] };
  const entraValues = {
    ...values,
    oidc: {
      ...values.oidc,
      ...{ client_id: application.appId, issuer: `https://login.microsoftonline.com/${tenant}/v2.0`, scopes: "openid email profile" },
      claims: { ...values.oidc.claims, sub: "upn" },
    },
    openunison: { ...values.openunison, include_auth_chain: "azuread-load-groups" },
  };
  const granted = (id: string, appRoleId: string): unknown => ({ id, appRoleId, resourceId: "graph-principal" });
  const adoptNames = (changes: Readonly<Record<string, unknown>> = {}): Promise<Outcome> => {
    const group = (id: string, displayName: string): unknown => ({ id, displayName, securityEnabled: true });
    const answers = {
      ...graph,
      "entra-application.json": {
        // No claim of groups at all: nobody reads it.
        value: [{ ...application, groupMembershipClaims: null, web: { redirectUris: ["https://k8sou.example.com/auth/oidc"] } }],
      },
      // Graph's own comparison does not see capitals.
      "entra-groups.json": { value: [group(ids.users, "Backup Admins"), group(ids.operators, "Operators"), group("other", "operators")] },
      "entra-granted-roles.json": { value: [granted("c1", "98830695-27a2-44f7-8c18-0c3ebc9698f6"), granted("c2", "of-something-else")] },
      ...changes,
    };
    const folder = found(answers, [], entraValues, charted);
    return gatehouse(["adopt", "--from-files", "found"], { folders: { found: folder } });
  };

  test("is taken over with the groups by name, and the consent that was given", async () => {
    const outcome = await adoptNames();
    expect(outcome.stdout).toMatch(/equal\.\n/);
    expect(outcome.stdout).toContain("- Group Operators: ClusterRole edit in shop");
    const environment = environmentOf(outcome);
    expect(environment["groups"]).toEqual({ "backup-admins": { existing: "Backup Admins" }, operators: { existing: "Operators" } });
    expect(environment["platforms"]).toMatchObject({
      portal: { groupNames: "displayNames", charts: { "orchestra-login-azuread": { version: "2.3.71" } } },
    });
    const { resources } = JSON.parse(outcome.written?.["adopted/import.json"] ?? "") as {
      resources: { logicalName: string; id?: string }[];
    };
    expect(resources.filter(({ logicalName }) => logicalName.includes("-reads-"))).toEqual([
      expect.objectContaining({
        logicalName: "portal-app-reads-group-members",
        id: "/servicePrincipals/graph-principal/appRoleAssignedTo/c1",
      }),
    ]);
  });

  test("two groups of one name need a decision: the directory's names are all that tells them apart", async () => {
    const two = [ids.users, ids.operators].map((id) => ({ id, displayName: "Operators", securityEnabled: true }));
    const outcome = await adoptNames({ "entra-groups.json": { value: two } });
    expect([outcome.status, outcome.written]).toEqual([1, undefined]);
    expect(outcome.stdout).toContain('behind the subject "Operators", got 2');
  });
});
