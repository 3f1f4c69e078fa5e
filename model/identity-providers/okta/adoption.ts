import { z } from "zod";
import type { ImportedResource } from "../../platforms/adoption";
import type { Problem } from "../../text/problems";
import {
  askFor,
  type AskManagement,
  type FoundClient,
  type FoundGroup,
  type FoundPerson,
  type IdentityProviderAdoption,
  type WantedClient,
} from "../adoption";
import type { DirectoryClient } from "../directory";
import { customServerId, readCustomServer } from "./custom-server";
import { openOkta } from "./directory";
import { replies } from "./pages";

const appSchema = z.looseObject({
  id: z.string(),
  label: z.string(),
  status: z.string(),
  credentials: z.looseObject({
    oauthClient: z.looseObject({
      client_id: z.string(),
      token_endpoint_auth_method: z.string().optional(),
      pkce_required: z.boolean().nullish(),
    }),
  }),
  settings: z.looseObject({
    oauthClient: z.looseObject({
      redirect_uris: z.array(z.string()).nullish(),
      grant_types: z.array(z.string()).nullish(),
      application_type: z.string().nullish(),
      wildcard_redirect: z.string().nullish(),
    }),
  }),
  _links: z.looseObject({ accessPolicy: z.looseObject({ href: z.string() }).optional() }).optional(),
});

const userSchema = z.looseObject({ id: z.string(), profile: z.looseObject({ login: z.string(), email: z.string().nullish() }) });
const groupSchema = z.looseObject({ id: z.string(), type: z.string(), profile: z.looseObject({ name: z.string() }) });

/** Of the internal endpoint that the provider's groupsClaim uses (terraform-provider-okta resource_okta_app_oauth.go, #1906). */
const claimSchema = z.looseObject({
  name: z.string().nullish(),
  valueType: z.string().nullish(),
  groupFilterType: z.string().nullish(),
  value: z.string().nullish(),
});

type App = z.infer<typeof appSchema>;
type Claim = z.infer<typeof claimSchema>;

/** An app of Okta with its assignments and the organisation's own groups claim. */
export const oktaAdoption: IdentityProviderAdoption = {
  isIssuer: (issuer) => /^https:\/\/[^/]+\.(okta|oktapreview|okta-emea)\.com(\/|$)/.test(issuer),
  settings: (issuer) => {
    const server = customServerId(issuer);
    return { orgUrl: new URL(issuer).origin, ...(server === undefined ? {} : { authorizationServer: { existing: server } }) };
  },
  open: async (source) => {
    const client = await openOkta(source);
    return ({ path }) => readWhole(client, path);
  },
  client: readClient,
  people: findPeople,
};

async function groupsNamed(ask: AskManagement, name: string): Promise<FoundGroup[]> {
  const search = encodeURIComponent(`profile.name eq "${name.replace(/["\\]/g, "\\$&")}"`);
  const found = await askFor(ask, { path: `/api/v1/groups?search=${search}`, file: "okta-groups.json" }, z.array(groupSchema), []);
  const named = found.filter(({ profile }) => profile.name === name);
  // A claim that filters by name carries the groups that Okta masters, and no others.
  const own = named.filter(({ type }) => type !== "APP_GROUP");
  return (own.length > 0 ? own : named).map(asGroup);
}

/** Attributes of a profile by the claims that carry them (developer.okta.com/docs/reference/api/oidc, "Scope-dependent claims"). */
const profileClaims: Readonly<Record<string, string>> = { email: "email", preferred_username: "login" };

async function findPeople(ask: AskManagement, claim: string, value: string): Promise<FoundPerson[] | undefined> {
  const attribute = claim === "sub" ? "id" : profileClaims[claim] === undefined ? undefined : `profile.${profileClaims[claim]}`;
  if (attribute === undefined) {
    return undefined;
  }
  const search = encodeURIComponent(`${attribute} eq "${value.replace(/["\\]/g, "\\$&")}"`);
  const people = await askFor(ask, { path: `/api/v1/users?search=${search}`, file: "okta-users.json" }, z.array(userSchema), []);
  return people
    .filter((user) => (claim === "sub" ? user.id : user.profile[profileClaims[claim] === "email" ? "email" : "login"]) === value)
    .map(({ id, profile }) => ({ id, login: profile.login }));
}

/** An object, or a list with all of its pages. */
async function readWhole(client: DirectoryClient, path: string): Promise<unknown> {
  const items: unknown[] = [];
  for await (const reply of replies(client, path)) {
    if (!Array.isArray(reply?.body)) {
      return reply?.body;
    }
    items.push(...(reply.body as unknown[]));
  }
  return items;
}

