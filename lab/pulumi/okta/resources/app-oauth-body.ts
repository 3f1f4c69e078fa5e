// The body of an OIDC app as terraform-provider-okta resource_okta_app_oauth.go builds it (buildAppOAuthV6), and its checks.
import { defined, numberOf, objectsOf, parseJson, textOf, textsOf } from "../../provider/json";
import type { Properties, Value } from "../../provider/values";

const commonGrants = [
  "authorization_code",
  "implicit",
  "refresh_token",
  "urn:ietf:params:oauth:grant-type:saml2-bearer",
  "urn:ietf:params:oauth:grant-type:token-exchange",
  "urn:ietf:params:oauth:grant-type:device_code",
  "interaction_code",
  "urn:okta:params:oauth:grant-type:oob",
  "urn:okta:params:oauth:grant-type:otp",
  "http://auth0.com/oauth/grant-type/mfa-oob",
  "http://auth0.com/oauth/grant-type/mfa-otp",
];

/** What each type of app needs and may have (appRequirementsByType there). */
const grantsByType: Readonly<Record<string, { required?: string; valid: readonly string[] }>> = {
  web: { required: "authorization_code", valid: [...commonGrants, "client_credentials", "urn:openid:params:grant-type:ciba"] },
  native: { required: "authorization_code", valid: [...commonGrants, "password", "urn:ietf:params:oauth:grant-type:jwt-bearer"] },
  browser: { valid: commonGrants },
  service: {
    required: "client_credentials",
    valid: [...commonGrants.filter((grant) => grant !== "authorization_code" && grant !== "refresh_token"), "client_credentials"],
  },
};

/** Refuses what the official plugin refuses before it sends anything. @throws Error in words like its own */
export function requireValidApp(inputs: Properties, usesOAuth: boolean): void {
  const type = textOf(inputs.type) ?? "";
  const grants = textsOf(inputs.grantTypes);
  const rules = grantsByType[type];
  if (rules && grants.length > 0) {
    const invalid = grants.filter((grant) => !rules.valid.includes(grant));
    if (invalid.length > 0) {
      throw new Error(`grantTypes: ${invalid.join(", ")} is not allowed for an app of type ${type}`);
    }
    if (rules.required && !grants.includes(rules.required)) {
      throw new Error(`grantTypes: an app of type ${type} needs ${rules.required}`);
    }
  }
  const claim = inputs.groupsClaim;
  if (!usesOAuth && claim && typeof claim === "object" && !Array.isArray(claim)) {
    if (claim.type === "EXPRESSION" && textOf(claim.filterType)) {
      throw new Error("groupsClaim.filterType: only for type FILTER");
    }
    if (claim.type === "FILTER" && !textOf(claim.filterType)) {
      throw new Error("groupsClaim.filterType: required for type FILTER");
    }
    if (!textOf(claim.name) || !textOf(claim.value)) {
      throw new Error("groupsClaim: name and value must not be empty");
    }
  }
  if (inputs.tokenEndpointAuthMethod === "private_key_jwt" && objectsOf(inputs.jwks).length === 0 && !textOf(inputs.jwksUri)) {
    throw new Error("jwks or jwksUri is required when tokenEndpointAuthMethod is private_key_jwt");
  }
  const loginMode = textOf(inputs.loginMode) ?? "DISABLED";
  if (loginMode !== "DISABLED" && !textOf(inputs.loginUri)) {
    throw new Error("loginUri: required for every loginMode besides DISABLED");
  }
  if (loginMode === "OKTA" && textsOf(inputs.loginScopes).length === 0) {
    throw new Error("loginScopes: required when loginMode is OKTA");
  }
  if (grants.includes("implicit") && !textsOf(inputs.responseTypes).some((type) => type === "token" || type === "id_token")) {
    throw new Error("responseTypes: expected token or id_token among them when grantTypes contains implicit");
  }
}

function grantTypes(inputs: Properties): string[] {
  const given = textsOf(inputs.grantTypes);
  if (given.length > 0) {
    return given;
  }
  const rules = grantsByType[textOf(inputs.type) ?? ""];
  return rules?.required ? [rules.required] : [...(rules?.valid ?? [])];
}

