import { isTrue, text, texts } from "../value";
import { mismatch, stackRule, type Subject } from "../rule";
import { entra } from "../types";

/** Membership as such, without a role. */
const defaultAccess = "00000000-0000-0000-0000-000000000000";

/** Application permissions of Microsoft Graph that reach the whole tenant: the same in each (learn.microsoft.com, permissions reference). */
const tenantWide: Readonly<Record<string, string>> = {
  "01c0a623-fc9b-48e9-b794-0756f8e8f067": "Policy.ReadWrite.ConditionalAccess",
  "06b708a9-e830-4db3-a914-8e69da51d44f": "AppRoleAssignment.ReadWrite.All",
  "18a4783c-866b-4cc7-a460-3d5e5662c884": "Application.ReadWrite.OwnedBy",
  "19dbc75e-c2e2-444c-a770-ec69d8559fc7": "Directory.ReadWrite.All",
  "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9": "Application.ReadWrite.All",
  "29c18626-4985-4dcd-85c0-193eef327366": "Policy.ReadWrite.AuthenticationMethod",
  "2f6817f8-7b12-4f0f-bc18-eeaf60705a9e": "PrivilegedAccess.ReadWrite.AzureADGroup",
  "41202f2c-f7ab-45be-b001-85c9728b9d69": "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
  "50483e42-d915-4231-9639-7fdb7fd190e5": "UserAuthenticationMethod.ReadWrite.All",
  "5b567255-7703-4780-807c-7be8301ae99b": "Group.Read.All",
  "62a82d76-70ea-41e2-9197-370581804d09": "Group.ReadWrite.All",
  "741f803b-c850-494e-b5df-cde7c675a1ca": "User.ReadWrite.All",
  "7ab1d382-f21e-4acd-a863-ba3e13f7da61": "Directory.Read.All",
  "7e05723c-0bb0-42da-be95-ae9f08a6e53c": "Domain.ReadWrite.All",
  "8e8e4742-1d95-4f68-9d56-6ee75648c72a": "DelegatedPermissionGrant.ReadWrite.All",
  "98830695-27a2-44f7-8c18-0c3ebc9698f6": "GroupMember.Read.All",
  "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8": "RoleManagement.ReadWrite.Directory",
  "dbaae8cf-10b5-4b86-a4a1-f871c94c6695": "GroupMember.ReadWrite.All",
  "dd199f4a-f148-40a4-a2ec-f0069cc799ec": "RoleAssignmentSchedule.ReadWrite.Directory",
  "df021288-bdef-4463-88db-98f22de89214": "User.Read.All",
};

/** Directory roles whose holders can sign in as anybody, or let anybody sign in (learn.microsoft.com, "Microsoft Entra built-in roles"). */
const takeover: Readonly<Record<string, string>> = {
  "158c047a-c907-4556-b7ef-446551a6b5f7": "Cloud Application Administrator",
  "194ae4cb-b126-40b2-bd5b-6091b380977d": "Security Administrator",
  "62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
  "7be44c8a-adaf-4e2a-84d6-ab2649e08a13": "Privileged Authentication Administrator",
  "8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2": "Hybrid Identity Administrator",
  "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": "Application Administrator",
  "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9": "Conditional Access Administrator",
  "c4e39bd9-1100-46d3-8c65-fb160da0071f": "Authentication Administrator",
  "e8611ab8-c189-46e8-94e1-60213ab1f814": "Privileged Role Administrator",
  "fdd7a751-b60b-444a-984c-02652fe8fa1c": "Groups Administrator",
  "fe930be7-5e62-47db-91af-98c3a49a38b1": "User Administrator",
};
/** Where a directory role and whoever gets it stand. Eligibility asks for a decision each time: for people it is right. */
const roleTypes: Readonly<Record<string, { role: string; principal: string; people: boolean }>> = {
  [entra.directoryRoleAssignment]: { role: "roleId", principal: "principalObjectId", people: true },
  [entra.directoryRoleMember]: { role: "roleObjectId", principal: "memberObjectId", people: true },
  [entra.directoryRoleEligibility]: { role: "roleDefinitionId", principal: "principalId", people: false },
};

/** What an application may do for a person who signs in to it, without more than signing in. */
const signIn = ["openid", "profile", "email", "offline_access", "User.Read"];

