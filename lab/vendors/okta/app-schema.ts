import { z } from "zod";
import { invalid } from "./errors";

/**
 * The body of `POST` and `PUT /api/v1/apps` for an OpenID Connect app (developer.okta.com/docs/reference/api/apps, "Add OAuth 2.0 client
 * application"; what the official provider sends stands in the cassettes of terraform-provider-okta). Unknown fields are refused.
 */
const jwk = z.looseObject({ kty: z.enum(["RSA", "EC"]), kid: z.string().optional() });

const oauthClientSettings = z.strictObject({
  application_type: z.enum(["web", "native", "browser", "service"]),
  client_uri: z.url().nullish(),
  consent_method: z.enum(["TRUSTED", "REQUIRED"]).default("TRUSTED"),
  dpop_bound_access_tokens: z.literal(false, "DPoP is not offered by this server").default(false),
  frontchannel_logout_session_required: z.boolean().optional(),
  frontchannel_logout_uri: z.string().nullish(),
  grant_types: z.array(z.enum(["authorization_code", "implicit", "refresh_token", "client_credentials"])).min(1),
  idp_initiated_login: z
    .strictObject({ mode: z.enum(["DISABLED", "SPEC", "OKTA"]), default_scope: z.array(z.string()).optional() })
    .optional(),
  initiate_login_uri: z.string().nullish(),
  issuer_mode: z.enum(["ORG_URL", "CUSTOM_URL", "DYNAMIC"]).default("ORG_URL"),
  jwks: z.strictObject({ keys: z.array(jwk).min(1) }).optional(),
  logo_uri: z.url().nullish(),
  network: z.strictObject({ connection: z.literal("ANYWHERE") }).optional(),
  participate_slo: z.boolean().optional(),
  policy_uri: z.url().nullish(),
  post_logout_redirect_uris: z.array(z.string()).nullish(),
  redirect_uris: z.array(z.string()).nullish(),
  refresh_token: z.strictObject({ rotation_type: z.enum(["STATIC", "ROTATE"]), leeway: z.int().min(0).max(60).optional() }).optional(),
  response_types: z.array(z.enum(["code", "id_token", "token"])).default(["code"]),
  tos_uri: z.url().nullish(),
  wildcard_redirect: z.enum(["DISABLED", "SUBDOMAIN"]).default("DISABLED"),
});

const credentials = z.strictObject({
  oauthClient: z.strictObject({
    autoKeyRotation: z.boolean().default(true),
    client_id: z
      .string()
      .regex(/^[A-Za-z0-9_-]{6,100}$/, "expected 6 to 100 letters, digits, - or _")
      .optional(),
    client_secret: z
      .string()
      .regex(/^([\x21-\x7e]{14,100})?$/, "expected 14 to 100 printable ASCII characters")
      .optional(),
    pkce_required: z.boolean().optional(),
    token_endpoint_auth_method: z
      .enum(["client_secret_basic", "client_secret_post", "none", "private_key_jwt"])
      .default("client_secret_basic"),
  }),
  userNameTemplate: z
    .strictObject({
      template: z.string(),
      type: z.enum(["BUILT_IN", "CUSTOM", "NONE"]),
      suffix: z.string().optional(),
      pushStatus: z.string().optional(),
    })
    .default({ template: "${source.login}", type: "BUILT_IN" }),
});

export const appBody = z.strictObject({
  accessibility: z
    .strictObject({ selfService: z.boolean().optional(), errorRedirectUrl: z.string().nullish(), loginRedirectUrl: z.string().nullish() })
    .default({}),
  credentials,
  label: z.string("The field cannot be left blank").trim().min(1, "The field cannot be left blank").max(100),
  name: z.literal("oidc_client"),
  profile: z.record(z.string(), z.json()).optional(),
  settings: z.strictObject({
    app: z.strictObject({}).optional(),
    emOptInStatus: z.string().optional(),
    implicitAssignment: z.boolean().default(false),
    manualProvisioning: z.literal(false).optional(),
    notes: z.strictObject({ admin: z.string().nullish(), enduser: z.string().nullish() }).default({}),
    oauthClient: oauthClientSettings,
  }),
  signOnMode: z.literal("OPENID_CONNECT"),
  visibility: z
    .strictObject({
      appLinks: z.record(z.string(), z.boolean()).optional(),
      autoLaunch: z.boolean().optional(),
      autoSubmitToolbar: z.boolean().optional(),
      hide: z.strictObject({ iOS: z.boolean(), web: z.boolean() }).optional(),
    })
    .default({}),
});

