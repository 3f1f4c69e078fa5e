import { releaseOf } from "../reading/helm";
import { plainName, settingsIn } from "../reading/settings";
import { isPlainAddress } from "../reading/refused";
import { mismatch, resourceRule } from "../rule";
import { releases } from "../types";

/** How the keys end under which charts take the issuer. */
const issuerKeys = /(?:^|[a-z])(?:providerurl|issuer|issuerur[li])$/;
/** How those end that take one of its endpoints: whoever answers there chooses keys, codes or claims. */
const endpointKeys =
  /(?:discovery|wellknown|jwks|authori[sz]ation|auth|token|userinfo|introspection|oidc|openid|idp)(?:config(?:uration)?)?(?:ur[li]|endpoint|document)$|authority$|issuer(?:host|base|address|server)(?:ur[li])?$|(?:redirect|callback)ur[li]s?$|(?:keycloak|okta|entra|azuread|dex|sso)(?:base|server|host|public|external)?(?:ur[li]|host|address)$/;
/** Issuers that have no slash at the end in their own discovery documents: Okta (organisation and custom servers) and Entra ID version 2. */
const slashless =
  /^https:\/\/(?:[^/]+\.(?:okta|oktapreview|okta-emea)\.com\/|login\.microsoftonline\.(?:com|us)\/[^/]+\/v2\.0\/)(?:oauth2\/[^/]+\/)?$/;

export const valuesIssuerExactHttps = resourceRule({
  id: "values-issuer-exact-https",
  candidate: 32,
  title: "The issuer in Helm values is the exact https issuer of the discovery document",
  severity: "high",
  level: "mandatory",
  rationale:
    "A token's iss is compared byte for byte. A slash too many, a discovery path, or the version 1 issuer of Entra ID makes every sign-in fail; http, for the issuer or for one of its endpoints, lets the network path choose the signing keys.",
  remediation: "Copy `issuer` from the provider's /.well-known/openid-configuration, unchanged.",
  controls: [],
  unknowns:
    "An issuer computed from an output is judged at the update. Issuers and endpoints are known by what their keys end in; annotations are left alone.",
  types: releases,
  settings: {},
  check(resource) {
    return [...settingsIn(releaseOf(resource).values ?? null)].flatMap(({ path, key, value }) => {
      const name = plainName(key);
      if (typeof value !== "string" || value === "") {
        return [];
      }
      // An annotation (…/auth-url of an ingress) names a proxy of the cluster's own.
      if (endpointKeys.test(name) && !name.includes("/") && isPlainAddress(value)) {
        return [mismatch(`values.${path}`, "an https URL", value)];
      }
      if (!issuerKeys.test(name)) {
        return [];
      }
      // cert-manager and the like name an issuer object under the same key.
      if (!value.includes("/") || value.startsWith("$") || value.startsWith("{{")) {
        return [];
      }
      const expected = issuerFault(value);
      return expected === undefined ? [] : [mismatch(`values.${path}`, expected, value)];
    });
  },
});

function issuerFault(issuer: string): string | undefined {
  if (!issuer.startsWith("https://")) {
    return "an https URL";
  }
  if (/[?#]/.test(issuer)) {
    return "a URL without query or fragment";
  }
  if (issuer.includes("/.well-known/")) {
    return "the issuer, not the address of its discovery document";
  }
  if (issuer.startsWith("https://sts.windows.net/")) {
    return "the version 2 issuer https://login.microsoftonline.com/<tenant>/v2.0";
  }
  if (slashless.test(issuer)) {
    return "no slash at the end (the discovery document's issuer has none)";
  }
  return undefined;
}