function asGroup({ id, profile }: z.infer<typeof groupSchema>): FoundGroup {
  return { id, existing: profile.name, name: profile.name };
}

async function readClient(ask: AskManagement, wanted: WantedClient): Promise<FoundClient> {
  const { platform, clientId, groupsClaim, isPublic } = wanted;
  const { app, problem } = await findApp(ask, clientId);
  if (app === undefined) {
    return {
      label: "",
      settings: {},
      redirectUris: [],
      groups: () => Promise.resolve([]),
      carries: () => false,
      keepsAssignments: false,
      resources: () => Promise.resolve([]),
      remarks: [],
      problems: [problem],
    };
  }
  const assigned = await assignedGroups(ask, app.id);
  const everyone = assigned.some(({ type }) => type === "BUILT_IN");
  const serverId = customServerId(wanted.issuer);
  const server = serverId === undefined ? undefined : await readCustomServer(ask, serverId, { clientId, groupsClaim });
  const claim = server === undefined ? await ownClaim(ask, app.id) : server.claim;
  const component = `${platform}-app`;
  const readsNoGroups = groupsClaim === "";
  const policy = app._links?.accessPolicy?.href.split("/").at(-1);
  return {
    label: app.label,
    settings: {
      ...(groupsClaim === "" || groupsClaim === "groups" ? {} : { groupsClaim }),
      ...(policy === undefined ? {} : { authenticationPolicy: { id: policy } }),
      // Of a public client the stack always wants it.
      ...(app.credentials.oauthClient.pkce_required === true && !isPublic ? { requirePkce: true } : {}),
      ...(everyone ? { insecureAssignEveryone: true } : {}),
    },
    redirectUris: app.settings.oauthClient.redirect_uris ?? [],
    ...(everyone ? {} : { assigned: assigned.map(asGroup) }),
    groups: (name) => groupsNamed(ask, name),
    carries: ({ name }) => claim?.valueType === "GROUPS" && claim.name === groupsClaim && claimCarries(claim, name),
    // One resource holds all assignments of groups, and takes away those that it does not know; without a group to assign there is none.
    keepsAssignments: readsNoGroups && !everyone,
    resources: async ({ groups, people }) => [
      { type: "gatehouse:index:OktaApplication", name: component },
      { type: "okta:app/oAuth:OAuth", name: component, id: app.id, parent: component },
      ...(assigned.length === 0 || (Object.keys(groups).length === 0 && !everyone)
        ? []
        : [{ type: "okta:index/appGroupAssignments:AppGroupAssignments", name: `${component}-groups`, id: app.id, parent: component }]),
      ...(await assignedPeople(ask, app.id, component, people)),
      ...(server?.resources ?? []),
    ],
    remarks: remarksOf(app, everyone),
    problems: [...problemsOf(app, wanted), ...(server?.problems ?? [])],
  };
}

/** The claim of the organisation's own server, which each app has for itself. */
async function ownClaim(ask: AskManagement, appId: string): Promise<Claim> {
  const path = `/api/v1/internal/apps/${appId}/settings/oauth/idToken`;
  return askFor(ask, { path, file: "okta-claim.json" }, claimSchema, {});
}

/** By id, which is the client id unless somebody chose another. */
async function findApp(
  ask: AskManagement,
  clientId: string,
): Promise<{ app: App; problem?: undefined } | { app?: undefined; problem: Problem }> {
  const question = { file: "okta-app.json" };
  const one = await ask({ ...question, path: `/api/v1/apps/${encodeURIComponent(clientId)}` });
  const direct = appSchema.safeParse(one);
  if (direct.success && direct.data.credentials.oauthClient.client_id === clientId) {
    return { app: direct.data };
  }
  const all = await ask({ ...question, path: "/api/v1/apps?limit=200" });
  const found = (Array.isArray(all) ? all : []).flatMap((item) => {
    const app = appSchema.safeParse(item);
    return app.success && app.data.credentials.oauthClient.client_id === clientId ? [app.data] : [];
  });
  const [only] = found;
  return only !== undefined && found.length === 1
    ? { app: only }
    : {
        problem: {
          path: ["client"],
          expected: `one app at Okta with the client id ${clientId}, which the platform uses`,
          received: found.length === 0 ? "none" : `${found.length}`,
          fix: "use credentials of the organisation that the issuer names; with files, give the answer for that app",
        },
      };
}

