import type { IssuerMismatch } from "../definition";

/** Issuers of version 1 end in a slash and are on another host (learn.microsoft.com/entra/identity-platform/access-tokens, "Token formats"). */
const version1 = "https://sts.windows.net/";
const version2 = "https://login.microsoftonline.com/";

/** Tokens of one version where the other was expected: a new application's default is still version 1. */
export function entraIssuerMismatch(received: string, expected: string): IssuerMismatch | undefined {
  const crossed =
    (received.startsWith(version1) && expected.startsWith(version2)) || (received.startsWith(version2) && expected.startsWith(version1));
  return crossed
    ? {
        code: "issuer_version",
        message: `The token comes from the ${received.startsWith(version1) ? "v1" : "v2"} endpoint of Entra ID.`,
        remedy: "Set requestedAccessTokenVersion to 2 on the application, and the issuer to the one that ends in /v2.0.",
      }
    : undefined;
}
