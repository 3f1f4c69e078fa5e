import { explainFailures } from "../../../cli/explain/failures";

/** What Keycloak's official provider prints, with the words that Keycloak 26.4.7 answered. */
const failed = (type: string, name: string, words: string): string => `Diagnostics:
  ${type} (${name}):
    error:   sdk-v2/provider2.go:572: sdk.helper_schema: ${words}: provider=keycloak@6.13.0
    error: 1 error occurred:
    	* ${words}
`;

const client = "keycloak:openid:Client";

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
