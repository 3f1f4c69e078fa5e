import { kubeSphereProviders } from "../reading/kubesphere";
import { mismatch, resourceRule, type Finding } from "../rule";
import { clusterConfiguration, identityProviderEntry, secretTypes } from "../types";
import { text, texts } from "../value";

export const valuesKubeSphereProvider = resourceRule({
  id: "values-kubesphere-provider",
  candidate: 35,
  title: "A KubeSphere identity provider asks for its scopes, and its callback carries its name",
  severity: "high",
  level: "mandatory",
  rationale:
    "KubeSphere drops all configured scopes when openid is among them (oidc.go, every release from 3.3 to today): no e-mail, no user name. Its callback ends in the provider's name, which is case-sensitive and cannot be changed afterwards.",
  remediation: "List scopes without openid (it is always added), and end redirectURL in /oauth/redirect/<name>.",
  controls: [],
  unknowns:
    "In KubeSphere 4 the whole configuration is one Secret key, so it is unknown while the client secret is: judged at the update then.",
  types: [clusterConfiguration, identityProviderEntry, secretTypes],
  settings: {},
  check(resource) {
    return kubeSphereProviders(resource).flatMap(({ path, configuration }) => {
      const findings: Finding[] = [];
      const scopes = texts(configuration, "provider", "scopes");
      if (scopes.includes("openid")) {
        findings.push(mismatch(`${path}.provider.scopes`, "scopes without openid", scopes));
      }
      const name = text(configuration, "name");
      const redirect = text(configuration, "provider", "redirectURL");
      if (name !== undefined && redirect !== undefined && !redirect.endsWith(`/oauth/redirect/${name}`)) {
        findings.push(mismatch(`${path}.provider.redirectURL`, `a URL ending in /oauth/redirect/${name}`, redirect));
      }
      return findings;
    });
  },
});
