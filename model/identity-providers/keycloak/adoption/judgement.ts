/** What of a client a stack keeps, changes, or cannot take over as it is. Pure. */
import type { AdoptionRemark } from "../../../platforms/adoption";
import type { Problem } from "../../../text/problems";
import type { WantedClient } from "../../adoption";
import type { KeycloakGroupClaims } from "../groups";
import { keycloakIssuerSchema } from "../issuer";
import type { Client, ClientScope } from "./admin";
import { describeWriter, groupMapper, roleMapper, writes, type Writer } from "./claims";

/** What was read of a client, and what follows from it for the stack. */
export interface Surroundings {
  readonly client: Client;
  /** Mappers that write the groups claim. */
  readonly writers: readonly Writer[];
  readonly way: KeycloakGroupClaims | undefined;
  /** The name of the client's own sign-in flow; undefined where it has the realm's. */
  readonly flow?: string;
  readonly kept: KeptScopes;
  /** The client scopes that the stack attaches as default ones. */
  readonly ownScopes: readonly string[];
  readonly tokenLifetime: number;
}

export interface KeptScopes {
  readonly defaultScopes: readonly string[];
  readonly optionalScopes: readonly string[];
}

/** Bounds of `tokenLifetimeSeconds`, and its default. */
const lifetimes = { least: 60, most: 86_400, usual: 300 } as const;

/**
 * Scopes that must not go with the first update: a platform that asks for one that is not attached is refused (`invalid_scope`), and one
 * that writes the claims in use carries access until the stack's own mapper is there.
 * @param ours what the stack attaches itself
 */
export function keptScopes(
  { defaultClientScopes, optionalClientScopes }: Client,
  scopes: readonly ClientScope[],
  { scopes: asked, groupsClaim, usernameClaim }: WantedClient,
  ours: readonly string[],
): KeptScopes {
  const isAsked = (name: string): boolean => asked === undefined || asked.includes(name);
  const writesName = (name: string): boolean =>
    scopes.some(
      (scope) => scope.name === name && (scope.protocolMappers ?? []).some((mapper) => writes(mapper, [groupsClaim, usernameClaim])),
    );
  const others = (names: readonly string[] | null | undefined): string[] => (names ?? []).filter((name) => !ours.includes(name)).sort();
  return {
    defaultScopes: others(defaultClientScopes).filter((name) => asked?.includes(name) === true || writesName(name)),
    optionalScopes: others(optionalClientScopes).filter(isAsked),
  };
}

export function settingsOf(
  { client, way, kept, ownScopes, tokenLifetime }: Surroundings,
  { platform, groupsClaim }: WantedClient,
): Record<string, unknown> {
  const browserFlowId = client.authenticationFlowBindingOverrides?.["browser"];
  const { defaultScopes, optionalScopes } = kept;
  return {
    ...(ownScopes.includes("basic") ? {} : { serverVersion: "24" }),
    ...(way === undefined || way === "granted" ? {} : { groupClaims: way }),
    ...(groupsClaim === "" || groupsClaim === "groups" ? {} : { groupsClaim }),
    ...(tokenLifetime === lifetimes.usual || !isLifetime(tokenLifetime) ? {} : { tokenLifetimeSeconds: tokenLifetime }),
    existingClients: {
      [platform]: {
        clientId: client.clientId,
        ...(browserFlowId === undefined || browserFlowId === "" ? {} : { browserFlowId }),
        ...(defaultScopes.length === 0 ? {} : { defaultScopes }),
        ...(optionalScopes.length === 0 ? {} : { optionalScopes }),
      },
    },
  };
}

function isLifetime(seconds: number): boolean {
  return seconds >= lifetimes.least && seconds <= lifetimes.most;
}

function attribute({ attributes }: Client, name: string): string {
  return attributes?.[name] ?? "";
}

/** Redirects of a client may begin at its root URL. */
export function redirectsOf({ redirectUris, rootUrl }: Client): string[] {
  return (redirectUris ?? []).map((uri) => (uri.startsWith("/") ? `${(rootUrl ?? "").replace(/\/+$/, "")}${uri}` : uri));
}

