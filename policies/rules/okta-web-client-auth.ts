import { mismatch, resourceRule, type Finding } from "../rule";
import { okta } from "../types";
import { text, texts } from "../value";

const refusedGrants = ["implicit", "password"];

export const oktaWebClientAuth = resourceRule({
  id: "okta-web-client-auth",
  candidate: 17,
  title: "An Okta web application authenticates itself and uses the code grant only",
  severity: "high",
  level: "mandatory",
  rationale:
    "A web client without authentication lets whoever holds a code redeem it. The implicit and password grants hand tokens or passwords to places that should never see them; they are refused for every type of client.",
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
    for (const grant of texts(properties, "grantTypes")) {
      if (refusedGrants.includes(grant)) {
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
