import { z } from "zod";
import { bindingName, grantedGroups } from "../access/grants";
import { groupName, type Environment } from "../environment/schema";
import { identityProviderFacts, identityProviderOf, type DiagnosticRedirect } from "../identity-providers";
import { expandPeople, type GroupMembers, type PersonAccess } from "../access/people";
import { bindingKinds, roleKinds, type PlatformDefinition, type PlatformSpecBase, type Requirements } from "../platforms/definition";
import { platformOf } from "../platforms";
import { effectiveGroup } from "../access/subjects";
import { GatehouseError } from "../text/errors";
import { describeReceived, formatProblem, problemsFromZod } from "../text/problems";
import { compareText, sortKeys } from "../text/stable-order";

/** Version of the environment document. A change that a reader of the old one would misread raises it. */
export const documentVersion = "gatehouse.dev/environment/v1";

const roleRefSchema = z.strictObject({ kind: z.enum(roleKinds), name: z.string() });

const bindingSchema = z.strictObject({
  kind: z.enum(bindingKinds),
  name: z.string(),
  namespace: z.string().optional(),
  workspace: z.string().optional(),
  roleRef: roleRefSchema,
});

const mappingSchema = z.strictObject({ claim: z.string(), prefix: z.string() });

const documentGroupSchema = z.strictObject({
  displayName: z.string(),
  id: z.string().describe("Object id at the identity provider."),
  claimValue: z.string().describe("What a token carries for the group."),
  origin: z.enum(["created", "existing"]),
  members: z.array(z.string()).optional().describe("Sign-in names, where the stack owns the membership; absent where others do."),
});

const documentPlatformSchema = z.strictObject({
  kind: z.string(),
  title: z.string(),
  url: z.string(),
  issuer: z.string().describe("Byte for byte as discovery gives it."),
  clientId: z.string(),
  redirectUris: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  diagnosticRedirect: z
    .strictObject({
      uri: z.string(),
      clientAuthentication: z.enum(["client_secret_basic", "client_secret_post", "none"]).describe("How to authenticate with it."),
    })
    .optional()
    .describe("The loopback redirect of `gatehouse login`, where the stack registers one."),
  grantTypes: z.array(z.string()),
  scopes: z.array(z.string()),
  username: mappingSchema,
  groups: mappingSchema,
  groupBound: z.string().describe("What bounds the groups that a token may carry."),
  groupsFrom: z
    .enum(["id-token", "userinfo", "directory"])
    .describe(
      "Where the platform has the groups from: a verifier needs the same. directory: the token carries ids, the platform looks the display names up; " +
        "of this environment's groups, `groups` gives the name of each id.",
    ),
  release: z.strictObject({ chart: z.string(), version: z.string(), namespace: z.string(), release: z.string() }).optional(),
  files: z
    .record(z.string(), z.string())
    .optional()
    .describe("What the cluster's owner or its people take away, by file name: trust for the API server, a kubeconfig. No secrets."),
  secret: z
    .strictObject({
      namespace: z.string(),
      name: z.string().describe("Name of the Kubernetes Secret; it changes with the content."),
      expiresAt: z.string().nullable().describe("End of the client secret in UTC (RFC 3339); null where the identity provider sets none."),
      rotatesAt: z.string().nullable().describe("Day from which the next up makes a new client secret; null when only by hand."),
    })
    .optional(),
});

const documentGrantSchema = z.strictObject({
  platform: z.string(),
  group: z.string().describe("Key of the group."),
  role: z.string(),
  permits: z.string().describe("The role in prose."),
  namespaces: z.array(z.string()).optional(),
  workspaces: z.array(z.string()).optional(),
  until: z.string().nullable().describe("Last day in UTC; null without an end."),
  subject: z.strictObject({ kind: z.enum(["Group", "User"]), name: z.string() }).describe("What the bindings name."),
  person: z
    .strictObject({
      login: z.string().describe("Sign-in name."),
      claimValue: z.string().describe("What the username claim of the person's tokens carries."),
    })
    .optional()
    .describe("Set exactly where the subject is a User: on platforms that cannot read groups each member has a grant of her own."),
  bindings: z.array(bindingSchema),
});

/** The environment document: what a stack exports, and all that the verifier, the report and the access diff read. It holds no secrets. */
export const documentSchema = z.strictObject({
  version: z.literal(documentVersion),
  stack: z.string(),
  identityProvider: z.strictObject({
    kind: z.string(),
    issuer: z.string(),
    claimValue: z.enum(["name", "id"]),
    groupLimit: z.int(),
    aboveGroupLimit: z.enum(["truncated", "overage"]),
  }),
  groups: z.record(z.string(), documentGroupSchema),
  platforms: z.record(z.string(), documentPlatformSchema),
  access: z.array(documentGrantSchema).describe("The access matrix: every grant, resolved to its subject and its RBAC objects."),
  risks: z.array(z.string()).describe("Dangerous choices that the stack wrote out."),
});

