/** What Microsoft Graph says of an app registration and of what surrounds it, for `gatehouse adopt`. */
import { z } from "zod";
import type { AskManagement } from "../../adoption";
import { UnreadableDirectoryError } from "../../directory";

const texts = z.array(z.string()).nullish();
const redirects = z.looseObject({ redirectUris: texts }).nullish();
const items = z.array(z.looseObject({})).nullish();

export const applicationSchema = z.looseObject({
  id: z.string(),
  appId: z.string(),
  displayName: z.string(),
  signInAudience: z.string().nullish(),
  groupMembershipClaims: z.string().nullish(),
  identifierUris: texts,
  appRoles: items,
  api: z.looseObject({ oauth2PermissionScopes: items, requestedAccessTokenVersion: z.number().nullish() }).nullish(),
  optionalClaims: z.looseObject({ idToken: z.array(z.looseObject({ name: z.string(), additionalProperties: texts })).nullish() }).nullish(),
  requiredResourceAccess: items,
  keyCredentials: items,
  passwordCredentials: z
    .array(z.looseObject({ keyId: z.string(), displayName: z.string().nullish(), endDateTime: z.string().nullish() }))
    .nullish(),
  web: z
    .looseObject({
      redirectUris: texts,
      implicitGrantSettings: z
        .looseObject({ enableIdTokenIssuance: z.boolean().nullish(), enableAccessTokenIssuance: z.boolean().nullish() })
        .nullish(),
    })
    .nullish(),
  spa: redirects,
  publicClient: redirects,
});
export type Application = z.infer<typeof applicationSchema>;

const principalSchema = z.looseObject({
  id: z.string(),
  accountEnabled: z.boolean().nullish(),
  appRoleAssignmentRequired: z.boolean(),
});
export type Principal = z.infer<typeof principalSchema>;

const assignmentSchema = z.looseObject({
  id: z.string(),
  appRoleId: z.string(),
  principalId: z.string(),
  principalType: z.string(),
  principalDisplayName: z.string().nullish(),
});
export type Assignment = z.infer<typeof assignmentSchema>;

const ownerSchema = z.looseObject({ id: z.string(), displayName: z.string().nullish(), userPrincipalName: z.string().nullish() });
export type Owner = z.infer<typeof ownerSchema>;

const policySchema = z.looseObject({
  displayName: z.string(),
  state: z.string(),
  conditions: z.looseObject({ applications: z.looseObject({ includeApplications: texts, excludeApplications: texts }).nullish() }),
  grantControls: z.looseObject({ builtInControls: texts, authenticationStrength: z.looseObject({}).nullish() }).nullish(),
});
export type Policy = z.infer<typeof policySchema>;

export const groupSchema = z.looseObject({ id: z.string(), displayName: z.string(), securityEnabled: z.boolean().nullish() });
export const userSchema = z.looseObject({ id: z.string(), userPrincipalName: z.string() });

/** A collection as Graph answers it, or a single object of it. A first page alone must not pass for the whole. */
export function listOf<Item>(answer: unknown, schema: z.ZodType<Item>, what: string): Item[] {
  const page = z.looseObject({ value: z.array(z.unknown()), "@odata.nextLink": z.string().optional() }).safeParse(answer);
  if (page.success && page.data["@odata.nextLink"] !== undefined) {
    throw new UnreadableDirectoryError(
      "directory_answer",
      `Expected the whole list in ${what}, got its first page.\nFix: put the values of all pages into one list.`,
    );
  }
  const all = page.success ? page.data.value : Array.isArray(answer) ? (answer as unknown[]) : answer === undefined ? [] : [answer];
  const read = z.array(schema).safeParse(all);
  if (!read.success) {
    throw new UnreadableDirectoryError("directory_answer", `Expected what Microsoft Graph answers in ${what}, got something else.`);
  }
  return read.data;
}

/** What is read of the client beside the registration itself. */
export interface Surroundings {
  readonly principal?: Principal;
  readonly assignments: readonly Assignment[];
  readonly owners: readonly Owner[];
  readonly policies: readonly Policy[];
}

const grantedRoleSchema = z.looseObject({ id: z.string(), appRoleId: z.string(), resourceId: z.string() });
export type GrantedRole = z.infer<typeof grantedRoleSchema>;

/** The roles that the application itself holds at other ones, such as Microsoft Graph. */
export async function readGrantedRoles(ask: AskManagement, principal: Principal | undefined): Promise<GrantedRole[]> {
  const file = "entra-granted-roles.json";
  const path = `/v1.0/servicePrincipals/${principal?.id ?? ""}/appRoleAssignments?$top=999`;
  return principal === undefined ? [] : listOf(await ask({ path, file }), grantedRoleSchema, file);
}

export function filterByAppId(clientId: string): string {
  return `$filter=${encodeURIComponent(`appId eq '${clientId.replace(/'/g, "''")}'`)}`;
}

export async function readSurroundings(ask: AskManagement, app: Application, clientId: string): Promise<Surroundings> {
  const list = async <Item>(path: string, file: string, schema: z.ZodType<Item>): Promise<Item[]> =>
    listOf(await ask({ path, file }), schema, file);
  const [principal] = await list(`/v1.0/servicePrincipals?${filterByAppId(clientId)}`, "entra-principal.json", principalSchema);
  const below = `/v1.0/servicePrincipals/${principal?.id ?? ""}`;
  const policies = await list("/v1.0/identity/conditionalAccess/policies", "entra-conditional-access.json", policySchema);
  const owners = await list(`/v1.0/applications/${app.id}/owners`, "entra-owners.json", ownerSchema);
  return {
    principal,
    owners: principal === undefined ? owners : [...owners, ...(await list(`${below}/owners`, "entra-principal-owners.json", ownerSchema))],
    assignments:
      principal === undefined ? [] : await list(`${below}/appRoleAssignedTo?$top=999`, "entra-assignments.json", assignmentSchema),
    policies: policies.filter(({ conditions: { applications } }) => {
      const included = applications?.includeApplications ?? [];
      const excluded = applications?.excludeApplications ?? [];
      return (included.includes("All") || included.includes(app.appId)) && !excluded.includes(app.appId);
    }),
  };
}
