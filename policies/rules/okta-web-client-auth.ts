import { mismatch, resourceRule, type Finding } from "../rule";
import { okta } from "../types";
import { at, text, texts } from "../value";

/** What signs people in. A service has no people: it uses credentials of its own. */
const signIn = ["authorization_code", "refresh_token"];
const service = ["client_credentials", "urn:ietf:params:oauth:grant-type:token-exchange"];

export const oktaWebClientAuth = resourceRule({
  id: "okta-web-client-auth",
  candidate: 17,
  title: "An Okta web application authenticates itself and uses the code grant only",
  severity: "high",
  level: "mandatory",
  rationale:
    "A web client without authentication lets whoever holds a code redeem it. The implicit and password grants hand tokens or passwords to places that should never see them; they are refused for every type of client. The device grant signs in whoever sent the code to somebody else to confirm; no platform here needs it, or any grant but the code's.",
  remediation:
    "Use grantTypes [authorization_code] (and refresh_token), responseTypes [code] and a tokenEndpointAuthMethod other than none.",
  controls: ["asvs-10.4.4", "asvs-10.4.10", "rfc9700-2.1.2", "rfc9700-2.4"],
  unknowns: "These settings are literals; unknown items are not judged.",
  types: [okta.app],
  settings: {},
  check({ properties }) {
    const findings: Finding[] = [];
    const web = text(properties, "type") === "web";
    if (web && text(properties, "tokenEndpointAuthMethod") === "none") {
      findings.push(mismatch("tokenEndpointAuthMethod", "client_secret_basic, client_secret_post or private_key_jwt", "none"));
    }
    if (text(properties, "tokenEndpointAuthMethod") === "none" && at(properties, "pkceRequired") === false) {
      findings.push(mismatch("pkceRequired", "true for a client without a secret", false));
    }
    for (const grant of texts(properties, "grantTypes")) {
      if (!signIn.includes(grant) && !(text(properties, "type") === "service" && service.includes(grant))) {
        findings.push(mismatch("grantTypes", "authorization_code (and refresh_token)", grant));
      }
    }
    for (const response of texts(properties, "responseTypes")) {
      if (response === "token" || response === "id_token") {
        findings.push(mismatch("responseTypes", "code", response));
      }
    }
    return findings;
  },
});
