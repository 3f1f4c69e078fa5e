import { redirectFaults, registeredUris } from "../reading/redirects";
import { isPlainAddress, mustBeHttps, mustBeOff, refusedSettings } from "../reading/refused";
import { mismatch, resourceRule, type Finding, type Subject } from "../rule";
import { keycloak } from "../types";
import { isTrue, text, texts, type Value } from "../value";

const settings = {
  [keycloak.client]: [
    ...mustBeOff("implicitFlowEnabled", "directAccessGrantsEnabled", "oauth2DeviceAuthorizationGrantEnabled"),
    ...mustBeOff("standardTokenExchangeEnabled", "oauth2JwtAuthorizationGrantEnabled"),
    // The same as attributes, and those that the provider has no input for (org.keycloak.models.OAuth2DeviceConfig, CibaConfig).
    ...[
      "oauth2.device.authorization.grant.enabled",
      "oidc.ciba.grant.enabled",
      "standard.token.exchange.enabled",
      "oauth2.jwt.authorization.grant.enabled",
    ].map((attribute) => ({
      path: ["extraConfig", attribute],
      expected: "false",
      refused: (value: Value) => value === true || value === "true",
    })),
    // The keys with which the client itself signs in come from there.
    { path: ["extraConfig", "jwks.url"], expected: "an https URL", refused: isPlainAddress },
    ...["id.token.signed.response.alg", "access.token.signed.response.alg", "user.info.response.signature.alg"].map((attribute) => ({
      path: ["extraConfig", attribute],
      expected: "an algorithm that signs",
      refused: (value: Value) => typeof value === "string" && value.toLowerCase() === "none",
    })),
    ...mustBeHttps("backchannelLogoutUrl", "frontchannelLogoutUrl", "adminUrl", "baseUrl"),
  ],
};

export const keycloakClientHardened = resourceRule({
  id: "keycloak-client-hardened",
  candidate: 26,
  title: "A Keycloak client is confidential, exact and uses the code flow only",
  severity: "critical",
  level: "mandatory",
  rationale:
    "Keycloak accepts * as a redirect URI, and its direct grant takes passwords without a browser, hence without a second factor. Samples on the web combine PUBLIC with *: anybody's page can then collect codes and redeem them.",
  remediation:
    "Set accessType CONFIDENTIAL (a client on people's own machines may be PUBLIC with PKCE S256 and loopback redirects alone), leave implicitFlowEnabled and directAccessGrantsEnabled false, and list exact https URIs.",
  controls: ["asvs-10.4.1", "asvs-10.4.4", "rfc9700-2.1", "rfc9700-2.4"],
  unknowns:
    "Each known setting and URI is judged; the rest at the update. PKCE is keycloak-client-pkce-and-scope's matter; the provider refuses an extraConfig key that it has an input for (pkce.code.challenge.method).",
  types: [keycloak.client],
  settings: {
    allowPublic: { default: false, schema: { type: "boolean", description: "Accept accessType PUBLIC (command line clients with PKCE)." } },
    allowLoopback: { default: true, schema: { type: "boolean", description: "Accept http://localhost and http://127.0.0.1." } },
  },
  check(resource, { allowPublic, allowLoopback }) {
    const { properties } = resource;
    const findings: Finding[] = [];
    if (text(properties, "accessType")?.toUpperCase() === "PUBLIC" && !allowPublic && !isCommandLineClient(resource)) {
      findings.push(mismatch("accessType", "CONFIDENTIAL", "PUBLIC"));
    }
    if (isTrue(properties, "import")) {
      // mergo.Merge fills every false and every empty list from the client that is there (resourceKeycloakOpenidClientCreate in
      // keycloak/terraform-provider-keycloak, provider/resource_keycloak_openid_client.go).
      findings.push(mismatch("import", "false: flags that are false have no effect on a client that is taken over", true));
    }
    findings.push(...refusedSettings(resource, settings));
    if (texts(properties, "webOrigins").includes("*")) {
      findings.push(mismatch("webOrigins", "origins by name, or +", "*"));
    }
    for (const { path, uri } of registeredUris(resource)) {
      // "+" after logout means "the sign-in URIs", which are judged themselves.
      if (typeof uri !== "string" || uri === "+") {
        continue;
      }
      findings.push(
        ...redirectFaults(uri, { native: false, allowLoopback, entraLimits: false }).map((expected) => mismatch(path, expected, uri)),
      );
    }
    return findings;
  },
});

/** A program on the person's own machine keeps no secret: its codes come back to that machine alone, and PKCE ties them to the one that asked (RFC 8252). */
function isCommandLineClient(resource: Subject): boolean {
  const uris = registeredUris(resource).filter(({ path }) => path.startsWith("validRedirectUris"));
  const loopback = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/;
  return (
    uris.length > 0 &&
    uris.every(({ uri }) => typeof uri === "string" && loopback.test(uri)) &&
    text(resource.properties, "pkceCodeChallengeMethod") === "S256"
  );
}