async function assignedGroups(ask: AskManagement, appId: string): Promise<z.infer<typeof groupSchema>[]> {
  const question = { path: `/api/v1/apps/${appId}/groups?limit=200`, file: "okta-assignments.json" };
  const listed = await askFor(ask, question, z.array(z.looseObject({ id: z.string() })), []);
  const groups: z.infer<typeof groupSchema>[] = [];
  for (const { id } of listed) {
    const among = { file: "okta-groups.json", value: id, properties: ["id"] };
    const own = { path: `/api/v1/groups/${encodeURIComponent(id)}`, file: `okta-group-${id}.json`, among };
    groups.push(await askFor(ask, own, groupSchema));
  }
  return groups;
}

/** The people who are assigned by themselves already; the id is that of `pulumi import okta:app/user:User` (terraform-provider-okta, docs/resources/app_user.md). */
async function assignedPeople(
  ask: AskManagement,
  appId: string,
  component: string,
  people: readonly FoundPerson[],
): Promise<ImportedResource[]> {
  const found: ImportedResource[] = [];
  for (const { id, login } of people) {
    const among = { file: "okta-app-users.json", value: id, properties: ["id"] };
    const path = `/api/v1/apps/${appId}/users/${encodeURIComponent(id)}`;
    const answer = await ask({ path, file: `okta-app-user-${id}.json`, among });
    if (z.looseObject({ scope: z.literal("USER") }).safeParse(answer).success) {
      found.push({ type: "okta:app/user:User", name: `${component}-user-${login}`, id: `${appId}/${id}`, parent: component });
    }
  }
  return found;
}

/** Okta's filters; REGEX matches the whole name (Okta's help, "Add a groups claim"). */
function claimCarries({ groupFilterType, value: filter }: Claim, name: string): boolean {
  const value = filter ?? "";
  switch (groupFilterType) {
    case "STARTS_WITH":
      return name.startsWith(value);
    case "EQUALS":
      return name === value;
    case "CONTAINS":
      return name.includes(value);
    case "REGEX":
      try {
        return new RegExp(`^(?:${value})$`, "u").test(name);
      } catch {
        return false;
      }
    default:
      return false;
  }
}

function remarksOf(app: App, everyone: boolean): FoundClient["remarks"] {
  const { grant_types: grants, wildcard_redirect: wildcard } = app.settings.oauthClient;
  const more = (grants ?? []).filter((grant) => !["authorization_code", "refresh_token"].includes(grant));
  return [
    { setting: "kind", text: `the app is called '${app.label}' today; the stack gives it a name of its own.` },
    ...(everyone
      ? [
          {
            setting: "insecureAssignEveryone",
            text: "found as it is: the whole organisation may sign in; safe: leave it out, then the groups with a grant may, and nobody else.",
          },
        ]
      : []),
    ...(more.length === 0
      ? []
      : [{ setting: "kind", text: `the app's grant types ${more.join(", ")} go: the platform uses the code flow.` }]),
    ...(wildcard === undefined || wildcard === null || wildcard === "DISABLED"
      ? []
      : [{ setting: "kind", text: "wildcards in redirects go." }]),
  ];
}

function problemsOf({ status, settings, credentials }: App, { issuer, isPublic }: WantedClient): Problem[] {
  const { application_type: type } = settings.oauthClient;
  const wantedType = isPublic ? "native" : "web";
  const method = credentials.oauthClient.token_endpoint_auth_method ?? "client_secret_basic";
  return [
    ...(status === "ACTIVE" ? [] : [{ path: ["client", "status"], expected: "an active app", received: status }]),
    ...(type === wantedType
      ? []
      : [
          {
            path: ["client", "application_type"],
            expected: `${wantedType}: another type of app is another app at Okta`,
            received: type ?? "nothing",
          },
        ]),
    ...((isPublic ? method === "none" : method.startsWith("client_secret_"))
      ? []
      : [
          {
            path: ["client", "token_endpoint_auth_method"],
            expected: isPublic ? "none: the people's machines keep no secret" : "a client that signs in with its secret",
            received: method,
          },
        ]),
    ...(new URL(issuer).pathname === "/" || customServerId(issuer) !== undefined
      ? []
      : [
          {
            path: ["issuer"],
            expected: "the organisation's own authorization server, or a custom one: https://<org>.okta.com/oauth2/<server>",
            received: issuer,
            fix: "correct the platform's issuer first",
          },
        ]),
  ];
}
