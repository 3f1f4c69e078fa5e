import { judgeBrought } from "../reading/brought-objects";
import { releaseOf } from "../reading/helm";
import { renderChart, RenderError } from "../reading/render";
import { resourceRule, type ResourceRule, type Subject } from "../rule";
import { rbacCsrWebhookToken } from "./rbac-csr-webhook-token";
import { rbacExecNodesProxy } from "./rbac-exec-nodes-proxy";
import { rbacNoClusterAdmin } from "./rbac-no-cluster-admin";
import { rbacNoEscalationVerbs } from "./rbac-no-escalation-verbs";
import { rbacNoSystemGroups } from "./rbac-no-system-groups";
import { rbacNoWildcards } from "./rbac-no-wildcards";
import { rbacSecretsRead } from "./rbac-secrets-read";

/** Rules that also hold for what a chart brings along. */
export const broughtAlong: readonly ResourceRule[] = [
  rbacNoClusterAdmin,
  rbacNoSystemGroups,
  rbacNoWildcards,
  rbacNoEscalationVerbs,
  rbacSecretsRead,
  rbacExecNodesProxy,
  rbacCsrWebhookToken,
];

export const renderedChartRbac = resourceRule({
  id: "rendered-chart-rbac",
  title: "The RBAC that a chart brings along keeps the RBAC rules too",
  severity: "medium",
  level: "advisory",
  rationale:
    "A Release is one resource to Pulumi: no policy sees the roles and bindings inside (pulumi/pulumi#10055). K10's own chart binds cluster-admin to four service accounts and lets its administrators read every Secret of the cluster. What extraManifests and the like add is seen here too.",
  remediation: "Turn the object off in the chart's values where you can; else record what it grants as an exception.",
  controls: ["cis-5.1.1", "cis-5.1.2", "cis-5.1.3"],
  unknowns: "Unknown values are replaced by a placeholder for rendering; wholly unknown values are rendered as the chart's defaults.",
  types: ["kubernetes:helm.sh/v3:Release"],
  settings: {
    renderCharts: {
      default: false,
      schema: { type: "boolean", description: "Render each release with the helm on PATH and judge its RBAC (slow: off by default)." },
    },
    chartDirectory: { default: "", schema: { type: "string", description: "Folder that relative chart paths start from: the program's." } },
  },
  async check({ properties, urn, name }, { renderCharts, chartDirectory }, circumstances) {
    if (!renderCharts) {
      return [];
    }
    const release = releaseOf({ type: "", name, urn, properties, provider: {}, from: {} });
    let objects: Subject[];
    try {
      objects = await renderChart(properties, release.name ?? name, chartDirectory);
    } catch (error) {
      // A chart that cannot be rendered was not judged, and that has to be said.
      if (error instanceof RenderError) {
        return [{ message: error.message }];
      }
      throw error;
    }
    return judgeBrought(objects, broughtAlong, circumstances);
  },
});
