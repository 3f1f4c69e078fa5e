import { mismatch, resourceRule } from "../rule";
import { okta } from "../types";
import { at, texts, unknownValue } from "../value";

export const oktaRefreshRotation = resourceRule({
  id: "okta-refresh-rotation",
  candidate: 25,
  title: "Okta refresh tokens are replaced at each use",
  severity: "medium",
  level: "advisory",
  rationale:
    "A static refresh token that leaks works until the session ends, unseen. A rotated one works once, and its second use ends the session.",
  remediation: "Set refreshTokenRotation to ROTATE, or drop refresh_token from grantTypes.",
  controls: ["asvs-10.4.5"],
  unknowns: "An unknown setting is not judged.",
  types: [okta.app],
  settings: {},
  check({ properties }) {
    const rotation = at(properties, "refreshTokenRotation");
    if (!texts(properties, "grantTypes").includes("refresh_token") || rotation === unknownValue || rotation === "ROTATE") {
      return [];
    }
    return [mismatch("refreshTokenRotation", "ROTATE", rotation)];
  },
});