/** What the client may do today beside the code flow, and the stack switches off. */
function switchedOff(client: Client): string[] {
  const found: readonly (readonly [boolean, string])[] = [
    [client.implicitFlowEnabled === true, "implicit flow"],
    [client.directAccessGrantsEnabled === true, "direct access grants (password)"],
    [attribute(client, "oauth2.device.authorization.grant.enabled") === "true", "device grant"],
    [client.consentRequired === true, "consent"],
    [client.fullScopeAllowed !== false, "full scope, which puts every role of a person into tokens"],
    [(client.webOrigins ?? []).length > 0, "web origins"],
    [redirectsOf(client).some((uri) => uri.includes("*")), "stars in redirects"],
  ];
  return found.filter(([isFound]) => isFound).map(([, what]) => what);
}

export function remarksOf(around: Surroundings): AdoptionRemark[] {
  const { client, way, flow, kept, tokenLifetime } = around;
  const remark = (isFound: boolean, setting: string, text: string): AdoptionRemark[] => (isFound ? [{ setting, text }] : []);
  const off = switchedOff(client);
  const acr = attribute(client, "default.acr.values");
  const scopes = [...kept.defaultScopes, ...kept.optionalScopes];
  const others = otherMappers(around);
  return [
    { setting: "kind", text: `the client is called '${client.name ?? client.clientId}' today; the stack gives it a name of its own.` },
    ...remark(
      off.length > 0,
      "kind",
      `the first update switches off: ${off.join("; ")}. The platform uses the code flow with its exact redirects.`,
    ),
    ...remark(
      way === "insecureNames",
      "groupClaims",
      "found as it is: tokens carry group names without their path, so a member of any subgroup of a granted name has that group's access; safe: leave it out (granted), then tokens carry the groups with a grant and no others.",
    ),
    ...remark(
      way === "paths",
      "groupClaims",
      "found as it is: tokens carry every group of a person by its path. Left out (granted), they carry the groups with a grant alone, by their names: bindings get new names then.",
    ),
    ...remark(
      flow !== undefined,
      "existingClients",
      `the client has a sign-in flow of its own, '${flow ?? ""}', which stays (browserFlowId).`,
    ),
    ...remark(
      scopes.length > 0,
      "existingClients",
      `client scopes ${scopes.join(", ")} stay attached until everything that asks for them has the stack's settings; safe: leave them out afterwards.`,
    ),
    ...remark(
      acr !== "",
      "requiredAcr",
      `the client asks for the level of authentication ${acr.replaceAll("##", ", ")} and goes on doing so; written here, it is checked as well.`,
    ),
    ...remark(
      tokenLifetime !== lifetimes.usual,
      "tokenLifetimeSeconds",
      isLifetime(tokenLifetime)
        ? `found ${tokenLifetime} s; Keycloak's default is ${lifetimes.usual}.`
        : `found ${tokenLifetime} s, out of the bounds of ${lifetimes.least} to ${lifetimes.most}: ${lifetimes.usual} takes its place.`,
    ),
    ...remark(
      others.length > 0,
      "kind",
      `${others.join(", ")}: the stack does not declare it and leaves it; \`gatehouse drift\` names it.`,
    ),
  ];
}

/** Mappers of the client itself that stay beside the stack's. */
function otherMappers({ client, writers }: Surroundings): string[] {
  const imported = importedMapper(writers)?.mapper.id;
  return (client.protocolMappers ?? []).filter(({ id }) => id !== imported).map((mapper) => describeWriter({ mapper }));
}

/**
 * The client's own mapper that becomes the stack's. A group mapper cannot change its name, which the stack has chosen; a role mapper can
 * (terraform-provider-keycloak, ForceNew of `name`).
 */
export function importedMapper(writers: readonly Writer[]): Writer | undefined {
  const own = writers.filter(({ scope }) => scope === undefined);
  return own.find(({ mapper }) => mapper.name === stackMapperName) ?? own.find(({ mapper }) => mapper.protocolMapper === roleMapper);
}

/** What the stack calls its mapper of groups. */
const stackMapperName = "groups";

export function problemsOf(around: Surroundings, wanted: WantedClient): Problem[] {
  return [
    ...kindProblems(around.client, wanted),
    ...flowProblems(around.client),
    ...claimProblems(around, wanted),
    ...scopeProblems(around),
  ];
}

type Finding = readonly [isFound: boolean, path: string, expected: string, received: string, fix: string];

function asProblems(findings: readonly Finding[]): Problem[] {
  return findings
    .filter(([isFound]) => isFound)
    .map(([, path, expected, received, fix]) => ({ path: ["client", path], expected, received, fix }));
}

