import { isKasten, releaseOf } from "../reading/helm";
import { mismatch, resourceRule, type Finding } from "../rule";
import { releases } from "../types";
import { at, isTrue, text, UNKNOWN } from "../value";

export const valuesPrefixRequired = resourceRule({
  id: "values-prefix-required",
  candidate: 30,
  title: "K10 puts a prefix before names that come from the identity provider",
  severity: "critical",
  level: "mandatory",
  rationale:
    "K10's chart binds the group k10:admins to its administrator role. Without a prefix, whoever can make a group of that name, or of any other bound name, in the identity provider administers the backups. A prefix starting with system: reaches Kubernetes' own groups.",
  remediation: "Set groupPrefix and usernamePrefix to a name ending in a separator, for example `okta:`; bind the prefixed names.",
  controls: ["cis-5.1.7", "kubernetes-system-prefix"],
  unknowns: "An unknown prefix is judged at the update; prefixes are literals in practice.",
  types: releases,
  settings: {
    prefixPattern: { default: "[:_/#.-]$", schema: { type: "string", description: "Regular expression that a prefix must match." } },
  },
  check(resource, { prefixPattern }) {
    const release = releaseOf(resource);
    const oidc = at(release.values, "auth", "oidcAuth");
    // With secretName the whole configuration is in a Secret; nothing here to judge.
    if (!isKasten(release) || !isTrue(oidc, "enabled") || text(oidc, "secretName")) {
      return [];
    }
    const findings: Finding[] = [];
    const pattern = new RegExp(prefixPattern);
    const groupClaim = at(oidc, "groupClaim");
    const names = ["groupPrefix", "usernamePrefix"] as const;
    for (const name of names) {
      if (name === "groupPrefix" && (groupClaim === undefined || groupClaim === "")) {
        continue;
      }
      const prefix = at(oidc, name) ?? "";
      if (prefix === UNKNOWN) {
        continue;
      }
      const path = `values.auth.oidcAuth.${name}`;
      // Empty with another claim than email: K10, like Kubernetes, then prefixes the issuer's URL.
      const issuerPrefix = name === "usernamePrefix" && prefix === "" && at(oidc, "usernameClaim") !== "email";
      if (issuerPrefix) {
        continue;
      }
      if (typeof prefix !== "string" || prefix === "" || (name === "usernamePrefix" && prefix === "-")) {
        findings.push(mismatch(path, "a prefix", prefix));
      } else if (prefix.startsWith("system:")) {
        findings.push(mismatch(path, "a prefix that does not start with system:", prefix));
      } else if (!pattern.test(prefix)) {
        findings.push(mismatch(path, `a prefix matching ${prefixPattern}`, prefix));
      }
    }
    return findings;
  },
});
