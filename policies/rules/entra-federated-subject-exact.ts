import { mismatch, resourceRule, type Finding } from "../rule";
import { entra } from "../types";
import { text, texts } from "../value";

const audience = "api://AzureADTokenExchange";

export const entraFederatedSubjectExact = resourceRule({
  id: "entra-federated-subject-exact",
  candidate: 10,
  title: "A federated credential trusts one subject, one issuer and the right audience",
  severity: "high",
  level: "mandatory",
  rationale:
    "The subject decides which workload may become the application. A wildcard lets any branch, repository or service account that matches it do so; GitHub's subject repo:<owner>/<name>:pull_request is the code of every pull request, a namespace's default service account is every pod in it, and a reusable workflow (job_workflow_ref) is whoever calls it.",
  remediation: `Name the subject in full, an https issuer, and the audience ${audience}.`,
  controls: ["microsoft-least-privilege"],
  unknowns: "Each known property is judged; a subject computed from an output is judged at the update.",
  types: [entra.federatedCredential, entra.flexibleCredential],
  settings: {},
  check({ properties }) {
    const findings: Finding[] = [];
    for (const path of ["subject", "claimsMatchingExpression"]) {
      const value = text(properties, path);
      // A flexible expression knows ? as well (learn.microsoft.com, "Flexible federated identity credentials").
      if (value !== undefined && (path === "subject" ? value.includes("*") : /\bmatches\b.*[*?]/s.test(value))) {
        findings.push(mismatch(path, "an exact value without a wildcard", value));
      } else if (value !== undefined && /:pull_request\b/i.test(value)) {
        findings.push(mismatch(path, "a branch, tag or environment, not every pull request", value));
      } else if (value !== undefined && /system:serviceaccount:[^:']+:default\b(?!-)/.test(value)) {
        findings.push(mismatch(path, "a service account of the workload's own, not that of every pod", value));
      } else if (
        path === "claimsMatchingExpression" &&
        value !== undefined &&
        (!/claims\['sub'\]\s+eq\s/.test(value) || /'\s+or\s/i.test(value))
      ) {
        // A workflow that is called from elsewhere names itself in job_workflow_ref, whoever calls it.
        findings.push(mismatch(path, "an exact claims['sub'] beside whatever else", value));
      }
    }
    const issuer = text(properties, "issuer");
    if (issuer !== undefined && !issuer.startsWith("https://")) {
      findings.push(mismatch("issuer", "an https URL", issuer));
    }
    const single = text(properties, "audience");
    for (const found of [...texts(properties, "audiences"), ...(single === undefined ? [] : [single])]) {
      if (found !== audience) {
        findings.push(mismatch("audience", audience, found));
      }
    }
    return findings;
  },
});
