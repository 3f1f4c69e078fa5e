/** What of an app registration a stack keeps, changes, or cannot take over as it is. Pure. */
import type { AdoptionRemark } from "../../../platforms/adoption";
import { memberSchema } from "../../../text/names";
import type { Problem } from "../../../text/problems";
import { compareText } from "../../../text/stable-order";
import type { WantedClient } from "../../adoption";
import type { Application, Assignment, Owner, Policy, Surroundings } from "./graph";

/** Version 2 of a tenant's sign-in, in any of the clouds: the tenant by its id, as tokens name it. */
const issuerPattern = /^https:\/\/[^/]+\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/v2\.0$/;
/** An assignment without any app role (Microsoft Graph, appRoleAssignment). */
export const defaultAccess = "00000000-0000-0000-0000-000000000000";

/** What the registration puts into the groups claim (Microsoft Graph, application, groupMembershipClaims: a list with commas). */
function groupClaims({ groupMembershipClaims }: Application): "all" | "assigned" | undefined {
  const kinds = (groupMembershipClaims ?? "").split(",").map((kind) => kind.trim());
  return kinds.includes("All") || kinds.includes("SecurityGroup") ? "all" : kinds.includes("ApplicationGroup") ? "assigned" : undefined;
}

export function carriesGroup(app: Application, assigned: readonly Assignment[], id: string): boolean {
  const claims = groupClaims(app);
  return claims === "all" || (claims === "assigned" && assigned.some(({ principalId }) => principalId === id));
}

export function settingsOf(app: Application, { principal, owners, policies }: Surroundings): Record<string, unknown> {
  const named = namedOwners(owners);
  return {
    ...(groupClaims(app) === "all" ? { groupClaims: "all" } : {}),
    ...(named.length === 0 ? {} : { owners: named }),
    ...(policies.some(asksForSecondFactor) ? { mfa: "external" } : {}),
    ...(principal?.appRoleAssignmentRequired === false ? { insecureAssignEveryone: true } : {}),
    ...(app.web?.implicitGrantSettings?.enableIdTokenIssuance === true ? { insecureImplicitIdTokens: true } : {}),
  };
}

function namedOwners(owners: readonly Owner[]): string[] {
  const names = owners.flatMap(({ userPrincipalName }) =>
    memberSchema.safeParse(userPrincipalName).success ? [userPrincipalName ?? ""] : [],
  );
  return [...new Set(names)].sort(compareText);
}

function asksForSecondFactor({ state, grantControls }: Policy): boolean {
  return (
    state === "enabled" &&
    (grantControls?.builtInControls?.includes("mfa") === true || (grantControls?.authenticationStrength ?? undefined) !== undefined)
  );
}

/** The day on which the first of the valid secrets ends: Entra ID does not say which of them the platform has. */
export function firstEnd({ passwordCredentials }: Application, today: string): string | undefined {
  const days = (passwordCredentials ?? []).flatMap(({ endDateTime }) =>
    typeof endDateTime === "string" ? [endDateTime.slice(0, 10)] : [],
  );
  return days.filter((day) => day > today).sort(compareText)[0];
}

export function remarksOf(app: Application, around: Surroundings): AdoptionRemark[] {
  const { principal, owners, policies } = around;
  const others = owners.filter(({ userPrincipalName }) => !memberSchema.safeParse(userPrincipalName).success);
  const remark = (isFound: boolean, setting: string, text: string): AdoptionRemark[] => (isFound ? [{ setting, text }] : []);
  const asked = policies.map(({ displayName, state }) => `'${displayName}' (${state})`).join(", ");
  return [
    { setting: "kind", text: `the app registration is called '${app.displayName}' today; the stack gives it a name of its own.` },
    ...remark(
      groupClaims(app) === "all",
      "groupClaims",
      "found as it is: tokens carry every security group of a person, and none above 200; safe: leave it out, then they carry the groups with a grant, of which people are direct members (policy entra-group-claims-bounded).",
    ),
    ...remark(
      owners.length > 0,
      "owners",
      "found as they are, of the registration and of its service principal: owners of both from now on.",
    ),
    ...remark(
      others.length > 0,
      "owners",
      `${others.map(({ displayName, id }) => displayName ?? id).join(", ")}: owns it today as well, and goes, unless it is the account that deploys.`,
    ),
    ...remark(policies.some(asksForSecondFactor), "mfa", `found Conditional Access ${asked}, which the tenant looks after.`),
    ...remark(
      !policies.some(asksForSecondFactor),
      "mfa",
      `no Conditional Access policy asks for a second factor${asked === "" ? "" : `; there is ${asked}`}; safe: mfa: required, or a policy of the tenant.`,
    ),
    ...remark(
      principal?.appRoleAssignmentRequired === false,
      "insecureAssignEveryone",
      "found as it is: the whole tenant may sign in, guests included; safe: leave it out, then the groups with a grant may, and nobody else (policy entra-assignment-required).",
    ),
    ...remark(
      app.web?.implicitGrantSettings?.enableIdTokenIssuance === true,
      "insecureImplicitIdTokens",
      "found as it is, as articles tick it for a debugging page; safe: leave it out, the code flow does not need it (policy entra-no-implicit).",
    ),
    ...remark(
      app.web?.implicitGrantSettings?.enableAccessTokenIssuance === true,
      "kind",
      "access tokens of the implicit grant go: the platform uses the code flow.",
    ),
    ...remark(
      (app.requiredResourceAccess ?? []).length > 0,
      "kind",
      "the API permissions that the registration asks for go; consent that was given stays.",
    ),
    ...remark(
      (app.keyCredentials ?? []).length > 0,
      "kind",
      `${(app.keyCredentials ?? []).length} certificates stay, which the stack does not look after.`,
    ),
    ...secretRemarks(app),
  ];
}

