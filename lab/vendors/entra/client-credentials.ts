import type { JSONWebKeySet } from "jose" with { "resolution-mode": "import" };
import type { AccessTokens } from "./access-tokens";
import { secretState } from "./graph/credentials";
import type { Application, ServicePrincipal } from "./graph/entities";
import type { TenantStore } from "./graph/store";
import { platformOf } from "./directory";
import {
  TokenServiceError,
  applicationNotFound,
  expiredSecret,
  parameterMissing,
  secretFromPublicClient,
  secretMissing,
  wrongSecret,
} from "./sign-in-errors";

export const graphAppId = "00000003-0000-0000-c000-000000000000";
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

export interface PresentedCredentials {
  readonly clientId: string;
  readonly secret?: string;
  readonly secretIn?: "basic" | "post";
  readonly assertion?: string;
}

/** What a token request says of its client. @throws TokenServiceError without `client_id`. */
export function presentedCredentials(authorization: string | undefined, form: URLSearchParams): PresentedCredentials {
  const [scheme, value] = (authorization ?? "").split(" ");
  if (scheme?.toLowerCase() === "basic" && value !== undefined) {
    const [id = "", ...rest] = Buffer.from(value, "base64").toString("utf8").split(":");
    return { clientId: decode(id), secret: decode(rest.join(":")), secretIn: "basic" };
  }
  const clientId = form.get("client_id");
  if (clientId === null || clientId === "") {
    throw parameterMissing("client_id");
  }
  const assertion = form.get("client_assertion");
  if (assertion !== null) {
    if (form.get("client_assertion_type") !== assertionType) {
      throw parameterMissing("client_assertion_type");
    }
    return { clientId, assertion };
  }
  const secret = form.get("client_secret");
  return secret === null ? { clientId } : { clientId, secret, secretIn: "post" };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, "%20"));
  } catch {
    return text;
  }
}

export interface ClientCheck {
  readonly store: TenantStore;
  /** Signing keys of the issuers that federated credentials may name (workload identity); by issuer. */
  readonly federatedIssuers: Readonly<Record<string, JSONWebKeySet>>;
}

/** The application that the credentials prove. @throws TokenServiceError with Entra's number for each way of failing. */
export async function authenticateClient(
  check: ClientCheck,
  presented: PresentedCredentials,
  request: { redirectUri?: string; refreshing?: boolean } = {},
): Promise<Application> {
  const { store } = check;
  const application = store.applicationByAppId(presented.clientId);
  if (application === undefined) {
    throw applicationNotFound(presented.clientId, store.tenantId);
  }
  const platform = request.redirectUri === undefined ? undefined : platformOf(application, request.redirectUri);
  const bare = presented.secret === undefined && presented.assertion === undefined;
  const isPublic =
    platform === "publicClient" || platform === "spa" || (bare && request.refreshing === true && hasPublicRedirects(application));
  if (isPublic) {
    if (presented.secret !== undefined || presented.assertion !== undefined) {
      throw secretFromPublicClient();
    }
    return application;
  }
  if (presented.assertion !== undefined) {
    await checkFederated(check, application, presented.assertion);
    return application;
  }
  if (presented.secret === undefined) {
    throw secretMissing();
  }
  const state = secretState(application, presented.secret, store.now());
  if (state === "expired") {
    throw expiredSecret(application.appId);
  }
  if (state !== "valid") {
    throw wrongSecret(application.appId);
  }
  return application;
}

function hasPublicRedirects(application: Application): boolean {
  const { publicClient, spa } = application.fields;
  return [publicClient, spa].some((platform) => (platform?.redirectUris ?? []).length > 0);
}

