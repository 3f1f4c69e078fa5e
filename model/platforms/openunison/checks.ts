import type { z } from "zod";
import { addProblem, describeReceived, withheld } from "../../text/problems";
import { chartValue, plaintextSecrets } from "../chart-values";
import { checkInsecureValues, valuesBeside } from "../insecure-values";

/** The issuer of the tokens that OpenUnison hands to kubectl (chart orchestra-login-portal, the Trust and Application objects of k8sIdp). */
export function openUnisonIssuer(portalHost: string): string {
  return `https://${portalHost}/auth/idp/k8sIdp`;
}

/** The client that OpenUnison's own identity provider knows kubectl by. */
export const openUnisonAudience = "kubernetes";

interface Hosts {
  readonly portal: string;
  readonly dashboard: string;
  readonly apiServer?: string;
}

/** The charts check the same in a pod, after half of the install (precheck.yaml). */
export function checkOpenUnisonHosts(hosts: Hosts, context: z.core.$RefinementCtx): void {
  const seen = new Map<string, string>();
  for (const [name, host] of Object.entries(hosts) as [string, string | undefined][]) {
    if (host === undefined) {
      continue;
    }
    const earlier = seen.get(host);
    if (earlier !== undefined) {
      addProblem(context, ["hosts", name], {
        expected: `a host name of its own; hosts.${earlier} has the same`,
        received: describeReceived(host, []),
      });
    }
    seen.set(host, name);
  }
}

interface Mode {
  readonly hosts: Hosts;
  readonly impersonation?: unknown;
  readonly direct?: unknown;
  readonly prefix?: string;
  readonly charts: Readonly<Record<string, unknown>>;
}

export function checkOpenUnisonMode({ hosts, impersonation, direct, prefix, charts }: Mode, context: z.core.$RefinementCtx): void {
  if ((impersonation === undefined) === (direct === undefined)) {
    addProblem(context, [], {
      expected: "exactly one of impersonation (a proxy acts as the person) and direct (the API server trusts OpenUnison)",
      received: direct === undefined ? "neither" : "both",
      fix: "write impersonation: {} for a managed cluster, or direct: { apiServerUrl: https://... }",
    });
    return;
  }
  const places = [
    { path: ["hosts", "apiServer"], there: hosts.apiServer !== undefined, what: "the host name of the proxy before the API server" },
    {
      path: ["charts", "orchestra-kube-oidc-proxy"],
      there: charts["orchestra-kube-oidc-proxy"] !== undefined,
      what: "the version of the proxy's chart",
    },
  ];
  for (const { path, there, what } of places) {
    if (there !== (impersonation !== undefined)) {
      addProblem(context, path, {
        expected: there ? "it left out: there is no proxy with direct" : `${what}, since impersonation is on`,
        received: there ? "a value" : "nothing",
      });
    }
  }
  if (impersonation !== undefined && prefix !== undefined) {
    addProblem(context, ["prefix"], {
      expected: "it left out: with impersonation OpenUnison hands group names to RBAC as they are",
      received: describeReceived(prefix, []),
      fix: "remove it, or use direct",
    });
  }
}

/** The chart of the group chain is there exactly when the chain is on. */
export function checkOpenUnisonGroupNames(
  { groupNames, charts }: { readonly groupNames: "ids" | "displayNames"; readonly charts: Readonly<Record<string, unknown>> },
  context: z.core.$RefinementCtx,
): void {
  const there = charts["orchestra-login-azuread"] !== undefined;
  if (there !== (groupNames === "displayNames")) {
    addProblem(context, ["charts", "orchestra-login-azuread"], {
      expected: there
        ? "it left out: only groupNames: displayNames uses it"
        : "the version of the group chain's chart, since groupNames is displayNames",
      received: there ? "a value" : "nothing",
    });
  }
}

/** Values that the stack decides; the same words in `values` would be overruled or undo it. */
const ours: readonly (readonly string[])[] = [
  ["oidc"],
  ["azure"],
  ["active_directory"],
  ["github"],
  ["saml"],
  ["enable_impersonation"],
  ["enable_wait_for_job"],
  ["trusted_certs"],
  ["network", "openunison_host"],
  ["network", "dashboard_host"],
  ["network", "api_server_host"],
  ["openunison", "az_groups"],
  ["openunison", "include_auth_chain"],
  ["openunison", "enable_provisioning"],
  // The charts' own spelling in the template that binds k8s-cluster-administrators to cluster-admin (orchestra, rbac.yaml).
  ["openunison", "enabled_provisioning"],
  ["openunison", "force_update"],
];

/**
 * Values of the vendor's charts that change nothing about who signs in as whom, or what they may do (values.yaml of orchestra and
 * orchestra-login-portal, OpenUnison/helm-charts). Everything else does, or may in the next version: images and probes run as OpenUnison,
 * which impersonates anybody; non_secret_data, myvd_* and queues are its configuration; management_proxy, naas and apps give access.
 */
const harmless: readonly (readonly string[])[] = [
  ["network", "ingress_annotations"],
  ["network", "istio"],
  ["network", "kong"],
  ["network", "traefik"],
  ["cert_template"],
  ["certs", "use_k8s_cm"],
  ["network_policies"],
  ["headlamp", "enabled"],
  ...["namespace", "cert_name", "label", "new_label", "service_name", "auth_service_name", "api_service_name", "web_service_name"].map(
    (key) => ["dashboard", key],
  ),
  ...["node_selectors", "tolerations", "pullSecret", "resources"].map((key) => ["services", key]),
  ...["enable_pre_check", "imagePullPolicy", "jit_grace_period"].map((key) => ["openunison", key]),
  ["openunison", "html", "theme"],
  ["openunison", "amq", "enabled"],
];

function besideHarmless(values: Readonly<Record<string, unknown>>): string[][] {
  return valuesBeside(values, [...harmless, ...ours]);
}

/** Paths of the values that a stack file must acknowledge, `openunison.secrets`. */
export function openUnisonBeside(values: Readonly<Record<string, unknown>>): string[] {
  return besideHarmless(values).map((path) => path.join("."));
}

interface Values {
  readonly values: Readonly<Record<string, unknown>>;
  readonly insecureValues: readonly string[];
}

export function checkOpenUnisonValues(spec: Values, context: z.core.$RefinementCtx): void {
  const { values } = spec;
  const taken = ours.filter((path) => chartValue(values, path) !== undefined);
  for (const path of taken) {
    addProblem(context, ["values", ...path], {
      expected: "it left out: Gatehouse sets it, or the charts take one kind of sign-in only",
      received: "a value",
      fix: "remove the key",
    });
  }
  const secrets = plaintextSecrets(values, []);
  for (const path of secrets) {
    addProblem(context, ["values", ...path], {
      expected: "no secret: chart values are stored in plain text in the cluster and in the state",
      received: withheld,
      fix: "put it into the Secret orchestra-secrets-source and name its key in openunison.secrets",
    });
  }
  const refused = [...taken, ...secrets].map((path) => path.join("."));
  const beside = besideHarmless(values).filter((path) => !refused.some((name) => name.startsWith(path.join("."))));
  const why = "it decides about access, or may: only values that do not are taken without a word";
  checkInsecureValues(
    spec,
    beside.map((path) => ({ path, why })),
    context,
  );
}
