import type * as pulumi from "@pulumi/pulumi";
import * as okta from "@pulumi/okta";

/** Okta: a wildcard redirect, the password grant, every group in the token, everybody assigned, tokens for every application. */
export function breakOktaRules(): { clientId: pulumi.Output<string>; clientSecret: pulumi.Output<string> } {
  const provider = new okta.Provider("okta", { orgName: "example", baseUrl: "okta.com", accessToken: "not-a-token" });
  const app = new okta.app.OAuth(
    "k10-okta",
    {
      label: "K10",
      type: "web",
      grantTypes: ["authorization_code", "password"],
      responseTypes: ["code"],
      redirectUris: ["https://*.example.com/k10/auth-svc/v0/oidc/redirect"],
      wildcardRedirect: "SUBDOMAIN",
      implicitAssignment: true,
      // With an access token the provider skips this claim silently.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the pack has to judge programs that still use it
      groupsClaim: { type: "FILTER", filterType: "REGEX", name: "groups", value: ".*" },
    },
    { provider },
  );
  const group = new okta.group.Group("admins", { name: "Kasten Admins" }, { provider });
  new okta.AppGroupAssignments("k10-okta", { appId: app.id, groups: [{ id: group.id, profile: "{}" }] }, { provider });
  // A second owner of the same assignments: each update takes away what the other gave.
  new okta.AppGroupAssignments("k10-okta-again", { appId: app.id, groups: [{ id: group.id, profile: "{}" }] }, { provider });
  // Every application of the organisation obtains the platform's tokens.
  new okta.auth.ServerPolicy(
    "everybody",
    { authServerId: "default", name: "everybody", description: "all", clientWhitelists: ["ALL_CLIENTS"], priority: 1 },
    { provider },
  );
  return { clientId: app.clientId, clientSecret: app.clientSecret };
}