export const entraNoGrantedPermissions = stackRule({
  id: "entra-no-granted-permissions",
  title: "Nobody is given permissions or directory roles behind a registration's back",
  severity: "high",
  level: "mandatory",
  rationale:
    "What a registration asks for (requiredResourceAccesses) is a wish; an app role assignment on another API's principal, or a directory role, is the permission itself, and needs no wish. A delegated permission grant lets the application act as everybody who signs in, beyond signing in; a pre-authorized client obtains the platform's tokens without anybody's consent. With Application.ReadWrite.All or a directory role, whoever holds the client secret can take over the tenant.",
  remediation:
    "Remove the assignment, or list the role's ID under `allowed` where a lookup really needs it (OpenUnison's chain that turns group IDs into names).",
  controls: ["microsoft-least-privilege"],
  unknowns:
    "Whom an assignment serves is known by the resource that its ID is computed from, at the first preview too. Written out as text, an ID shows neither the principal's kind nor the API's: then only Graph's tenant-wide permissions, and the roles that rule sign-in, are recognised. What a directory role's object ID stands for is known where the program makes it; written out (DirectoryRoleMember), it says nothing.",
  types: [
    ...[entra.appRoleAssignment, entra.servicePrincipal, entra.delegatedGrant, entra.preAuthorized, entra.application, entra.registration],
    ...[entra.directoryRole, ...Object.keys(roleTypes)],
  ],
  settings: {
    allowed: {
      default: [] as string[],
      schema: {
        type: "array",
        items: { type: "string" },
        description: "App role IDs, directory role IDs, delegated permissions by name, or client IDs that may have what is given.",
      },
    },
  },
  check(resources, { allowed }) {
    const byUrn = new Map(resources.map((each) => [each.urn, each]));
    return resources.flatMap((resource) => {
      const judge = resource.type in roleTypes ? directoryRole : judges[resource.type];
      return (judge?.(resource, byUrn) ?? [])
        .filter(({ got, id }) => !allowed.includes(got) && !allowed.includes(id))
        .map(({ path, expected, got }) => ({ urn: resource.urn, ...mismatch(path, expected, got) }));
    });
  },
});

interface Given {
  readonly path: string;
  readonly expected: string;
  readonly got: string;
  readonly id: string;
}
type Judge = (resource: Subject, byUrn: ReadonlyMap<string, Subject>) => Given[];

const judges: Readonly<Record<string, Judge>> = {
  [entra.appRoleAssignment]: appRole,
  [entra.delegatedGrant]: ({ properties }) =>
    texts(properties, "claimValues")
      .flatMap((claims) => claims.split(/\s+/))
      .filter((claim) => claim !== "" && !signIn.includes(claim))
      .map((claim) => ({ path: "claimValues", expected: `nothing but ${signIn.join(", ")}`, got: claim, id: claim })),
  [entra.preAuthorized]: ({ properties, from }, byUrn) => {
    const client = text(properties, "authorizedClientId");
    const ours = (from["authorizedClientId"] ?? []).some((urn) => byUrn.has(urn));
    return client === undefined || ours
      ? []
      : [{ path: "authorizedClientId", expected: "a client of the same program", got: client, id: client }];
  },
};

/** Whether a resource is computed from a service principal of the stack. */
function serves(resource: Subject, input: string, byUrn: ReadonlyMap<string, Subject>): boolean {
  return (resource.from[input] ?? []).some((urn) => byUrn.get(urn)?.type === entra.servicePrincipal);
}

function appRole(resource: Subject, byUrn: ReadonlyMap<string, Subject>): Given[] {
  const role = text(resource.properties, "appRoleId");
  if (role === undefined || role === defaultAccess) {
    return [];
  }
  const got =
    tenantWide[role.toLowerCase()] ?? (serves(resource, "principalObjectId", byUrn) && !isOwn(resource, byUrn) ? role : undefined);
  return got === undefined ? [] : [{ path: "appRoleId", expected: "no application permission on another API", got, id: role }];
}

function directoryRole(resource: Subject, byUrn: ReadonlyMap<string, Subject>): Given[] {
  const { role: path, principal, people } = roleTypes[resource.type] ?? { role: "", principal: "", people: false };
  const made = (resource.from[path] ?? []).map((urn) => byUrn.get(urn)).find((each) => each?.type === entra.directoryRole);
  const named = text(made?.properties, "displayName");
  const id = text(made?.properties, "templateId") ?? text(resource.properties, path) ?? "";
  const powerful = takeover[id.toLowerCase()] ?? Object.values(takeover).find((name) => name === named);
  if (serves(resource, principal, byUrn)) {
    return [{ path, expected: "no directory role for an application", got: id || (named ?? "a role"), id }];
  }
  return powerful !== undefined && people ? [{ path, expected: "no role that rules sign-in, but by eligibility", got: powerful, id }] : [];
}

/** Whether the role is one of an application that the stack makes. */
function isOwn(assignment: Subject, byUrn: ReadonlyMap<string, Subject>): boolean {
  return (assignment.from["resourceObjectId"] ?? []).some((urn) => {
    const api = byUrn.get(urn);
    return api?.type === entra.servicePrincipal && !isTrue(api.properties, "useExisting");
  });
}