export type EnvironmentDocument = z.infer<typeof documentSchema>;
export type DocumentGrant = EnvironmentDocument["access"][number];
export type DocumentPlatform = EnvironmentDocument["platforms"][string];

/** What is known only after the resources exist. */
export interface ResolvedEnvironment {
  readonly stack: string;
  readonly groups: Readonly<Record<string, { readonly id: string; readonly claimValue: string }>>;
  readonly platforms: Readonly<
    Record<
      string,
      { readonly clientId: string; readonly secret?: DocumentPlatform["secret"]; readonly files?: Readonly<Record<string, string>> }
    >
  >;
  /** Members of the groups that hold grants on platforms which cannot read groups. */
  readonly members?: GroupMembers;
}

/** Puts the document together. Equal environments give equal documents: no clock, keys and lists sorted. */
export function environmentDocument(environment: Environment, resolved: ResolvedEnvironment): EnvironmentDocument {
  const facts = identityProviderFacts(environment.idp);
  const groupKeys = Object.keys(environment.groups).sort(compareText);
  const platformNames = Object.keys(environment.platforms).sort(compareText);
  return sortKeys({
    version: documentVersion,
    stack: resolved.stack,
    identityProvider: {
      kind: facts.kind,
      issuer: facts.issuer,
      claimValue: facts.capabilities.claimValue,
      groupLimit: facts.capabilities.groupLimit,
      aboveGroupLimit: facts.capabilities.aboveGroupLimit,
    },
    groups: Object.fromEntries(groupKeys.map((key) => [key, documentGroup(environment, resolved, key)])),
    platforms: Object.fromEntries(platformNames.map((name) => [name, documentPlatform(environment, resolved, name)])),
    access: platformNames.flatMap((name) => documentGrants(environment, resolved, name)),
    risks: environmentRisks(environment),
  });
}

function documentGroup(environment: Environment, resolved: ResolvedEnvironment, key: string): EnvironmentDocument["groups"][string] {
  const group = required(environment.groups[key], `groups.${key}`);
  const { id, claimValue } = required(resolved.groups[key], `resolved group ${key}`);
  const origin = group.existing === undefined ? "created" : "existing";
  const members = group.members === undefined ? undefined : [...group.members].sort(compareText);
  return { displayName: groupName(group), id, claimValue, origin, members };
}

function documentPlatform(environment: Environment, resolved: ResolvedEnvironment, name: string): DocumentPlatform {
  const spec = required(environment.platforms[name], `platforms.${name}`);
  const facts = identityProviderFacts(environment.idp);
  const definition = platformOf(spec);
  const requirements = definition.requirements(spec, facts);
  const identity = definition.identity(spec, facts);
  const { clientId, secret, files } = required(resolved.platforms[name], `resolved platform ${name}`);
  return {
    kind: spec.kind,
    title: definition.capabilities.title,
    url: definition.url(spec),
    issuer: facts.issuer,
    clientId,
    redirectUris: [...requirements.redirectUris],
    postLogoutRedirectUris: [...requirements.postLogoutRedirectUris],
    diagnosticRedirect: diagnosticRedirectOf(facts.diagnosticRedirect, requirements),
    grantTypes: [...requirements.grantTypes],
    scopes: [...requirements.scopes],
    username: { ...identity.username },
    groups: { ...identity.groups },
    groupBound: identityProviderOf(environment.idp).groupBound(
      environment.idp,
      grantedGroups(spec).map((key) => groupName(required(environment.groups[key], `groups.${key}`))),
    ),
    groupsFrom:
      definition.groupNames?.(spec) === "display-names"
        ? "directory"
        : facts.capabilities.thinIdToken && definition.capabilities.readsUserInfo
          ? "userinfo"
          : "id-token",
    release: definition.installs(spec),
    files: files === undefined ? undefined : { ...files },
    secret,
  };
}

function diagnosticRedirectOf(
  diagnostic: DiagnosticRedirect | undefined,
  { clientAuthentication }: Requirements,
): DocumentPlatform["diagnosticRedirect"] {
  return (
    diagnostic && {
      uri: diagnostic.uri,
      clientAuthentication: diagnostic.clientAuthentication === "none" ? "none" : clientAuthentication,
    }
  );
}