function secretRemarks({ passwordCredentials }: Application): AdoptionRemark[] {
  const all = (passwordCredentials ?? []).map(
    ({ displayName, keyId, endDateTime }) => `'${displayName ?? ""}' (${keyId}) until ${endDateTime?.slice(0, 10) ?? "for ever"}`,
  );
  return [
    {
      setting: "secret",
      text: `client secrets at Entra ID: ${all.join(", ") || "none"}. The one that the platform has is used until the first rotation, which must come before it ends; it is no resource of the stack, and goes by hand afterwards: az ad app credential delete.`,
    },
  ];
}

export function problemsOf(
  app: Application,
  { principal, assignments }: Surroundings,
  { issuer, groupsClaim, readsDirectory, isPublic, today }: WantedClient,
): Problem[] {
  return [
    ...signInProblems(app, principal, issuer),
    ...lossProblems(app, assignments),
    // Who asks the directory does not read what the claim carries.
    ...(readsDirectory === true ? [] : claimProblems(app, groupsClaim)),
    ...(isPublic ? [] : secretProblems(app, today)),
  ];
}

function problem(isFound: boolean, [path, expected, received, fix]: readonly [string, string, string, string]): Problem[] {
  return isFound ? [{ path: ["client", path], expected, received, fix }] : [];
}

function signInProblems(app: Application, principal: Surroundings["principal"], issuer: string): Problem[] {
  return [
    ...problem(!issuerPattern.test(issuer), [
      "issuer",
      "version 2 of the tenant's sign-in, with the tenant's id in small letters: https://login.microsoftonline.com/<tenant>/v2.0",
      issuer,
      "change the platform's issuer first, as its own update: people sign in again",
    ]),
    ...problem(principal === undefined, [
      "servicePrincipal",
      "an enterprise application of the registration, without which nobody signs in",
      "none",
      "az ad sp create --id <client id>",
    ]),
    ...problem(principal?.accountEnabled === false, [
      "accountEnabled",
      "an enterprise application in which sign-in is enabled",
      "disabled",
      "enable it, or leave the platform alone",
    ]),
    ...problem(app.signInAudience !== "AzureADMyOrg", [
      "signInAudience",
      "AzureADMyOrg: the stack makes it single tenant",
      app.signInAudience ?? "nothing",
      "make it single tenant first (App registrations, Authentication), if no other tenant uses it",
    ]),
  ];
}

/** What the stack would take away. */
function lossProblems(app: Application, assignments: readonly Assignment[]): Problem[] {
  const roles = (app.appRoles ?? []).length + assignments.filter(({ appRoleId }) => appRoleId !== defaultAccess).length;
  const served = [...(app.identifierUris ?? []), ...(app.api?.oauth2PermissionScopes ?? [])].length;
  return [
    ...problem(roles > 0, [
      "appRoles",
      "an app without roles of its own: the stack would take them away, with the assignments to them",
      `${(app.appRoles ?? []).length} roles, ${roles - (app.appRoles ?? []).length} assignments to one`,
      "assign the groups without a role, and remove the roles",
    ]),
    ...problem(served > 0, [
      "api",
      "an app that does nothing but sign people in: the stack would take away what it exposes to other programs",
      `${served} scopes or identifiers`,
      "give the API a registration of its own",
    ]),
  ];
}

function claimProblems(app: Application, groupsClaim: string): Problem[] {
  const formatted = (app.optionalClaims?.idToken ?? []).find(
    ({ name, additionalProperties }) => name === "groups" && (additionalProperties ?? []).length > 0,
  );
  return [
    ...problem(formatted !== undefined, [
      "optionalClaims",
      "tokens that carry groups by object id",
      `names (${(formatted?.additionalProperties ?? []).join(", ")})`,
      "let the claim carry ids (Token configuration) and bind those, first",
    ]),
    ...problem(groupsClaim !== "" && groupsClaim !== "groups", [
      "claim",
      "the claim groups",
      groupsClaim,
      "adopt by hand: the stack's claim would be another",
    ]),
  ];
}

function secretProblems({ passwordCredentials }: Application, today: string): Problem[] {
  const ends = (passwordCredentials ?? []).flatMap(({ endDateTime }) =>
    typeof endDateTime === "string" ? [endDateTime.slice(0, 10)] : [undefined],
  );
  return problem(!ends.some((day) => day === undefined || day > today), [
    "passwordCredentials",
    "a client secret that is valid after today",
    ends.length === 0 ? "none" : `ends on ${ends.join(", ")}`,
    "make a fresh one and hand it to the platform, first",
  ]);
}
