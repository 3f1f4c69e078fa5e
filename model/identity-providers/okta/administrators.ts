import { z } from "zod";
import { compareText } from "../../text";
import { found, shaped, type Directory, type DirectoryClient, type MayChange } from "../directory";
import { allPages, pages } from "./pages";

type Groups = Parameters<Directory["mayChange"]>[0];

const rolesSchema = z.array(
  z.looseObject({ type: z.string(), label: z.string().optional(), status: z.string().optional(), assignmentType: z.string().optional() }),
);
type Role = z.infer<typeof rolesSchema>[number];
const assigneesSchema = z.looseObject({
  value: z.array(z.looseObject({ id: z.string() })),
  _links: z.looseObject({ next: z.looseObject({ href: z.string() }).optional() }).optional(),
});
const userSchema = z.looseObject({ profile: z.looseObject({ login: z.string() }) });
const ownersSchema = z.array(z.looseObject({ id: z.string().optional(), displayName: z.string().nullish(), type: z.string().optional() }));
const appsSchema = z.array(
  z.looseObject({
    id: z.string(),
    label: z.string(),
    status: z.string().optional(),
    settings: z.looseObject({ oauthClient: z.looseObject({ application_type: z.string().nullish() }).nullish() }).nullish(),
  }),
);

/** Roles that change nothing (developer.okta.com/docs/concepts/role-assignment, "Standard role types"). */
const changeNothing = ["READ_ONLY_ADMIN", "REPORT_ADMIN"];

/**
 * Who may change groups, apps and people of the organisation: holders of administrator roles (people, service apps, groups of the
 * environment), and owners of the environment's groups. Somebody whose role is limited to some groups or apps is listed all the same.
 */
export async function mayChange(client: DirectoryClient, groups: Groups): Promise<MayChange[]> {
  const [people, apps] = [await administrators(client), await serviceApps(client)];
  const byRole = new Map<string, string[]>();
  for (const { role, who } of [...people, ...apps]) {
    byRole.set(role, [...(byRole.get(role) ?? []), who]);
  }
  const roles = [...byRole].map(([role, who]) => ({ what: `organisation: ${role}`, who: [...new Set(who)].sort(compareText) }));
  const ofGroups: MayChange[] = [];
  for (const group of groups) {
    ofGroups.push(...(await changersOf(client, group)));
  }
  return [...roles.sort((left, right) => compareText(left.what, right.what)), ...ofGroups];
}

async function rolesAt(client: DirectoryClient, path: string): Promise<Role[]> {
  const roles = shaped(rolesSchema, found(await client.get(path), path), `the roles at ${path}`);
  return roles.filter(({ type, status }) => !changeNothing.includes(type) && status !== "INACTIVE");
}

function labelOf({ label, type }: Role): string {
  return label ?? type;
}

async function administrators(client: DirectoryClient): Promise<{ role: string; who: string }[]> {
  const listed = await allPages(client, "/api/v1/iam/assignees/users", assigneesSchema, ({ body }) => {
    const next = assigneesSchema.safeParse(body).data?._links?.next;
    return next === undefined ? null : `<${next.href}>; rel="next"`;
  });
  const held: { role: string; who: string }[] = [];
  for (const { id } of listed.flatMap(({ value }) => value)) {
    const path = `/api/v1/users/${encodeURIComponent(id)}`;
    const roles = await rolesAt(client, `${path}/roles`);
    if (roles.length > 0) {
      const { login } = shaped(userSchema, found(await client.get(path), `user ${id}`), "a user").profile;
      const by = (role: Role): string => (role.assignmentType === "GROUP" ? `${login} (through a group)` : login);
      held.push(...roles.map((role) => ({ role: labelOf(role), who: by(role) })));
    }
  }
  return held;
}

/** Whatever scopes a service app was granted, it acts within the roles that it holds. */
async function serviceApps(client: DirectoryClient): Promise<{ role: string; who: string }[]> {
  const apps = await pages(client, "/api/v1/apps", appsSchema);
  const held: { role: string; who: string }[] = [];
  for (const { id, label, status, settings } of apps) {
    if (settings?.oauthClient?.application_type === "service" && status !== "INACTIVE") {
      const roles = await rolesAt(client, `/oauth2/v1/clients/${encodeURIComponent(id)}/roles`);
      held.push(...roles.map((role) => ({ role: labelOf(role), who: `app '${label}' (${id})` })));
    }
  }
  return held;
}

async function changersOf(client: DirectoryClient, { id, displayName }: Groups[number]): Promise<MayChange[]> {
  const path = `/api/v1/groups/${encodeURIComponent(id)}`;
  const [roles, owners] = await Promise.all([rolesAt(client, `${path}/roles`), ownersAt(client, `${path}/owners`)]);
  return [
    ...(owners === undefined ? [] : [{ what: `group '${displayName}' (owners)`, who: owners }]),
    ...roles.map((role) => ({ what: `organisation: ${labelOf(role)}`, who: [`everybody in the group '${displayName}'`] })),
  ];
}

/** @returns undefined where the organisation's Okta knows no owners of groups */
async function ownersAt(client: DirectoryClient, path: string): Promise<string[] | undefined> {
  if ((await client.get(`${path}?limit=1`)) === undefined) {
    return undefined;
  }
  const owners = await pages(client, path, ownersSchema);
  return owners
    .map(({ displayName, type, id }) => `${displayName ?? "(no name)"} (${(type ?? "owner").toLowerCase()} ${id ?? "?"})`)
    .sort(compareText);
}
