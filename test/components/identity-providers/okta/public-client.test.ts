import { listing, only, settled, simulate } from "../../harness";

const make = (clientAuthentication?: string) =>
  simulate(
    ({ OktaApplication }) =>
      new OktaApplication("cluster-app", {
        label: "cluster",
        redirectUris: ["http://localhost:8000"],
        postLogoutRedirectUris: [],
        grantTypes: ["authorization_code"],
        clientAuthentication,
        assignedGroupIds: { admins: "00g1" },
        secrets: ["initial"],
      }),
  );

test("a public client is a native app with PKCE and without any secret", async () => {
  const simulation = await make("none");
  expect(listing(simulation)).toEqual([
    "gatehouse:index:OktaApplication cluster-app",
    "okta:app/oAuth:OAuth cluster-app",
    "okta:index/appGroupAssignments:AppGroupAssignments cluster-app-groups",
  ]);
  const { inputs } = only(simulation, "okta:app/oAuth:OAuth");
  expect(inputs).toMatchObject({
    type: "native",
    tokenEndpointAuthMethod: "none",
    pkceRequired: true,
    responseTypes: ["code"],
    redirectUris: ["http://localhost:8000"],
  });
  expect(inputs["clientBasicSecret"]).toBeUndefined();
  expect(await settled(simulation.result.clientSecret)).toMatchObject({ value: "", secret: true });
});

test("a web app keeps its secret, and PKCE stays the stack's choice", async () => {
  const { inputs } = only(await make(), "okta:app/oAuth:OAuth");
  expect(inputs).toMatchObject({ type: "web", tokenEndpointAuthMethod: "client_secret_basic", pkceRequired: false });
  expect(inputs["clientBasicSecret"]).toBeDefined();
});
