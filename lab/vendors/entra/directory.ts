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

export interface EntraDirectory extends Directory {
  /** Answers `client()` for a request of which these facts are known. */
  during<T>(facts: RequestFacts, work: () => Promise<T>): Promise<T>;
  /** Remembers that the person passed a second factor on the way to this client. */
  secondFactorPassed(personId: string, clientId: string): void;
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
export function entraDirectory(options: EntraDirectoryOptions): EntraDirectory {
  const { store } = options;
  const facts = new AsyncLocalStorage<RequestFacts>();
  const passed = new Set<string>();
  const key = (personId: string, clientId: string): string => `${personId} ${clientId.toLowerCase()}`;

  const active = (personId: string): User | undefined => {
    const user = store.user(personId);
    return user?.fields.accountEnabled === true ? user : undefined;
  };

  const authorise = (person: Person, clientId: string): SignInRefusal | undefined => {
    const user = active(person.id);
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
    return demands.mfa && !passed.has(key(person.id, clientId)) ? onPage(signIn.secondFactorNeeded) : undefined;
  };

  return {
    issuer: options.issuer,
    scopesSupported: ["openid", "profile", "email", "offline_access"],
    subjectType: "pairwise",
    // auth_time is an optional claim at Entra, and "amr" is not in a v2.0 ID token (id-token-claims-reference).
    withheldClaims: ["amr", "auth_time"],
    during: (known, work) => facts.run(known, work),
    secondFactorPassed: (personId, clientId) => void passed.add(key(personId, clientId)),
    client: (clientId) => {
      const application = store.applicationByAppId(clientId);
      return application === undefined ? undefined : describe(application, facts.getStore() ?? {}, store.now);
    },
    authenticate: (login, password) => {
      const user = store.user(login);
      const right = user !== undefined && store.credentialsOf(user.id)?.password === password;
      return Promise.resolve(right && user.fields.accountEnabled ? toPerson(user) : undefined);
    },
    authorise,
    person: (personId) => {
      const user = active(personId);
      return user === undefined ? undefined : toPerson(user);
    },
    // "The value is based on a combination of the token recipient, tenant, and user."
    subject: (personId, clientId) =>
      createHash("sha256").update(`${store.tenantId}|${clientId.toLowerCase()}|${personId}`).digest("base64url"),
    idTokenClaims: (personId, clientId, scopes, occasion) => {
      const user = active(personId);
      const application = store.applicationByAppId(clientId);
      const principal = store.principalByAppId(clientId);
      if (user === undefined || application === undefined || principal === undefined) {
        return {};
      }
      return idTokenClaims({
        store,
        graphUrl: options.graphUrl,
        application,
        principal,
        user,
        scopes,
        implicit: !occasion.withAccessToken,
        secondFactor: passed.has(key(personId, clientId)),
      });
    },
    userInfoClaims: (personId, _clientId, scopes) => {
      const user = active(personId);
      return user === undefined ? {} : userInfoClaims(user, scopes);
    },
  };
}
