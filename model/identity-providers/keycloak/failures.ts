import { runAgain, takeInOrDelete, type FailureCause } from "../../failure-causes";

const types = /^keycloak:/;

/** The provider signs in and asks for the server's version before it knows any resource; what fails then may be told of the provider itself. */
const typesAndProvider = /^(?:keycloak|pulumi:providers):/;

/** Which realm-management roles each resource needs (read on Keycloak 26.4 with a service account of the realm). */
function missingRole(type: string): string {
  // Mappers of a client have groups and users in their names, and belong to the client all the same.
  const ofPeople = !type.includes("openid") && /[Gg]roup|[Uu]ser/.test(type);
  const role = type.includes("authentication") ? "manage-realm" : ofPeople ? "manage-users" : "manage-clients";
  return (
    `The service account that deploys lacks the client role '${role}' of 'realm-management' (in Keycloak's admin console: the client of the service account, ` +
    `Service accounts roles). Clients, mappers and roles need manage-clients, groups and members manage-users, sign-in flows manage-realm. ${runAgain}`
  );
}

/** What Keycloak's admin API says, as its provider passes it on; the provider tries nothing twice. */
export const keycloakFailureCauses: readonly FailureCause[] = [
  {
    cause: "permission",
    types: typesAndProvider,
    // With its words: addresses and ports have numbers too.
    sign: /failed to perform initial login to Keycloak[^]*\b401 Unauthorized/,
    remedy: () =>
      `Keycloak knows no such client and secret: compare keycloak:clientId and keycloak:clientSecret (or KEYCLOAK_CLIENT_ID and KEYCLOAK_CLIENT_SECRET) with the service account. ${runAgain}`,
  },
  {
    cause: "gone",
    types: typesAndProvider,
    sign: /failed to perform initial login to Keycloak[^]*\b(?:404 Not Found|400 Bad Request)/,
    remedy: () =>
      "The service account's realm is not at that address: compare keycloak:realm (default master), keycloak:url (without a slash at its end) and " +
      `keycloak:basePath (/auth on servers that have it). ${runAgain}`,
  },
  {
    cause: "permission",
    types: typesAndProvider,
    sign: /failed to perform initial login to Keycloak[^]*\b403 Forbidden/,
    remedy: () =>
      "Keycloak refuses the provider before any resource: its realm requires https (set keycloak:url to the https address), or the service account that deploys " +
      `has no administrative role and so may not read /admin/serverinfo (give it manage-clients and manage-users of 'realm-management'). ${runAgain}`,
  },
  {
    cause: "connection",
    types: typesAndProvider,
    sign: /x509: certificate signed by unknown authority/,
    remedy: () =>
      `Keycloak's certificate is from an authority that this machine does not trust: set keycloak:rootCaCertificate to its PEM, or SSL_CERT_FILE. ${runAgain}`,
  },
  { cause: "exists", types, sign: /409 Conflict[^]*already exists/, remedy: takeInOrDelete },
  { cause: "permission", types, sign: /403 Forbidden/, remedy: missingRole },
  {
    cause: "gone",
    types,
    sign: /Realm not found/,
    remedy: () =>
      `The realm that idp.issuer names is not on this server, and is never made here: compare it with keycloak:url. ${runAgain}`,
  },
  {
    cause: "gone",
    types,
    sign: /user with username \S+ does not exist/,
    remedy: () =>
      "The provider searches by a part of the name and sees the first 100 matches only (GET /users?username=): the person does not exist, or more than 100 " +
      `names contain theirs. Fix the spelling (lower case), or leave members out and fill the group in Keycloak. ${runAgain}`,
  },
  {
    cause: "gone",
    types,
    sign: /Could not find group by id|Could not find (client|role)/,
    remedy: () => `Somebody deleted it in Keycloak. Run \`pulumi refresh\` first, which drops it from the state. ${runAgain}`,
  },
  {
    cause: "outage",
    types: typesAndProvider,
    sign: /error sending \w+ request to \S+: 5\d\d/,
    remedy: () => `Keycloak itself failed; its own log says why. The provider does not try again. ${runAgain}`,
  },
  {
    cause: "connection",
    types: typesAndProvider,
    sign: /connection refused|connection reset|no such host|EOF|i\/o timeout|context deadline exceeded/,
    remedy: () => `Keycloak could not be reached, or went away in the middle. ${runAgain}`,
  },
];
