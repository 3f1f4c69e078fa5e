// keycloak:openid/client:Client — the requests of terraform-provider-keycloak provider/resource_keycloak_openid_client.go.
import { flag, map, notImplemented, object, set, text, type Schema } from "../../provider/schema";
import { objectOf, textOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import { equal, unknownValue, type Properties } from "../../provider/values";
import type { KeycloakClient } from "../client";
import { importedId } from "./imported-id";
import { clientBody, clientState } from "./openid-client-body";

/** Optional and computed: left out, it is what the server has. */
const found = { computed: true } as const;

const properties: Schema = {
  accessTokenLifespan: text(found),
  accessType: text({ required: true, allowed: ["CONFIDENTIAL", "PUBLIC", "BEARER-ONLY"] }),
  adminUrl: text(),
  allowRefreshTokenInStandardTokenExchange: text(),
  alwaysDisplayInConsole: flag({ notImplemented: true }),
  authenticationFlowBindingOverrides: object({ browserId: text(), directGrantId: text() }),
  authorization: notImplemented,
  backchannelLogoutRevokeOfflineSessions: flag({ notImplemented: true }),
  backchannelLogoutSessionRequired: flag({ default: true }),
  backchannelLogoutUrl: text(),
  baseUrl: text(),
  clientAuthenticatorType: text({ default: "client-secret" }),
  clientId: text({ required: true }),
  clientOfflineSessionIdleTimeout: text(found),
  clientOfflineSessionMaxLifespan: text(found),
  clientSecret: text({ computed: true, secret: true }),
  clientSecretRegenerateWhenChanged: map(text()),
  clientSecretWo: notImplemented,
  clientSecretWoVersion: notImplemented,
  clientSessionIdleTimeout: text(found),
  clientSessionMaxLifespan: text(found),
  consentRequired: flag(found),
  consentScreenText: text(),
  description: text(),
  directAccessGrantsEnabled: flag(found),
  displayOnConsentScreen: flag({ notImplemented: true }),
  enabled: flag({ default: true }),
  excludeIssuerFromAuthResponse: flag(found),
  excludeSessionStateFromAuthResponse: flag(found),
  extraConfig: map(text()),
  frontchannelLogoutEnabled: flag(found),
  frontchannelLogoutUrl: text(),
  fullScopeAllowed: flag({ default: true }),
  implicitFlowEnabled: flag(found),
  import: flag({ forceNew: true, notImplemented: true }),
  loginTheme: text(),
  name: text({ autoName: true }),
  oauth2DeviceAuthorizationGrantEnabled: flag(),
  oauth2DeviceCodeLifespan: text(),
  oauth2DevicePollingInterval: text(),
  oauth2JwtAuthorizationGrantEnabled: flag({ notImplemented: true }),
  oauth2JwtAuthorizationGrantIdp: notImplemented,
  pkceCodeChallengeMethod: text(),
  realmId: text({ required: true, forceNew: true }),
  requireDpopBoundTokens: flag(found),
  resourceServerId: text({ outputOnly: true }),
  rootUrl: text(found),
  serviceAccountUserId: text({ outputOnly: true }),
  serviceAccountsEnabled: flag(found),
  standardFlowEnabled: flag(found),
  standardTokenExchangeEnabled: flag({ notImplemented: true }),
  useRefreshTokens: flag({ default: true }),
  useRefreshTokensClientCredentials: flag(),
  validPostLogoutRedirectUris: set(text(), found),
  validRedirectUris: set(text(), found),
  webOrigins: set(text(), found),
};

const clientsOf = (of: Properties): string => `${textOf(of.realmId) ?? ""}/clients`;

/** Whether the program asks the server for another secret. */
function regenerates(state: Properties, inputs: Properties): boolean {
  const [before, after] = [objectOf(state.clientSecretRegenerateWhenChanged), objectOf(inputs.clientSecretRegenerateWhenChanged)];
  return !equal(withoutMark(before), withoutMark(after)) && (inputs.clientSecret ?? null) === null;
}

const withoutMark = ({ __defaults: _mark, ...rest }: Properties): Properties => rest;

async function readClient(client: KeycloakClient, path: string, id: string, of: Properties): Promise<Properties> {
  const settings = await client.get(`${path}/${id}`);
  const secret = await client.get(`${path}/${id}/client-secret`);
  return clientState(settings, textOf(secret.value) ?? "", of);
}

/** What the program may leave out and then keeps as the server has it. Anything else that is left out is off, such as a sign-in flow of its own. */
function takenOver(state: Properties): Properties {
  return Object.fromEntries(Object.entries(state).filter(([key]) => properties[key]?.computed === true));
}

export const openidClient: ResourceType<KeycloakClient> = {
  properties,
  validate(inputs) {
    const both = (inputs.clientSecret ?? null) !== null && (inputs.clientSecretRegenerateWhenChanged ?? null) !== null;
    return both
      ? [{ property: "clientSecret", reason: "expected one of clientSecret and clientSecretRegenerateWhenChanged, got both" }]
      : redirectFailures(inputs);
  },
  recomputed: (state, inputs) => (regenerates(state, inputs) ? ["clientSecret"] : []),
  async create(client, inputs, created) {
    const id = await client.create(clientsOf(inputs), clientBody(inputs, undefined, textOf(inputs.clientSecret)));
    created(id);
    return { id, state: await readClient(client, clientsOf(inputs), id, inputs) };
  },
  async read(client, id, state) {
    const { id: uuid, parents } = importedId(id, state, "{{realmId}}/{{id}}");
    const of = { ...state, ...parents };
    const settings = await client.find(`${clientsOf(of)}/${uuid}`);
    if (settings === undefined) {
      return undefined;
    }
    return { id: uuid, state: { ...parents, ...(await readClient(client, clientsOf(of), uuid, of)) } };
  },
  async update(client, id, state, inputs) {
    const path = clientsOf(inputs);
    // Regenerating comes first, and the new value is sent back with the rest.
    const secret = regenerates(state, inputs)
      ? textOf((await client.post(`${path}/${id}/client-secret`)).value)
      : (textOf(inputs.clientSecret) ?? textOf(state.clientSecret));
    await client.put(`${path}/${id}`, clientBody({ ...takenOver(state), ...inputs }, id, secret));
    return readClient(client, path, id, inputs);
  },
  async delete(client, id, state) {
    await client.remove(`${clientsOf(state)}/${id}`);
  },
};

/** The official plugin refuses redirect URIs where no flow uses them, and a code flow without any. */
function redirectFailures(inputs: Properties): { property: string; reason: string }[] {
  const uris = inputs.validRedirectUris;
  const uses = inputs.standardFlowEnabled === true || inputs.implicitFlowEnabled === true;
  if (uses && Array.isArray(uris) && uris.length === 0) {
    return [
      {
        property: "validRedirectUris",
        reason: "validation error: standard (authorization code) and implicit flows require at least one valid redirect uri",
      },
    ];
  }
  return !uses && uris !== unknownValue && Array.isArray(uris) && uris.length > 0
    ? [{ property: "validRedirectUris", reason: "validation error: redirect uris are only used by the standard and implicit flows" }]
    : [];
}
