/**
 * What the owner of an identity provider must set there by hand, platform by platform, as it follows from the stack file alone. It holds
 * no secret: where a client's secret goes is said by reference.
 */
import { grantedGroups } from "./access/grants";
import { groupName, type Environment } from "./environment/schema";
import { claimValueOf, identityProviderFacts, identityProviderOf } from "./identity-providers";
import { platformOf } from "./platforms";
import { compareText } from "./text/stable-order";

/** The client of one platform. */
export interface ChecklistClient {
  /** Key of the platform in the stack file. */
  readonly platform: string;
  readonly title: string;
  /** `confidential`, or `public`: a program on people's own machines, with PKCE. */
  readonly type: "confidential" | "public";
  /** How the platform sends its secret; absent for a public client. */
  readonly clientAuthentication?: string;
  readonly grantTypes: readonly string[];
  /** Exact, each of them. */
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly scopes: readonly string[];
  /** Whether sign-ins without a code challenge (S256) may be refused. */
  readonly codeChallenge: boolean;
  /** The claim in which the platform reads groups; absent where it reads none. */
  readonly groupsClaim?: string;
  /** What that claim must be able to carry, sorted. */
  readonly groups: readonly string[];
  readonly usernameClaim: string;
  /** What the platform's owner does, where it is installed already and stays theirs; absent otherwise. */
  readonly ownersPart?: readonly string[];
}

export interface Checklist {
  readonly identityProvider: { readonly kind: string; readonly title: string; readonly issuer: string };
  /** Whether the stack makes the clients itself; the list of them is then for whoever checks. */
  readonly clientsByHand: boolean;
  readonly clients: readonly ChecklistClient[];
  /** In sentences. */
  readonly settings: readonly string[];
  readonly doesNotWork: readonly string[];
}

/** The checklist of an environment. */
export function checklistOf(environment: Environment): Checklist {
  const { idp } = environment;
  const facts = identityProviderFacts(idp);
  const byHand = identityProviderOf(idp).byHand?.(idp);
  return {
    identityProvider: { kind: facts.kind, title: facts.capabilities.title, issuer: facts.issuer },
    clientsByHand: byHand?.clients ?? false,
    clients: Object.keys(environment.platforms)
      .sort(compareText)
      .flatMap((name) => clientOf(environment, name)),
    settings: byHand?.settings ?? [],
    doesNotWork: byHand?.doesNotWork ?? [],
  };
}

function clientOf(environment: Environment, name: string): ChecklistClient[] {
  const spec = environment.platforms[name];
  if (spec === undefined) {
    return [];
  }
  const facts = identityProviderFacts(environment.idp);
  const definition = platformOf(spec);
  const requirements = definition.requirements(spec, facts);
  const identity = definition.identity(spec, facts);
  const isPublic = requirements.clientAuthentication === "none";
  const readsGroups = requirements.readsGroups !== false && identity.groups.claim !== "";
  const carried = grantedGroups(spec).map((key) => {
    const called = groupName(environment.groups[key] ?? {});
    return claimValueOf(environment.idp, key, called) ?? called;
  });
  return [
    {
      platform: name,
      title: definition.capabilities.title,
      type: isPublic ? "public" : "confidential",
      clientAuthentication: isPublic ? undefined : requirements.clientAuthentication,
      grantTypes: requirements.grantTypes,
      redirectUris: requirements.redirectUris,
      postLogoutRedirectUris: requirements.postLogoutRedirectUris,
      scopes: requirements.scopes,
      codeChallenge: isPublic || requirements.sendsCodeChallenge === true,
      groupsClaim: readsGroups ? identity.groups.claim : undefined,
      groups: readsGroups ? carried.sort(compareText) : [],
      usernameClaim: identity.username.claim,
      ...(spec.installed === true && definition.ownersPart !== undefined ? { ownersPart: [...definition.ownersPart(spec)] } : {}),
    },
  ];
}