function documentGrants(environment: Environment, resolved: ResolvedEnvironment, name: string): DocumentGrant[] {
  const spec = required(environment.platforms[name], `platforms.${name}`);
  const definition = platformOf(spec);
  if (definition.people !== undefined) {
    return expandPeople(environment, name, resolved.members ?? {}).flatMap((person) => personGrants(definition, name, person));
  }
  const { groups } = definition.identity(spec, identityProviderFacts(environment.idp));
  return spec.access
    .map((grant): DocumentGrant => {
      const { claimValue } = required(resolved.groups[grant.group], `resolved group ${grant.group}`);
      const named = definition.groupNames?.(spec) === "display-names";
      const value = named ? groupName(required(environment.groups[grant.group], `groups.${grant.group}`)) : claimValue;
      return {
        platform: name,
        group: grant.group,
        role: grant.role,
        permits: required(definition.roles[grant.role], `role ${grant.role}`).permits,
        namespaces: grant.namespaces === undefined ? undefined : [...grant.namespaces].sort(compareText),
        until: grant.until ?? null,
        subject: { kind: "Group", name: effectiveGroup({ prefix: groups.prefix, value }) },
        bindings: definition
          .bindings(spec, grant)
          .map((target) => ({ ...target, name: bindingName(name, target) }))
          .sort((left, right) => compareText(`${left.name}/${left.namespace ?? ""}`, `${right.name}/${right.namespace ?? ""}`)),
      };
    })
    .sort((left, right) => compareText(`${left.role}/${left.group}`, `${right.role}/${right.group}`));
}

/** The grants of one person; a binding stands beside the grant that gives it. */
function personGrants(
  definition: Pick<PlatformDefinition<PlatformSpecBase>, "roles">,
  platform: string,
  person: PersonAccess,
): DocumentGrant[] {
  const listed = (names: readonly string[] | undefined): string[] | undefined =>
    names === undefined ? undefined : [...names].sort(compareText);
  return person.grants.map((grant) => ({
    platform,
    group: grant.group,
    role: grant.role,
    permits: required(definition.roles[grant.role], `role ${grant.role}`).permits,
    namespaces: listed(grant.namespaces),
    workspaces: listed(grant.workspaces),
    until: grant.until ?? null,
    subject: { kind: "User", name: person.username },
    person: { login: person.login, claimValue: person.subject },
    bindings: person.bindings
      .filter((binding) => binding.group === grant.group && binding.role === grant.role)
      .map(({ kind, name, namespace, workspace, roleRef }) => ({ kind, name, namespace, workspace, roleRef })),
  }));
}

/** Sentences about every dangerous choice that an environment writes out. */
export function environmentRisks(environment: Environment): string[] {
  return [
    ...identityProviderOf(environment.idp).risks(environment.idp),
    ...Object.keys(environment.platforms)
      .sort(compareText)
      .flatMap((name) => platformRisks(environment, name)),
  ];
}

function platformRisks(environment: Environment, name: string): string[] {
  const spec = required(environment.platforms[name], `platforms.${name}`);
  const unassigned =
    Object.keys(environment.groups).length > 0 && grantedGroups(spec).length === 0
      ? [`${name}: no grant is left, nobody can sign in.`]
      : [];
  const { title, groupLimit, aboveGroupLimit } = identityProviderFacts(environment.idp).capabilities;
  const granted = grantedGroups(spec).length;
  const unbounded =
    granted > groupLimit
      ? [
          `${name}: ${granted} groups hold grants, and a token of ${title} carries at most ${groupLimit}: of people in more, ` +
            `${aboveGroupLimit === "overage" ? "it carries none" : "it leaves groups out without a sign"}.`,
        ]
      : [];
  return [
    ...platformOf(spec)
      .risks(spec)
      .map((risk) => `${name}: ${risk}`),
    ...unassigned,
    ...unbounded,
  ];
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new Error(`The environment document needs ${what}, which is not there.`);
  }
  return value;
}

/** Why a text is no environment document. A closed union; docs/errors.md lists it. */
export const documentCodes = {
  no_json: "The text is no JSON.",
  wrong_version: "What is there has another version, or is no environment document.",
  damaged: "Its version is right, but not what it holds.",
} as const;
export type DocumentCode = keyof typeof documentCodes;

/** Thrown when a text is no environment document. */
export class InvalidDocumentError extends GatehouseError<DocumentCode> {
  override readonly name = "InvalidDocumentError";
  constructor(code: DocumentCode, message: string, options?: ErrorOptions) {
    super(code, "refused", message, options);
  }
}

/**
 * Reads an environment document, alone or as the output `environment` inside `pulumi stack output --json`.
 * @throws InvalidDocumentError with the first things that are wrong
 */
export function readDocument(value: unknown): EnvironmentDocument {
  const candidate = typeof value === "object" && value !== null && "environment" in value ? value.environment : value;
  const version = typeof candidate === "object" && candidate !== null && "version" in candidate ? candidate.version : undefined;
  if (version !== documentVersion) {
    throw new InvalidDocumentError(
      "wrong_version",
      `Expected an environment document of version ${documentVersion} (or the stack outputs that hold one under 'environment'), got version ${describeReceived(version, [])}. ` +
        "Fix: pass the output of `pulumi stack output --json` of a Gatehouse stack.",
    );
  }
  const parsed = documentSchema.safeParse(candidate);
  if (!parsed.success) {
    const lines = problemsFromZod(parsed.error, candidate).map(formatProblem);
    throw new InvalidDocumentError(
      "damaged",
      `The environment document is damaged:\n${lines
        .slice(0, 10)
        .map((line) => `  - ${line}`)
        .join("\n")}`,
    );
  }
  return parsed.data;
}