function responseTypes(inputs: Properties, grants: readonly string[]): string[] {
  const given = textsOf(inputs.responseTypes);
  if (given.length > 0) {
    return given;
  }
  const has = (...wanted: string[]): boolean => wanted.some((grant) => grants.includes(grant));
  return [
    ...(has("implicit", "client_credentials") ? ["token"] : []),
    ...(has("password", "authorization_code", "refresh_token") ? ["code"] : []),
  ];
}

function pkceRequired(inputs: Properties, isNew: boolean): boolean {
  if (typeof inputs.pkceRequired === "boolean") {
    return inputs.pkceRequired;
  }
  return inputs.tokenEndpointAuthMethod === "none" || (isNew && (inputs.type === "native" || inputs.type === "browser"));
}

/** Empty texts and lists are not sent. */
function filled(value: Value | undefined): Value | undefined {
  if (value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0)) {
    return undefined;
  }
  return value;
}

/**
 * @param clientId the app's own id when it exists, or a wished one
 * @param clientSecret undefined leaves the secret to Okta; an empty one is sent for `omitSecret` on update
 */
export function appBody(inputs: Properties, clientId: string | undefined, clientSecret: string | undefined, isNew: boolean): Properties {
  const grants = grantTypes(inputs);
  const profile = textOf(inputs.profile);
  return defined({
    label: inputs.label,
    name: "oidc_client",
    signOnMode: "OPENID_CONNECT",
    accessibility: defined({
      selfService: filled(inputs.accessibilitySelfService),
      errorRedirectUrl: filled(inputs.accessibilityErrorRedirectUrl),
      loginRedirectUrl: filled(inputs.accessibilityLoginRedirectUrl),
    }),
    credentials: {
      oauthClient: defined({
        autoKeyRotation: inputs.autoKeyRotation !== false,
        client_id: clientId,
        client_secret: clientSecret,
        pkce_required: pkceRequired(inputs, isNew),
        token_endpoint_auth_method: inputs.tokenEndpointAuthMethod,
      }),
      userNameTemplate: defined({
        template: inputs.userNameTemplate,
        type: inputs.userNameTemplateType,
        userSuffix: filled(inputs.userNameTemplateSuffix),
        pushStatus: filled(inputs.userNameTemplatePushStatus),
      }),
    },
    settings: defined({
      implicitAssignment: filled(inputs.implicitAssignment),
      notes: defined({ admin: filled(inputs.adminNote), enduser: filled(inputs.enduserNote) }),
      oauthClient: oauthSettings(inputs, grants),
    }),
    visibility: defined({
      autoSubmitToolbar: filled(inputs.autoSubmitToolbar),
      hide: { iOS: inputs.hideIos !== false, web: inputs.hideWeb !== false },
    }),
    profile: profile ? parseJson(profile, "profile") : undefined,
  });
}

function oauthSettings(inputs: Properties, grants: string[]): Properties {
  const keys = objectsOf(inputs.jwks);
  return defined({
    application_type: inputs.type,
    client_uri: filled(inputs.clientUri),
    consent_method: filled(inputs.consentMethod),
    dpop_bound_access_tokens: false,
    frontchannel_logout_session_required: filled(inputs.frontchannelLogoutSessionRequired),
    frontchannel_logout_uri: filled(inputs.frontchannelLogoutUri),
    grant_types: grants,
    idp_initiated_login: { default_scope: textsOf(inputs.loginScopes), mode: textOf(inputs.loginMode) ?? "DISABLED" },
    initiate_login_uri: filled(inputs.loginUri),
    issuer_mode: filled(inputs.issuerMode),
    jwks: keys.length > 0 ? { keys } : undefined,
    jwks_uri: filled(inputs.jwksUri),
    logo_uri: filled(inputs.logoUri),
    participate_slo: filled(inputs.participateSlo),
    policy_uri: filled(inputs.policyUri),
    post_logout_redirect_uris: filled(inputs.postLogoutRedirectUris),
    redirect_uris: filled(inputs.redirectUris),
    refresh_token: grants.includes("refresh_token")
      ? defined({ rotation_type: filled(inputs.refreshTokenRotation), leeway: numberOf(inputs.refreshTokenLeeway) ?? 0 })
      : undefined,
    response_types: responseTypes(inputs, grants),
    tos_uri: filled(inputs.tosUri),
    wildcard_redirect: filled(inputs.wildcardRedirect),
  });
}