function kindProblems(client: Client, { issuer, isPublic }: WantedClient): Problem[] {
  const authenticator = client.clientAuthenticatorType ?? "client-secret";
  return asProblems([
    [
      !keycloakIssuerSchema.safeParse(issuer).success,
      "issuer",
      "a realm's issuer as its tokens carry it: https://host/realms/<realm>",
      issuer,
      "correct the platform's issuer first",
    ],
    [
      (client.protocol ?? "openid-connect") !== "openid-connect",
      "protocol",
      "openid-connect",
      client.protocol ?? "",
      "name the platform's OpenID client",
    ],
    [!client.enabled, "enabled", "a client that is enabled", "disabled", "enable it, or leave the platform alone"],
    [
      client.bearerOnly === true || client.standardFlowEnabled === false,
      "standardFlowEnabled",
      "a client with the standard flow, by which people sign in",
      "none",
      "switch it on, if the platform signs people in by it",
    ],
    [
      (client.publicClient === true) !== isPublic,
      "publicClient",
      isPublic ? "a public client: people's machines keep no secret" : "a client with a secret",
      isPublic ? "a client with a secret" : "a public client",
      isPublic
        ? "make it public and require PKCE (S256) first, and take the secret out of the kubeconfigs"
        : "switch client authentication on first, and hand the secret to the platform",
    ],
    [
      !isPublic && client.publicClient !== true && authenticator !== "client-secret",
      "clientAuthenticatorType",
      "client-secret: the platform signs in with its secret",
      authenticator,
      "choose 'Client Id and Secret' first",
    ],
  ]);
}

/** What other programs do with the client, and could not any more; and what no platform reads. */
function flowProblems(client: Client): Problem[] {
  const [algorithm, encryption] = [attribute(client, "id.token.signed.response.alg"), attribute(client, "id.token.encrypted.response.alg")];
  return asProblems([
    [
      client.serviceAccountsEnabled === true || client.authorizationServicesEnabled === true,
      "serviceAccountsEnabled",
      "a client that does nothing but sign people in: the stack would take away its service account, with the roles that it holds",
      client.authorizationServicesEnabled === true ? "a service account and authorization services" : "a service account",
      "switch it off if no program signs in as the client itself; else give that program a client of its own",
    ],
    [
      algorithm !== "" && algorithm !== "RS256",
      "id.token.signed.response.alg",
      "RS256, which the verifier and the stack's trust take",
      algorithm,
      "choose RS256 first (Advanced, Fine grain OpenID Connect configuration)",
    ],
    [
      encryption !== "",
      "id.token.encrypted.response.alg",
      "ID tokens that are signed alone",
      encryption,
      "switch their encryption off first",
    ],
  ]);
}

function claimProblems({ client, writers, way }: Surroundings, { groupsClaim }: WantedClient): Problem[] {
  const taken = (client.protocolMappers ?? []).find(({ name }) => name === stackMapperName);
  const wantedType = way === undefined || way === "granted" ? roleMapper : groupMapper;
  const imported = importedMapper(writers);
  return asProblems([
    [
      groupsClaim !== "" && writers.length > 0 && way === undefined,
      "protocolMappers",
      `one way to fill the claim ${groupsClaim}: group membership, or roles of this client with neither prefix nor 'multivalued' off`,
      writers.map(describeWriter).join(", "),
      "let one of these fill the claim with the same names first, and remove the others",
    ],
    [
      taken !== undefined && (taken.id !== imported?.mapper.id || taken.protocolMapper !== wantedType),
      "protocolMappers",
      `no mapper named '${stackMapperName}' of the client but one of the kind ${wantedType} that fills the claim: the stack's has that name`,
      taken === undefined ? "" : describeWriter({ mapper: taken }),
      "give it another name first (make it anew, then remove this one)",
    ],
  ]);
}

function scopeProblems({ client, ownScopes }: Surroundings): Problem[] {
  const optional = ownScopes.filter((name) => (client.optionalClientScopes ?? []).includes(name));
  return asProblems([
    [
      optional.length > 0,
      "optionalClientScopes",
      `${ownScopes.join(", ")} as default client scopes, as Keycloak gives them to a new client; one that is optional cannot become a default one in the same update`,
      `${optional.join(", ")} as optional`,
      "change their assigned type to Default first (Client scopes): tokens carry the same or more",
    ],
  ]);
}