export type AppBody = z.infer<typeof appBody>;

const grantNeeds = { authorization_code: ["code"], implicit: ["id_token", "token"] } as const;

/** Okta's rules on one redirect URI: absolute, without fragment; a wildcard only as the whole leftmost label and only when switched on. */
function checkRedirectUri(uri: string, field: string, wildcard: "DISABLED" | "SUBDOMAIN"): void {
  const wrong = (what: string): Error => invalid(field, `${field}: ${what}, got ${uri}`);
  let url: URL;
  try {
    url = new URL(uri.replace("://*.", "://wildcard."));
  } catch {
    throw wrong("expected an absolute URI");
  }
  if (/\s/.test(uri)) {
    throw wrong("expected no white space");
  }
  if (uri.includes("#")) {
    throw wrong("expected no fragment");
  }
  if (["javascript:", "data:"].includes(url.protocol)) {
    throw wrong("expected https, http or a custom scheme");
  }
  if (/^https?:/.test(uri) && url.hostname === "") {
    throw wrong("expected a host");
  }
  if (!uri.includes("*")) {
    return;
  }
  if (wildcard !== "SUBDOMAIN") {
    throw wrong("expected no wildcard, since wildcard_redirect is DISABLED");
  }
  if (!/^https?:\/\/\*\.[^*/.]+\.[^*]+$/.test(uri)) {
    throw wrong("expected the wildcard to be the whole leftmost subdomain");
  }
}

/** Rules between fields. @throws E0000001 with the field's name. */
export function checkApp(body: AppBody): void {
  const settings = body.settings.oauthClient;
  const client = body.credentials.oauthClient;
  const grants: readonly string[] = settings.grant_types;
  const redirects = settings.redirect_uris ?? [];
  for (const [grant, responses] of Object.entries(grantNeeds)) {
    if (!grants.includes(grant)) {
      continue;
    }
    if (!responses.some((response) => (settings.response_types as readonly string[]).includes(response))) {
      throw invalid(
        "response_types",
        `response_types: expected ${responses.join(" or ")} with grant type ${grant}, got ${settings.response_types.join(", ")}`,
      );
    }
    if (redirects.length === 0) {
      throw invalid("redirect_uris", `redirect_uris: expected at least one with grant type ${grant}, got none`);
    }
  }
  if (settings.response_types.includes("code") && !grants.includes("authorization_code")) {
    throw invalid("grant_types", "grant_types: expected authorization_code with response type code");
  }
  if (settings.application_type === "service" && (grants.length !== 1 || grants[0] !== "client_credentials")) {
    throw invalid("grant_types", `grant_types: expected only client_credentials for a service app, got ${grants.join(", ")}`);
  }
  if (settings.application_type === "browser" && grants.includes("client_credentials")) {
    throw invalid("grant_types", "grant_types: client_credentials is not for a browser app");
  }
  if (client.token_endpoint_auth_method === "private_key_jwt" && settings.jwks === undefined) {
    throw invalid("jwks", "jwks: expected a public key with token_endpoint_auth_method private_key_jwt, got none");
  }
  if (settings.participate_slo === true && (settings.frontchannel_logout_uri ?? "") === "") {
    throw invalid("frontchannel_logout_uri", "frontchannel_logout_uri: expected a URI when participate_slo is true");
  }
  for (const uri of redirects) {
    checkRedirectUri(uri, "redirect_uris", settings.wildcard_redirect);
  }
  for (const uri of settings.post_logout_redirect_uris ?? []) {
    checkRedirectUri(uri, "post_logout_redirect_uris", settings.wildcard_redirect);
  }
}
