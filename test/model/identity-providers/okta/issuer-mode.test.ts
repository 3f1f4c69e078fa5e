import { oktaIssuerMode, parseEnvironment } from "../../../../model";
import { sampleRaw, today } from "../../../fixtures/sample";

test.each([
  ["https://example.okta.com", "ORG_URL"],
  ["https://example.oktapreview.com", "ORG_URL"],
  ["https://example.okta-emea.com", "ORG_URL"],
  ["https://127.0.0.1:18443", "ORG_URL"],
  ["https://[::1]:18443", "ORG_URL"],
  ["https://localhost:18443", "ORG_URL"],
  ["https://login.example.com", "CUSTOM_URL"],
  ["https://okta.com.example.com", "CUSTOM_URL"],
  ["https://notokta.com", "CUSTOM_URL"],
])("tokens of an app at %s name that address: %s", (orgUrl, mode) => {
  expect(oktaIssuerMode(orgUrl)).toBe(mode);
});

test("a custom server behind a custom domain has a mode of its own, which the plan asks about", () => {
  const idp = (orgUrl: string) => ({ kind: "okta", orgUrl, authorizationServer: { existing: "default" } });
  const warnings = (orgUrl: string) =>
    parseEnvironment({ ...sampleRaw(), idp: idp(orgUrl) }, today).warnings.filter((warning) => warning.startsWith("orgUrl"));
  expect(warnings("https://example.okta.com")).toEqual([]);
  expect(warnings("https://login.example.com")).toEqual([
    "orgUrl: a custom domain: the issuer mode of authorization server 'default' must be CUSTOM_URL or DYNAMIC, otherwise its tokens name another issuer and nobody can sign in.",
  ]);
});
