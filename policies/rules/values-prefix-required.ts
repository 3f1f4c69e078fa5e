import { prefixFault } from "../../model/text/trusted-names";
import { kastenValuesOf } from "../reading/helm";
import { secretFiles } from "../reading/secret-files";
import { mismatch, resourceRule, type Finding, type Subject } from "../rule";
import { releases, secretTypes } from "../types";
import { at, isOn, text, unknownValue, type Value } from "../value";

export const valuesPrefixRequired = resourceRule({
  id: "values-prefix-required",
  candidate: 30,
  title: "K10 puts a prefix before names that come from the identity provider",
  severity: "critical",
  level: "mandatory",
  rationale:
    "K10's chart binds the group k10:admins to its administrator role. Without a prefix, whoever can make a group of that name, or of any other bound name, in the identity provider administers the backups. A prefix starting with system:, k10: or kubeadm: reaches groups that the cluster or the chart trusts by itself.",
  remediation: "Set groupPrefix and usernamePrefix to a name ending in a separator, for example `okta:`; bind the prefixed names.",
  controls: ["cis-5.1.7", "kubernetes-system-prefix"],
  unknowns: "An unknown prefix is judged at the update; prefixes are literals in practice.",
  types: [...releases, secretTypes],
  settings: {
    prefixPattern: {
      default: "",
      schema: {
        type: "string",
        description: "Regular expression that a prefix must match besides (empty: any that a stack file may have).",
      },
    },
  },
  check(resource, { prefixPattern }) {
    if (secretTypes.test(resource.type)) {
      return judgeSecret(resource, prefixPattern);
    }
    return kastenValuesOf(resource).flatMap(({ path, values }) => {
      const oidc = at(values, "auth", "oidcAuth");
      // With secretName the whole configuration is in a Secret, which is judged where the stack makes it.
      if (!isOn(oidc, "enabled") || text(oidc, "secretName")) {
        return [];
      }
      const claim = at(oidc, "groupClaim");
      const reads = { groupPrefix: claim !== undefined && claim !== "", usernamePrefix: at(oidc, "usernameClaim") === "email" };
      return names.flatMap((name) => judge(`${path}.auth.oidcAuth.${name}`, at(oidc, name), reads[name], prefixPattern));
    });
  },
});

const names = ["groupPrefix", "usernamePrefix"] as const;

function judgeSecret(resource: Subject, pattern: string): Finding[] {
  const files = secretFiles(resource);
  const content = (key: string): string | undefined => files.find(({ name }) => name === key)?.content;
  if (content("provider-url") === undefined || content("redirect-url") === undefined) {
    return [];
  }
  // The keys that auth.oidcAuth.secretName expects (templates/secrets.yaml of the chart; the mixed spelling is the vendor's).
  const reads = { groupPrefix: (content("groupClaim") ?? "") !== "", usernamePrefix: content("usernameClaim") === "email" };
  return names.flatMap((name) => judge(`the entry '${name}'`, content(name), reads[name], pattern));
}

/** @param needed whether the prefix may not be empty: no groups are read without a claim, and an empty prefix of user names is the issuer's address but for e-mail */
function judge(path: string, prefix: Value | undefined, needed: boolean, pattern: string): Finding[] {
  if (prefix === unknownValue || (!needed && (prefix === undefined || prefix === ""))) {
    return [];
  }
  const written = typeof prefix === "string" ? prefix : "";
  const fault = prefixFault(written) ?? (new RegExp(pattern).test(written) ? undefined : `a prefix matching ${pattern}`);
  return fault === undefined ? [] : [mismatch(path, fault, prefix ?? "")];
}