async function checkFederated(check: ClientCheck, application: Application, assertion: string): Promise<void> {
  const jose = await import("jose");
  const mismatch = (number: number, what: string, value: unknown): TokenServiceError =>
    new TokenServiceError(
      400,
      "invalid_client",
      number,
      `No matching federated identity record found for presented assertion ${what} '${String(value)}'.`,
    );
  let claims: { iss?: string; sub?: string; aud?: string | string[] };
  try {
    claims = jose.decodeJwt(assertion);
  } catch {
    throw new TokenServiceError(401, "invalid_client", 50027, "JWT token is invalid or malformed.");
  }
  const credentials = [...application.federatedCredentials.values()];
  const sameIssuer = credentials.filter((one) => one.issuer === claims.iss);
  if (sameIssuer.length === 0) {
    throw mismatch(700211, "issuer", claims.iss);
  }
  const sameSubject = sameIssuer.filter((one) => one.subject === claims.sub);
  if (sameSubject.length === 0) {
    throw mismatch(700213, "subject", claims.sub);
  }
  const audiences = [claims.aud ?? []].flat();
  const matching = sameSubject.find((one) => one.audiences.some((audience) => audiences.includes(audience)));
  if (matching === undefined) {
    throw mismatch(700212, "audience", audiences.join(" "));
  }
  const keys = check.federatedIssuers[matching.issuer];
  if (keys === undefined) {
    throw new TokenServiceError(400, "invalid_client", 50166, `Request to External OIDC endpoint failed: no keys of '${matching.issuer}'.`);
  }
  try {
    await jose.jwtVerify(assertion, jose.createLocalJWKSet(keys), {
      issuer: matching.issuer,
      subject: matching.subject,
      audience: matching.audiences,
    });
  } catch {
    throw new TokenServiceError(401, "invalid_client", 700027, "Client assertion failed signature validation, or is expired.");
  }
}

interface Resource {
  readonly principal: ServicePrincipal;
  readonly audience: string;
  readonly version: 1 | 2;
}

function resourceOf(store: TenantStore, graphUrl: string, scope: string): Resource {
  const suffix = "/.default";
  if (!scope.endsWith(suffix) || scope.includes(" ")) {
    const text = `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`;
    throw new TokenServiceError(400, "invalid_scope", 1002012, text);
  }
  // The metadata document's resource id may end with a slash, and providers append the suffix either way.
  const identifier = scope.slice(0, -suffix.length).replace(/\/$/, "");
  const missing = (): TokenServiceError => {
    const text = `The resource principal named ${identifier} was not found in the tenant named ${store.tenantId}.`;
    return new TokenServiceError(400, "invalid_resource", 500011, text);
  };
  if (identifier === graphUrl) {
    const principal = store.principalByAppId(graphAppId);
    if (principal === undefined) {
      throw missing();
    }
    return { principal, audience: graphUrl, version: 1 };
  }
  const applications = store.list("application");
  const owner = applications.find((one) => one.appId === identifier.toLowerCase() || one.fields.identifierUris.includes(identifier));
  const principal = owner === undefined ? undefined : store.principalByAppId(owner.appId);
  if (owner === undefined || principal === undefined) {
    throw missing();
  }
  return { principal, audience: identifier, version: owner.fields.api?.requestedAccessTokenVersion === 2 ? 2 : 1 };
}

/** The client credentials grant: a token with the application permissions that were assigned to the client's principal. */
export async function grantClientCredentials(
  options: { store: TenantStore; graphUrl: string; tokens: AccessTokens },
  application: Application,
  form: URLSearchParams,
): Promise<object> {
  const { store, graphUrl, tokens } = options;
  const scope = form.get("scope");
  if (scope === null || scope === "") {
    throw parameterMissing("scope");
  }
  const principal = store.principalByAppId(application.appId);
  if (principal === undefined) {
    const text = `The client application ${application.appId} is missing service principal in the tenant ${store.tenantId}.`;
    throw new TokenServiceError(401, "invalid_client", 7000229, text);
  }
  const resource = resourceOf(store, graphUrl, scope);
  const held = new Set(
    store.assignments(resource.principal.id).flatMap((one) => (one.principalId === principal.id ? [one.appRoleId] : [])),
  );
  const roles = store.rolesOf(resource.principal).flatMap((role) => (held.has(role.id) && role.value ? [role.value] : []));
  const { accessToken, expiresInSeconds } = await tokens.issue({
    application,
    principal,
    audience: resource.audience,
    roles: roles.sort(),
    version: resource.version,
    resourceAppId: resource.principal.appId,
  });
  return { token_type: "Bearer", expires_in: expiresInSeconds, ext_expires_in: expiresInSeconds, access_token: accessToken };
}
