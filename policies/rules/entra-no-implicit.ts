import { mismatch, resourceRule } from "../rule";
import { entra } from "../types";
import { isTrue } from "../value";

const flags = {
  [entra.application]: ["web.implicitGrant.accessTokenIssuanceEnabled", "web.implicitGrant.idTokenIssuanceEnabled"],
  [entra.registration]: ["implicitAccessTokenIssuanceEnabled", "implicitIdTokenIssuanceEnabled"],
} as const;

export const entraNoImplicit = resourceRule({
  id: "entra-no-implicit",
  candidate: 2,
  title: "An Entra application issues no token through the implicit grant",
  severity: "high",
  level: "mandatory",
  rationale:
    "The implicit grant puts tokens into the browser's address bar and history. It also cuts the groups claim at 6 groups instead of 200, so people lose access without a message. No platform here needs it: the tick box in walkthroughs serves a debugging page only.",
  remediation: "Leave both implicit grant flags false; the authorization code flow does not need them.",
  controls: ["rfc9700-2.1.2", "asvs-10.4.4"],
  unknowns: "The flags are literals; unknown ones are not judged.",
  types: [entra.application, entra.registration],
  settings: {},
  check({ type, properties }) {
    const paths: readonly string[] = type === entra.registration ? flags[entra.registration] : flags[entra.application];
    return paths.filter((path) => isTrue(properties, ...path.split("."))).map((path) => mismatch(path, "false", true));
  },
});
