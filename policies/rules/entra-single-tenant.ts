import { mismatch, resourceRule } from "../rule";
import { entra } from "../types";
import { text } from "../value";

export const entraSingleTenant = resourceRule({
  id: "entra-single-tenant",
  candidate: 1,
  title: "An Entra application admits only its own tenant",
  severity: "critical",
  level: "mandatory",
  rationale:
    "With AzureADMultipleOrgs or a personal-account audience anyone with any Microsoft account obtains a token for the platform; only its RBAC stands between them and the backups.",
  remediation: "Set signInAudience to AzureADMyOrg (the provider's default).",
  controls: ["microsoft-least-privilege"],
  unknowns: "The audience is a literal in practice; an unknown one is not judged.",
  types: [entra.application, entra.registration],
  settings: {},
  check({ properties }) {
    const audience = text(properties, "signInAudience");
    return audience === undefined || audience === "AzureADMyOrg" ? [] : [mismatch("signInAudience", "AzureADMyOrg", audience)];
  },
});
