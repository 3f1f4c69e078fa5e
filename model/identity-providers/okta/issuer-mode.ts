import { isIP } from "node:net";

/** Domains under which Okta gives every organisation its own address (developer.okta.com/docs/concepts/okta-organizations). */
const oktaDomains = ["okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com", "okta.mil", "trexcloud.com"];

/** Whether an address is a domain of the organisation's own (developer.okta.com/docs/guides/custom-url-domain). */
export function isCustomDomain(orgUrl: string): boolean {
  const { hostname } = new URL(orgUrl);
  const address = isIP(hostname.replace(/^\[|\]$/g, "")) !== 0 || hostname === "localhost";
  return !address && !oktaDomains.some((domain) => hostname.endsWith(`.${domain}`));
}

/** The issuer mode of an app, so that its tokens name the address that the platforms compare byte for byte. */
export function oktaIssuerMode(orgUrl: string): "ORG_URL" | "CUSTOM_URL" {
  return isCustomDomain(orgUrl) ? "CUSTOM_URL" : "ORG_URL";
}
