import { createHash } from "node:crypto";
import { AsyncLocalStorage } from "node:async_hooks";
import type { Directory, DirectoryClient, Person, SignInRefusal } from "../openid/directory";
import { demandsOf, rolesAssigned } from "./access";
import { idTokenClaims, userInfoClaims } from "./claims";
import { validSecrets } from "./graph/credentials";
import type { Application, User } from "./graph/entities";
import { redirectMatches } from "./graph/redirect-uris";
import type { TenantStore } from "./graph/store";
import { signIn, applicationNotFound, notAssigned, principalDisabled } from "./sign-in-errors";

/** What is known of the request being answered; how a client authenticates depends on it at Entra, not on the registration. */
export interface RequestFacts {
  readonly redirectUri?: string;
  readonly secretIn?: "basic" | "post";
  /** A refresh request without credentials from an application that has public redirect URIs. */
  readonly withoutSecret?: boolean;
}

export interface EntraDirectoryOptions {
  readonly store: TenantStore;
  readonly issuer: string;
  readonly graphUrl: string;
}

/** The platform under which a redirect URI is registered; undefined when it is not. */
export function platformOf(application: Application, redirect: string): "web" | "spa" | "publicClient" | undefined {
  return (["web", "spa", "publicClient"] as const).find((platform) =>
    (application.fields[platform]?.redirectUris ?? []).some((uri) => redirectMatches(uri, redirect)),
  );
}

function describe(application: Application, facts: RequestFacts, now: () => number): DirectoryClient {
  const { web, spa, publicClient } = application.fields;
  const registered = [web, spa, publicClient].flatMap((platform) => platform?.redirectUris ?? []);
  const redirect = facts.redirectUri;
  const platform = redirect === undefined ? undefined : platformOf(application, redirect);
  const idTokens = web?.implicitGrantSettings?.enableIdTokenIssuance === true;
  const accessTokens = web?.implicitGrantSettings?.enableAccessTokenIssuance === true;
  const isPublic = platform === "publicClient" || platform === "spa" || (platform === undefined && facts.withoutSecret === true);
  return {
    clientId: application.appId,
    secrets: () => validSecrets(application, now()),
    redirectUris: platform !== undefined && redirect !== undefined ? [...new Set([...registered, redirect])] : registered,
    postLogoutRedirectUris: registered,
    grantTypes: ["authorization_code", "refresh_token", ...(idTokens || accessTokens ? ["implicit"] : [])],
    responseTypes: ["code", ...(idTokens ? ["id_token"] : []), ...(accessTokens ? ["token"] : [])],
    tokenEndpointAuthMethod: isPublic ? "none" : facts.secretIn === "basic" ? "client_secret_basic" : "client_secret_post",
    // "SPA ... PKCE is required"; web and native clients may leave it out.
    pkceRequired: platform === "spa",
    applicationType: "web",
    active: true,
  };
}

function toPerson(user: User): Person {
  return { id: user.id, login: user.fields.userPrincipalName, displayName: user.fields.displayName };
}

function onPage(reason: string): SignInRefusal {
  return { code: "access_denied", reason, shownAs: "page" };
}

/** The tenant as the OpenID Provider asks for it. */
export class EntraDirectory implements Directory {
  readonly issuer: string;
  readonly scopesSupported = ["openid", "profile", "email", "offline_access"];
  readonly subjectType = "pairwise";
  // auth_time is an optional claim at Entra, and "amr" is not in a v2.0 ID token (id-token-claims-reference).
  readonly withheldClaims = ["amr", "auth_time"];
  private readonly store: TenantStore;
  private readonly graphUrl: string;
  private readonly facts = new AsyncLocalStorage<RequestFacts>();
  private readonly passed = new Set<string>();

  constructor(options: EntraDirectoryOptions) {
    this.issuer = options.issuer;
    this.store = options.store;
    this.graphUrl = options.graphUrl;
  }

  /** Answers `client()` for a request of which these facts are known. */
  during<T>(facts: RequestFacts, work: () => Promise<T>): Promise<T> {
    return this.facts.run(facts, work);
  }

  /** Remembers that the person passed a second factor on the way to this client. */
  secondFactorPassed(personId: string, clientId: string): void {
    this.passed.add(passKey(personId, clientId));
  }

  client(clientId: string): DirectoryClient | undefined {
    const application = this.store.applicationByAppId(clientId);
    return application === undefined ? undefined : describe(application, this.facts.getStore() ?? {}, this.store.now);
  }

  authenticate(login: string, password: string): Promise<Person | undefined> {
    const user = this.store.user(login);
    const right = user !== undefined && this.store.credentialsOf(user.id)?.password === password;
    return Promise.resolve(right && user.fields.accountEnabled ? toPerson(user) : undefined);
  }

  authorise(person: Person, clientId: string): SignInRefusal | undefined {
    const { store } = this;
    const user = this.active(person.id);
    if (user === undefined) {
      return onPage(signIn.disabledAccount);
    }
    const principal = store.principalByAppId(clientId);
    if (principal === undefined) {
      return onPage(applicationNotFound(clientId, store.tenantId).message);
    }
    if (principal.fields.accountEnabled === false) {
      return onPage(principalDisabled(clientId));
    }
    if (principal.fields.appRoleAssignmentRequired && !rolesAssigned(store, principal, user).assigned) {
      const name = store.applicationByAppId(clientId)?.fields.displayName ?? clientId;
      return onPage(notAssigned(person.login, clientId, name));
    }
    const demands = demandsOf(store, user, clientId.toLowerCase());
    if (demands.blocked) {
      return onPage(signIn.blocked);
    }
    if (demands.device) {
      return onPage(signIn.deviceNeeded);
    }
    return demands.mfa && !this.passed.has(passKey(person.id, clientId)) ? onPage(signIn.secondFactorNeeded) : undefined;
  }

  person(personId: string): Person | undefined {
    const user = this.active(personId);
    return user === undefined ? undefined : toPerson(user);
  }

  /** "The value is based on a combination of the token recipient, tenant, and user." */
  subject(personId: string, clientId: string): string {
    return createHash("sha256").update(`${this.store.tenantId}|${clientId.toLowerCase()}|${personId}`).digest("base64url");
  }

  idTokenClaims(
    personId: string,
    clientId: string,
    scopes: readonly string[],
    occasion: { readonly withAccessToken: boolean },
  ): Record<string, unknown> {
    const user = this.active(personId);
    const application = this.store.applicationByAppId(clientId);
    const principal = this.store.principalByAppId(clientId);
    if (user === undefined || application === undefined || principal === undefined) {
      return {};
    }
    const secondFactor = this.passed.has(passKey(personId, clientId));
    const { store, graphUrl } = this;
    return idTokenClaims({ store, graphUrl, application, principal, user, scopes, implicit: !occasion.withAccessToken, secondFactor });
  }

  userInfoClaims(personId: string, _clientId: string, scopes: readonly string[]): Record<string, unknown> {
    const user = this.active(personId);
    return user === undefined ? {} : userInfoClaims(user, scopes);
  }

  private active(personId: string): User | undefined {
    const user = this.store.user(personId);
    return user?.fields.accountEnabled === true ? user : undefined;
  }
}

function passKey(personId: string, clientId: string): string {
  return `${personId} ${clientId.toLowerCase()}`;
}
