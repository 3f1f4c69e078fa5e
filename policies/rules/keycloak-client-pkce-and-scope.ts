import { callbackSetting, secretOnlyCallbacks, servesOnly } from "../reading/callbacks";
import { registeredUris } from "../reading/redirects";
import { mismatch, resourceRule, type Finding } from "../rule";
import { keycloak } from "../types";
import { at, text, unknownValue } from "../value";

export const keycloakClientPkceAndScope = resourceRule({
  id: "keycloak-client-pkce-and-scope",
  candidate: 26,
  title: "A Keycloak client requires PKCE, names its scope and has short access tokens",
  severity: "medium",
  level: "advisory",
  rationale:
    "fullScopeAllowed (Keycloak's default) puts every role of the person into every token; PKCE makes a stolen code worthless (K10 before version 9 cannot send it); a long access token outlives the removal of its owner.",
  remediation:
    "Set pkceCodeChallengeMethod S256 (requirePkce of a platform in a stack file), fullScopeAllowed false, and accessTokenLifespan to minutes. For a platform that sends no code challenge, name its callback under withoutCodeChallenge.",
  controls: ["asvs-10.4.6", "asvs-10.4.11"],
  unknowns: "Unknown settings are not judged.",
  types: [keycloak.client],
  settings: {
    accessTokenSeconds: { default: 900, schema: { type: "integer", minimum: 60, description: "Longest accessTokenLifespan, in seconds." } },
    withoutCodeChallenge: callbackSetting(secretOnlyCallbacks, "Callbacks of platforms that send no code challenge"),
  },
  check(resource, { accessTokenSeconds, withoutCodeChallenge }) {
    const { properties } = resource;
    const callbacks = registeredUris(resource).filter(({ path }) => path.startsWith("validRedirectUris"));
    const cannotSend = servesOnly(
      callbacks.map(({ uri }) => uri),
      withoutCodeChallenge,
    );
    const findings: Finding[] = [];
    const pkce = at(properties, "pkceCodeChallengeMethod");
    if (!cannotSend && at(properties, "standardFlowEnabled") === true && pkce !== unknownValue && pkce !== "S256") {
      findings.push(mismatch("pkceCodeChallengeMethod", "S256", pkce));
    }
    const full = at(properties, "fullScopeAllowed");
    if (full !== unknownValue && full !== false) {
      findings.push(mismatch("fullScopeAllowed", "false", full));
    }
    const lifespan = text(properties, "accessTokenLifespan");
    // The provider passes on whatever stands there: what is no number of seconds sets no limit.
    if (lifespan !== undefined && !(/^\d+$/.test(lifespan) && Number(lifespan) <= accessTokenSeconds)) {
      findings.push(mismatch("accessTokenLifespan", `at most ${accessTokenSeconds} seconds`, lifespan));
    }
    return findings;
  },
});
