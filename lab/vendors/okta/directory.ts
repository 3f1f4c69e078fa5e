import type { Directory, DirectoryClient, Person } from "../openid/directory";
import { appRefusal, serverRefusal } from "./access";
import { acceptedSecrets } from "./client-secrets";
import { issuerOf } from "./authorization-servers";
import { orgIdToken, orgUserInfo, serverIdToken, serverUserInfo } from "./claims";
import type { AppRecord, AuthorizationServerRecord, Json, UserRecord } from "./model";
import { passwordMatches, timestamp, type OktaStore } from "./store";

/** developer.okta.com/docs/reference/api/oidc, "Scopes"; `groups` exists at the org server only. */
const orgScopes = ["openid", "profile", "email", "address", "phone", "offline_access", "groups"];

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function asPerson(user: UserRecord): Person {
  return { id: user.id, login: user.profile.login, displayName: `${user.profile.firstName} ${user.profile.lastName}` };
}

function rotates(refreshToken: Json | undefined): boolean {
  return (
    typeof refreshToken === "object" && refreshToken !== null && "rotation_type" in refreshToken && refreshToken.rotation_type === "ROTATE"
  );
}

function asClient(app: AppRecord): DirectoryClient {
  const settings = app.oauthClient;
  const type = settings.application_type;
  return {
    clientId: app.clientId,
    secrets: () => acceptedSecrets(app),
    redirectUris: texts(settings.redirect_uris),
    postLogoutRedirectUris: texts(settings.post_logout_redirect_uris),
    grantTypes: texts(settings.grant_types),
    responseTypes: texts(settings.response_types),
    tokenEndpointAuthMethod: app.authMethod,
    pkceRequired: app.pkceRequired,
    rotatesRefreshTokens: rotates(settings.refresh_token),
    applicationType: type === "native" || type === "browser" ? type : "web",
    active: app.status === "ACTIVE",
  };
}

/** What differs between the org server and a custom one. */
interface Issuer {
  issuer: string;
  scopes: () => readonly string[];
  refusal: (app: AppRecord, user: UserRecord, scopes: readonly string[]) => string | undefined;
  idToken: (app: AppRecord, user: UserRecord, scopes: readonly string[], withAccessToken: boolean) => Record<string, unknown>;
  userInfo: (app: AppRecord, user: UserRecord, scopes: readonly string[]) => Record<string, unknown>;
}

function directory(store: OktaStore, issuer: Issuer): Directory {
  const app = (clientId: string): AppRecord | undefined => store.state.apps.find((candidate) => candidate.clientId === clientId);
  const user = (id: string): UserRecord | undefined =>
    store.state.users.find((candidate) => candidate.id === id && candidate.status === "ACTIVE");
  const both = (personId: string, clientId: string): { app: AppRecord; user: UserRecord } => {
    const found = { app: app(clientId), user: user(personId) };
    if (found.app === undefined || found.user === undefined) {
      throw new Error(`claims: expected an app ${clientId} and an active user ${personId}`);
    }
    return { app: found.app, user: found.user };
  };
  return {
    issuer: issuer.issuer,
    stateRequired: true,
    unknownScopeRefused: true,
    get scopesSupported() {
      return issuer.scopes();
    },
    client: (clientId) => {
      const found = app(clientId);
      return found === undefined ? undefined : asClient(found);
    },
    authenticate: async (login, password) => {
      const wanted = login.trim().toLowerCase();
      const found = store.state.users.find(
        (candidate) => candidate.status === "ACTIVE" && candidate.profile.login.toLowerCase() === wanted,
      );
      if (found?.password === undefined || !(await passwordMatches(password, found.password))) {
        return undefined;
      }
      found.lastLogin = timestamp();
      store.changed();
      return asPerson(found);
    },
    person: (id) => {
      const found = user(id);
      return found === undefined ? undefined : asPerson(found);
    },
    authorise: (person, clientId, scopes) => {
      const found = both(person.id, clientId);
      const reason = issuer.refusal(found.app, found.user, scopes);
      return reason === undefined ? undefined : { code: "access_denied", reason, shownAs: "redirect" };
    },
    subject: (personId) => personId,
    idTokenClaims: (personId, clientId, scopes, occasion) => {
      const found = both(personId, clientId);
      return issuer.idToken(found.app, found.user, scopes, occasion.withAccessToken);
    },
    userInfoClaims: (personId, clientId, scopes) => {
      const found = both(personId, clientId);
      return issuer.userInfo(found.app, found.user, scopes);
    },
  };
}

/** The org authorization server: `iss` is the org URL. */
export function orgDirectory(store: OktaStore, orgUrl: string): Directory {
  return directory(store, {
    issuer: orgUrl,
    scopes: () => orgScopes,
    refusal: (app, user) => appRefusal(store, app, user),
    idToken: (app, user, scopes, withAccessToken) => orgIdToken(store, app, user, scopes, withAccessToken),
    userInfo: (app, user, scopes) => orgUserInfo(store, app, user, scopes),
  });
}

/** A custom authorization server: `iss` is `<org URL>/oauth2/<id>`. */
export function serverDirectory(store: OktaStore, orgUrl: string, server: AuthorizationServerRecord): Directory {
  return directory(store, {
    issuer: issuerOf(server, orgUrl),
    scopes: () => server.scopes.map((scope) => scope.name),
    refusal: (app, user, scopes) => appRefusal(store, app, user) ?? serverRefusal(store, server, app, user, scopes),
    idToken: (_app, user, scopes, withAccessToken) => serverIdToken(store, server, user, scopes, withAccessToken),
    userInfo: (_app, user, scopes) => serverUserInfo(store, server, user, scopes),
  });
}
