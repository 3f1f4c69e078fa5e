import { valuesIssuerExactHttps } from "../../../policies/rules/values-issuer-exact-https";
import { releases } from "../../../policies/types";
import { describeRule } from "../harness";

const issuer = "values > auth > oidcAuth > providerURL";
const at = "values.auth.oidcAuth.providerURL: expected";
const violation = (url: string, expected: string) => ({ change: { [issuer]: url }, messages: [`${at} ${expected}, got "${url}"`] });

describeRule(valuesIssuerExactHttps, {
  passing: { type: releases[0], props: { chart: "k10", values: { auth: { oidcAuth: { providerURL: "https://example.okta.com" } } } } },
  alsoPassing: {
    "an issuer that has a slash": { change: { [issuer]: "https://example.eu.auth0.com/" } },
    "Entra ID": { change: { [issuer]: "https://login.microsoftonline.com/7a0c/v2.0" } },
    "an issuer object of cert-manager": { change: { "values > ingress": { issuer: "letsencrypt" } } },
    "a reference": { change: { "values > config": { issuer: "$oidc/issuer" }, [issuer]: "{{ .Values.global.idp/url }}" } },
    "no issuer": { change: { [issuer]: "" } },
  },
  violations: {
    "plain http": violation("http://example.okta.com", "an https URL"),
    "a query": violation("https://example.okta.com?x=1", "a URL without query or fragment"),
    "the discovery document": violation(
      "https://example.okta.com/.well-known/openid-configuration",
      "the issuer, not the address of its discovery document",
    ),
    "version 1 of Entra ID": violation(
      "https://sts.windows.net/7a0c/",
      "the version 2 issuer https://login.microsoftonline.com/<tenant>/v2.0",
    ),
    "a slash after Okta's": violation("https://example.okta.com/", "no slash at the end (the discovery document's issuer has none)"),
    "a slash after Entra ID's": violation(
      "https://login.microsoftonline.com/7a0c/v2.0/",
      "no slash at the end (the discovery document's issuer has none)",
    ),
    ...Object.fromEntries(
      ["issuerURL", "oidc-issuer-url"].map((key) => [
        key,
        {
          change: { "values > config": { [key]: "http://idp.example.com" } },
          messages: [`values.config.${key}: expected an https URL, got "http://idp.example.com"`],
        },
      ]),
    ),
    ...Object.fromEntries(
      ["https://a.oktapreview.com/", "https://a.okta-emea.com/oauth2/x/", "https://login.microsoftonline.us/7a0c/v2.0/"].map((url) => [
        url,
        violation(url, "no slash at the end (the discovery document's issuer has none)"),
      ]),
    ),
    "an issuer in a file of its own": {
      change: { "values > configs": { cm: { "oidc.config": "name: Okta\nissuer: http://idp.example.com\n" } } },
      messages: ['values.configs.cm.oidc.config (as YAML).issuer: expected an https URL, got "http://idp.example.com"'],
    },
    "an issuer of OpenUnison": {
      resources: [{ type: releases[0], props: { chart: "orchestra", values: { oidc: { issuer: "http://idp.example.com" } } } }],
      messages: ['values.oidc.issuer: expected an https URL, got "http://idp.example.com"'],
    },
  },
});
