import { runAgain, takeInOrDelete, type FailureCause } from "../../failure-causes";

/**
 * Microsoft Graph application permissions that the account which deploys needs for each type of resource: the "Permissions" table
 * of each operation's page (learn.microsoft.com/graph/api). Graph itself never says which one is missing.
 */
const graphPermissions: Readonly<Record<string, string>> = {
  Application: "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
  ApplicationPassword: "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
  ServicePrincipal: "Application.ReadWrite.OwnedBy or Application.ReadWrite.All",
  AppRoleAssignment: "AppRoleAssignment.ReadWrite.All",
  Group: "Group.ReadWrite.All",
  GroupMember: "Group.ReadWrite.All or GroupMember.ReadWrite.All",
  ConditionalAccessPolicy: "Policy.Read.All and Policy.ReadWrite.ConditionalAccess",
};

/** Look-ups, by the function that the program invokes. */
const lookUpPermissions: Readonly<Record<string, string>> = {
  getGroup: "Group.Read.All",
  getUser: "User.Read.All",
  getUsers: "User.Read.All",
  getServicePrincipal: "Application.Read.All",
};

/** The provider's resources, the provider itself, and the program, whose look-ups fail under the stack's own name. */
const anywhere = /^(azuread:|pulumi:providers:azuread$|pulumi:pulumi:Stack$)/;
const own = /^azuread:/;

const wait = `Wait a minute, then: ${runAgain}`;

/**
 * Sign-in errors of the account that deploys (learn.microsoft.com/entra/identity-platform/reference-error-codes); the number
 * decides, since the words differ by language and year.
 */
const signInErrors: readonly (readonly [numbers: string, cause: FailureCause["cause"], remedy: string])[] = [
  [
    "7000215",
    "credentials",
    "The client secret of the account that deploys is wrong: its value is needed, not its id. Set it anew (ARM_CLIENT_SECRET, or azuread:clientSecret).",
  ],
  ["7000222", "credentials", "The client secret of the account that deploys has expired. Make a new one at Entra ID, and set it."],
  [
    "700016|7000112|7000229",
    "credentials",
    "Entra ID does not know the account that deploys in this tenant, or it is disabled. Check client id and tenant.",
  ],
  ["90002|900023", "credentials", "Entra ID does not know the tenant. Check azuread:tenantId and idp.tenantId: they name the same one."],
  [
    "70021|700211|700212|700213|7002138",
    "credentials",
    "The pipeline's own token fits no federated credential of the account that deploys: issuer, subject and audience must agree byte for byte.",
  ],
  [
    "700024|700027|50027",
    "credentials",
    "The assertion that the account signs in with is not valid now, or is signed with another key. Check the clock and the certificate.",
  ],
  [
    "65001|650052|650057",
    "permission",
    "The account that deploys has no administrator's consent for what it asks of Microsoft Graph. Grant it.",
  ],
  [
    "53003|530034|50079|50076|50158",
    "policy",
    "Conditional Access stops the account that deploys. Use an application that no policy for people covers.",
  ],
  [
    "50034|50126|50173|700082|70043",
    "credentials",
    "The sign-in of the person who deploys is refused or has ended. Sign in again: `az login`.",
  ],
];

