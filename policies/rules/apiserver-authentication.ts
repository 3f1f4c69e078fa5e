import { parseYaml } from "../reading/yaml";
import { mismatch, resourceRule, type Finding } from "../rule";
import { configMapTypes, secretTypes } from "../types";
import { at, isProperties, items, text, texts, type Value } from "../value";

export const apiserverAuthentication = resourceRule({
  id: "apiserver-authentication",
  candidate: 50,
  title: "The API server trusts an issuer with prefixes, an audience and no system names",
  severity: "critical",
  level: "mandatory",
  rationale:
    "An AuthenticationConfiguration has no defaults: an empty prefix lets the identity provider name system:masters; without a groups claim everybody signs in without groups; an e-mail name without email_verified is whatever the person typed. From Kubernetes 1.34 the log does not say why a token was refused (kubernetes/kubernetes#136887).",
  remediation:
    "Write prefixes for username and groups, one audience, an https issuer, and user validation rules that refuse system: names.",
  controls: ["kubernetes-system-prefix", "cis-5.1.7"],
  unknowns: "A file whose text is unknown (it holds a client ID that is still to be made) is judged at the update.",
  types: [configMapTypes, secretTypes],
  settings: {},
  check({ type, properties }) {
    return ["data", "stringData"].flatMap((place) => {
      const files = at(properties, place);
      if (!isProperties(files)) {
        return [];
      }
      return Object.entries(files).flatMap(([name, found]) => {
        if (typeof found !== "string") {
          return [];
        }
        // The plugin turns a Secret's stringData into data before the pack sees it (normalizeSecretStringData in pulumi-kubernetes).
        const content = secretTypes.test(type) && place === "data" ? Buffer.from(found, "base64").toString("utf8") : found;
        if (!content.includes("AuthenticationConfiguration")) {
          return [];
        }
        const file = parseYaml(content);
        return text(file, "kind") !== "AuthenticationConfiguration"
          ? []
          : items(file, "jwt").flatMap((issuer, index) => judge(issuer, `${place}['${name}'].jwt[${index}]`));
      });
    });
  },
});

function judge(jwt: Value, path: string): Finding[] {
  const findings: Finding[] = [];
  const url = text(jwt, "issuer", "url");
  if (url !== undefined && !url.startsWith("https://")) {
    findings.push(mismatch(`${path}.issuer.url`, "an https URL", url));
  }
  if (texts(jwt, "issuer", "audiences").length === 0) {
    findings.push(mismatch(`${path}.issuer.audiences`, "at least one client ID", at(jwt, "issuer", "audiences")));
  }
  const guards = items(jwt, "userValidationRules").map((rule) => text(rule, "expression") ?? "");
  for (const mapping of ["username", "groups"]) {
    const here = `${path}.claimMappings.${mapping}`;
    const claim = text(jwt, "claimMappings", mapping, "claim");
    const prefix = text(jwt, "claimMappings", mapping, "prefix") ?? "";
    if (claim === undefined && text(jwt, "claimMappings", mapping, "expression") === undefined) {
      findings.push(mismatch(here, "a claim or an expression", at(jwt, "claimMappings", mapping)));
    }
    if (prefix.startsWith("system:")) {
      findings.push(mismatch(`${here}.prefix`, "a prefix that does not start with system:", prefix));
    }
    // With an own prefix no name can start with system:; without one a validation rule has to see to it.
    const guarded = guards.some((expression) => expression.includes("system:") && expression.includes(`user.${mapping}`));
    // An expression brings its prefix along; `prefix` is not allowed beside it (AuthenticationConfiguration, PrefixedClaimOrExpression).
    const expression = text(jwt, "claimMappings", mapping, "expression") ?? "";
    const ownPrefix = /(["'])(?!system:)[^"']*[^"'\w]\1\s*\+/.test(expression) && !expression.includes("system:");
    if (prefix === "" && !guarded && !ownPrefix) {
      findings.push(mismatch(`${here}.prefix`, "a prefix, or a user validation rule that refuses system:", prefix));
    }
  }
  const username = text(jwt, "claimMappings", "username", "expression") ?? "";
  if (
    username.includes("claims.email") &&
    !username.includes("email_verified") &&
    !JSON.stringify(items(jwt, "claimValidationRules")).includes("email_verified")
  ) {
    findings.push(mismatch(`${path}.claimMappings.username.expression`, "a check of claims.email_verified", username));
  }
  return findings;
}
