import { explainFailures } from "../../../cli/explain/failures";

/** What Keycloak's official provider prints, with the words that Keycloak 26.4.7 answered. */
const failed = (type: string, name: string, words: string): string => `Diagnostics:
  ${type} (${name}):
    error:   sdk-v2/provider2.go:572: sdk.helper_schema: ${words}: provider=keycloak@6.13.0
    error: 1 error occurred:
    	* ${words}
`;

const client = "keycloak:openid:Client";
const provider = "pulumi:providers:keycloak";
const atSignIn = "error initializing keycloak provider: failed to perform initial login to Keycloak:";
const tokens = "/realms/lab/protocol/openid-connect/token";

test.each<[string, string, string, string, string]>([
  [
    "401: wrong secret",
    client,
    "error initializing keycloak provider: failed to perform initial login to Keycloak: error logging into keycloak: 401 Unauthorized",
    "permission",
    "compare keycloak:clientId and keycloak:clientSecret",
  ],
  [
    "404: wrong realm or base path",
    client,
    "error initializing keycloak provider: failed to perform initial login to Keycloak: unexpected status 404 Not Found",
    "gone",
    "keycloak:basePath (/auth on servers that have it)",
  ],
  [
    "401 at an address with other numbers in it",
    provider,
    `${atSignIn} error sending POST request to https://kc.example.com:4404${tokens}: 401 Unauthorized`,
    "permission",
    "compare keycloak:clientId and keycloak:clientSecret",
  ],
  [
    "403 at the sign-in: the realm requires https",
    provider,
    `${atSignIn} error sending POST request to http://kc.example.com:4010${tokens}: 403 Forbidden`,
    "permission",
    "the https address",
  ],
  [
    "403 before any resource: an account without roles",
    client,
    `${atSignIn} error sending GET request to /admin/serverinfo: 403 Forbidden. Response body: {"error":"HTTP 403 Forbidden"}`,
    "permission",
    "may not read /admin/serverinfo",
  ],
  [
    "5xx at the sign-in, at a port that is a status",
    provider,
    `${atSignIn} error sending POST request to https://kc.example.com:4010${tokens}: 503 Service Unavailable`,
    "outage",
    "Keycloak itself failed",
  ],
  [
    "5xx before any resource",
    provider,
    `${atSignIn} error sending GET request to /admin/serverinfo: 502 Bad Gateway`,
    "outage",
    "Keycloak itself failed",
  ],
  [
    "nobody there at the sign-in, at a port that is a status",
    provider,
    `${atSignIn} error sending POST request to https://127.0.0.1:40404${tokens}: Post "https://127.0.0.1:40404${tokens}": dial tcp 127.0.0.1:40404: connect: connection refused`,
    "connection",
    "Keycloak could not be reached",
  ],
  [
    "403 on a client",
    client,
    "error sending POST request to /admin/realms/lab/clients: 403 Forbidden. Response body: HTTP 403 Forbidden",
    "permission",
    "lacks the client role 'manage-clients'",
  ],
  [
    "403 on a mapper, whose name has Group in it",
    "keycloak:openid:GroupMembershipProtocolMapper",
    "error sending POST request to /x: 403 Forbidden. Response body: HTTP 403 Forbidden",
    "permission",
    "lacks the client role 'manage-clients'",
  ],
  [
    "403 on members",
    "keycloak:index:GroupMemberships",
    "error sending PUT request to /x: 403 Forbidden. HTTP 403 Forbidden",
    "permission",
    "lacks the client role 'manage-users'",
  ],
  [
    "403 on a person's roles",
    "keycloak:index:UserRoles",
    "error sending POST request to /x: 403 Forbidden. HTTP 403 Forbidden",
    "permission",
    "lacks the client role 'manage-users'",
  ],
  [
    "403 on a flow",
    "keycloak:authentication:Flow",
    "error sending POST request to /x: 403 Forbidden. HTTP 403 Forbidden",
    "permission",
    "lacks the client role 'manage-realm'",
  ],
  [
    "409",
    client,
    'error sending POST request to /admin/realms/lab/clients: 409 Conflict. Response body: {"errorMessage":"Client k10-lab already exists"}',
    "exists",
    "pulumi import",
  ],
  ["5xx", client, "error sending POST request to /admin/realms/lab/clients: 503 Service Unavailable", "outage", "Keycloak itself failed"],
  ["gone in the middle", client, 'Put "https://kc.example.com/admin/realms/lab/clients/1": EOF', "connection", "went away in the middle"],
  [
    "more than 100 matches",
    "keycloak:index:GroupMemberships",
    "user with username zed does not exist",
    "gone",
    "sees the first 100 matches only",
  ],
  [
    "realm",
    client,
    'error sending GET request to /admin/realms/nope: 404 Not Found. Response body: {"error":"Realm not found."}',
    "gone",
    "is never made here",
  ],
])("%s", (_, type, words, cause, remedy) => {
  const [failure] = explainFailures(failed(type, "k10-app", words));
  expect(failure).toMatchObject({ resource: "k10-app", cause });
  expect(failure?.remedy).toContain(remedy);
});

/** A look-up has no resource of its own: its failure is told of the stack (`lab-apiserver-keycloak`, a secret of somebody else's). */
const lookedUp = (words: string): string => `Diagnostics:
  pulumi:pulumi:Stack (gatehouse-prod):
    error: gatehouse:platforms.cluster.access[3].user: the person 'iris@example.com' could not be looked up in Keycloak. Keycloak's provider said: invocation of keycloak:index/getUser:getUser returned an error: ${words}
`;

test.each<[string, string, string, string]>([
  [
    "401, which the API server says in the same word",
    `${atSignIn} error sending POST request to https://kc.example.com${tokens}: 401 Unauthorized`,
    "permission",
    "compare keycloak:clientId and keycloak:clientSecret",
  ],
  ["403", "error sending GET request to /admin/realms/lab/users: 403 Forbidden.", "permission", "lacks the client role 'manage-users'"],
  ["5xx", "error sending GET request to /admin/realms/lab/users: 503 Service Unavailable.", "outage", "Keycloak itself failed"],
  ["gone", 'Get "https://kc.example.com/admin/realms/lab/users?username=iris": EOF', "connection", "Keycloak could not be reached"],
])("a look-up: %s", (_, words, cause, remedy) => {
  const found = explainFailures(lookedUp(words));
  expect(found).toEqual([expect.objectContaining({ resource: "the stack", cause })]);
  expect(found[0]?.remedy).toContain(remedy);
});