/** What Microsoft Graph and the provider before it say (terraform-provider-azuread, internal/services; Graph's error codes). */
export const entraFailureCauses: readonly FailureCause[] = [
  ...signInErrors.map(([numbers, cause, remedy]): FailureCause => ({
    cause,
    types: anywhere,
    sign: new RegExp(String.raw`\bAADSTS(?:${numbers})\b`),
    remedy: () => `${remedy} ${runAgain}`,
  })),
  {
    cause: "credentials",
    types: anywhere,
    sign: /\bAADSTS(\d+)\b/,
    remedy: (_type, [, number = ""]) =>
      `Entra ID refuses the sign-in of the account that deploys (AADSTS${number}: login.microsoftonline.com/error?code=${number} says why). ${runAgain}`,
  },
  {
    cause: "credentials",
    types: anywhere,
    sign: /unable to build authorizer|no Authorizer could be configured|Authenticating using the Azure CLI is only supported|could not acquire access token/,
    remedy: () =>
      `The provider found no credentials to sign in with. Set ARM_CLIENT_ID, ARM_TENANT_ID and a secret, certificate or federated token, or run \`az login\`. ${runAgain}`,
  },
  // The provider's own prevent_duplicate_names, and Graph.
  {
    cause: "exists",
    types: own,
    sign: /was found and .prevent_duplicate_names|Another object with the same value for property|ObjectConflict|A conflicting object with one or more of the specified property values|Request_MultipleObjectsWithSameKeyValue/,
    remedy: takeInOrDelete,
  },
  {
    cause: "exists",
    types: own,
    sign: /Permission being assigned already exists on the object/,
    remedy: () =>
      "This assignment is there already. Take it in: `pulumi import azuread:index/appRoleAssignment:AppRoleAssignment <name> <id>` (docs of the resource say how its id is made), " +
      `or take the assignment by hand away at Entra ID when nobody needs it meanwhile. ${runAgain}`,
  },
  {
    cause: "replication",
    types: /^azuread:.*:ServicePrincipal$/,
    // The provider asks once, at once, for what it has just made (hashicorp/terraform-provider-azuread#1811).
    sign: /waiting for new service principal to be replicated/i,
    remedy: () => `Entra ID did not know its own new service principal everywhere yet. It is there, and in the state. ${runAgain}`,
  },
  {
    cause: "delayed",
    types: own,
    sign: /Timed out whilst waiting for new (?:application|group)|Waiting for (?:update|creation|deletion) of .*timeout while waiting for state|backing application of the service principal being created must in the local tenant|does not reference a valid application object|Not a valid reference update|Policy contains invalid applications|Permission being assigned was not found on application/,
    remedy: () => `Entra ID has made it, and not every part of the directory knows it yet. Nothing is to be mended or imported. ${wait}`,
  },
  {
    cause: "delayed",
    types: own,
    sign: /\b404\b[^]*does not exist or one of its queried reference-property objects are not present/,
    remedy: () =>
      `Entra ID does not find something that this names. Where this update has just made it, the directory is not that far everywhere: ${wait} ` +
      "If it stays so, what is named was deleted: `pulumi refresh` notes it, and the next update makes it again.",
  },
  {
    cause: "ambiguous",
    types: anywhere,
    sign: /More than one group found matching specified (?:filter|parameters) \((?:displayName eq '([^']*)')?/,
    remedy: (_type, [, name]) =>
      `Entra ID has several groups of ${name === undefined ? "this name" : `the name '${name}'`}. Write the object id of the one that is meant as \`existing\`, or rename the others.`,
  },
  {
    cause: "missing",
    types: anywhere,
    sign: /No group found (?:matching specified (?:filter|parameters) \((?:displayName eq '([^']*)')?|with object ID)/,
    remedy: (_type, [, name]) =>
      `Entra ID has no security group ${name === undefined ? "of this name or id" : `'${name}'`}, or the account that deploys cannot see it (Group.Read.All). Check the spelling of \`existing\`.`,
  },
  {
    cause: "missing",
    types: anywhere,
    sign: /User(?: with (?:UPN|user principal name)[^\n]{0,200})? was not found|Users? not found|\bgetUsers?\b[^]*not found/i,
    remedy: () =>
      "Entra ID does not know one of the people that the stack lists, or the account that deploys cannot see people (User.Read.All). Check the sign-in names under `members` and `owners`; a guest's holds #EXT#.",
  },
  {
    // learn.microsoft.com/graph/api/group-delete-owners; hashicorp/terraform-provider-azuread#1435.
    cause: "policy",
    types: own,
    sign: /The group must have at least one owner, hence this owner cannot be removed/,
    remedy: () =>
      "Entra ID keeps the last owner of a group. Let the stack name another person as owner first; a service principal alone does not count. Then run the update again.",
  },
  {
    cause: "policy",
    types: own,
    sign: /CredentialInvalidLifetimeAsPerAppPolicy|Credential lifetime exceeds the max value allowed|CredentialTypeNotAllowedAsPerAppPolicy|Credential type not allowed as per assigned policy/,
    remedy: () =>
      "The tenant's application management policy allows no client secret of this kind or lifetime. Write a shorter `secret.lifetime`, or ask for an exception for this application.",
  },
  {
    cause: "policy",
    types: own,
    sign: /Directory_QuotaExceeded|quota limit for the number of/i,
    remedy: () =>
      "The account that deploys has made as many objects as the directory lets it. Have deleted ones purged, or deploy with another account.",
  },
  {
    cause: "policy",
    types: own,
    sign: /tenant is not licensed|requires? .{0,40}(?:Premium|P1|P2) licen[cs]e|license for this feature/i,
    remedy: () =>
      "The tenant has no licence for this: Conditional Access and role-assignable groups need Entra ID P1. Leave the setting out, or have the licence.",
  },
  {
    cause: "policy",
    types: own,
    sign: /Security Defaults? is enabled/i,
    remedy: () =>
      "The tenant uses security defaults, beside which there are no Conditional Access policies. Have them switched off once policies of the tenant's own take their place, or leave the setting out.",
  },
  {
    cause: "conflict",
    types: own,
    sign: /added object references already exist for the following modified properties/,
    remedy: () => `Somebody else has added them meanwhile. \`pulumi refresh\` takes note of it. ${runAgain}`,
  },
  {
    cause: "conflict",
    types: own,
    sign: /Directory_ConcurrencyViolation|\b409\b[^]*Conflict/,
    remedy: () => `Somebody changed the same object in the directory at this moment. ${runAgain}`,
  },
  {
    cause: "permission",
    types: anywhere,
    sign: /invocation of azuread:index\/(getGroup|getUsers?|getServicePrincipal)\b[^]*(?:\b403\b|Authorization_RequestDenied)/,
    remedy: (_type, [, name = ""]) =>
      `Microsoft Graph refused a look-up. The account that deploys needs the application permission ${lookUpPermissions[name] ?? ""}, with an administrator's consent. Grant it, wait some minutes, then: ${runAgain}`,
  },
  {
    cause: "permission",
    types: new RegExp(`^azuread:.*:(${Object.keys(graphPermissions).join("|")})$`),
    sign: /\b403\b|Authorization_RequestDenied|Authorization_IdentityNotFound/,
    remedy: (type) =>
      `Microsoft Graph refused it. The account that deploys needs the application permission ${graphPermissions[type.split(":").at(-1) ?? ""] ?? ""}, ` +
      `with an administrator's consent. Grant it, wait some minutes, then: ${runAgain}`,
  },
  {
    cause: "invalid",
    types: own,
    sign: /\b400\b[^\n]{0,80}(?:Request_)?BadRequest: ?([^\n]{0,200})/,
    remedy: (_type, [, what = ""]) =>
      `Entra ID refuses a value${what === "" ? "" : ` (${what.trim().replace(/\.+$/, "")})`}. Correct it in the stack file; \`gatehouse validate\` knows most of its rules.`,
  },
];
