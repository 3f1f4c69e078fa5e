import {
  releasesOfChart,
  scopesOf,
  type FoundPlatform,
  type FoundRelease,
  type ImportedResource,
  type InstalledCluster,
  type Installation,
  type PlatformAdoption,
} from "../adoption";
import { adoptedClusterAdmin } from "../cluster-roles";
import { describeReceived, type Problem } from "../../text/problems";
import { stableJson } from "../../text/stable-order";
import { openUnisonIssuer } from "./checks";
import { openUnisonSettings, readsGroupNames, remarksOf, textAt, valueProblems } from "./adopted-values";

const namespace = "openunison";
const secretName = "orchestra-secrets-source";

/** The vendor's charts with the release's name that each has in the vendor's documentation, and that of the program's resource. */
const parts: readonly { readonly chart: string; readonly release: string; readonly suffix: string; readonly optional?: true }[] = [
  { chart: "orchestra", release: "orchestra", suffix: "orchestra" },
  { chart: "openunison-operator", release: "openunison", suffix: "operator" },
  { chart: "orchestra-login-azuread", release: "orchestra-login-azuread", suffix: "group-names", optional: true },
  { chart: "orchestra-login-portal", release: "orchestra-login-portal", suffix: "portal" },
  { chart: "orchestra-kube-oidc-proxy", release: "orchestra-kube-oidc-proxy", suffix: "proxy", optional: true },
];

/** Reads OpenUnison from its releases, which share one document of values, and from the Secret with all that it keeps secret. */
export const openUnisonAdoption: PlatformAdoption = {
  knownBy: "a Helm release of the chart orchestra",
  async find(cluster) {
    const all = await cluster.releases();
    return (await releasesOfChart(cluster, "orchestra")).map((installation) => ({
      ...installation,
      key: "portal",
      releases: parts.flatMap(({ chart }) =>
        all.filter((one) => one.namespace === installation.releases[0]?.namespace && one.chart.name === chart),
      ),
    }));
  },
  read: readOpenUnison,
  ofGrants: adoptedClusterAdmin,
  resources: (platform, { releases }) => [
    { type: "gatehouse:index:OpenUnison", name: platform },
    { type: "kubernetes:core/v1:Namespace", name: `${platform}-namespace`, id: namespace, parent: platform },
    { type: "kubernetes:core/v1:Secret", name: `${platform}-secrets`, id: `${namespace}/${secretName}`, parent: platform },
    ...parts.flatMap(({ chart, suffix }) =>
      releases
        .filter((release) => release.chart.name === chart)
        .map(({ name }): ImportedResource => ({
          type: "kubernetes:helm.sh/v3:Release",
          name: `${platform}-${suffix}`,
          id: `${namespace}/${name}`,
          parent: platform,
        })),
    ),
  ],
  withoutSecrets: ({ values }) => values,
};

async function readOpenUnison({ releases }: Installation, cluster: InstalledCluster): Promise<FoundPlatform> {
  const of = (chart: string): FoundRelease | undefined => releases.find((release) => release.chart.name === chart);
  const values = of("orchestra")?.values ?? {};
  const secret = await cluster.secret(namespace, secretName);
  const key = releases[0]?.name ?? "";
  const impersonates = textAt(values, ["enable_impersonation"]) !== "false";
  const portal = textAt(values, ["network", "openunison_host"]);
  const dashboard = textAt(values, ["dashboard", "enabled"]) === "true";
  return {
    settings: {
      ...openUnisonSettings(values, impersonates),
      charts: Object.fromEntries(
        parts.flatMap(({ chart }) => {
          const release = of(chart);
          return release === undefined ? [] : [[chart, { version: release.chart.version }]];
        }),
      ),
      adopted: true,
      adoptedSecrets: { keystore: `${key}:keystore`, ...(dashboard ? { dashboard: `${key}:dashboard` } : {}) },
    },
    issuer: textAt(values, ["oidc", "issuer"]),
    clientId:
      textAt(values, ["oidc", "client_id_is_secret"]) === "true"
        ? (secret?.["OIDC_CLIENT_ID"] ?? "")
        : textAt(values, ["oidc", "client_id"]),
    groupsClaim: textAt(values, ["oidc", "claims", "groups"]),
    readsDirectory: readsGroupNames(values),
    usernameClaim: textAt(values, ["oidc", "claims", "sub"]),
    scopes: scopesOf(textAt(values, ["oidc", "scopes"])),
    // Neither the proxy nor the flags that the charts hand out have a prefix: the API server's own default is before user names.
    prefixes: { user: `${openUnisonIssuer(portal)}#`, group: "", keepsGroup: impersonates },
    keepsUserNames: impersonates,
    reachesEveryRole: true,
    secret: { namespace, name: secretName, key: "OIDC_CLIENT_SECRET" },
    moreSecrets: [
      { namespace, name: secretName, key: "unisonKeystorePassword", config: `${key}:keystore` },
      ...(dashboard ? [{ namespace, name: secretName, key: "K8S_DB_SECRET", config: `${key}:dashboard` }] : []),
    ],
    plainReleases: [],
    plainCopies: [],
    byHand: impersonates
      ? []
      : [
          "After the first update: install the stack's authentication-configuration.yaml, or its flags, on each control plane in place of the charts' api-server-config. Until then names are those of today, without a prefix.",
        ],
    remarks: remarksOf(values, impersonates),
    problems: [...releaseProblems(releases, impersonates), ...secretProblems(secret, dashboard), ...valueProblems(values, impersonates)],
  };
}

function releaseProblems(releases: readonly FoundRelease[], impersonates: boolean): Problem[] {
  const shared = releases.filter(({ chart }) => chart.name !== "openunison-operator");
  const documents = new Set(shared.map(({ values }) => stableJson(values)));
  const operator = releases.find(({ chart }) => chart.name === "openunison-operator");
  return [
    ...parts.flatMap(({ chart, release, optional }) =>
      partProblems(
        releases.filter((one) => one.chart.name === chart),
        { chart, release, isNeeded: optional === undefined || (chart === "orchestra-kube-oidc-proxy" && impersonates) },
      ),
    ),
    ...(documents.size <= 1
      ? []
      : [
          {
            path: ["values"],
            expected: "the same values for every release but the operator's, as ouctl gives them and the stack will",
            received: `${documents.size} different documents`,
            fix: "compare `helm get values` of each, and bring them together with helm upgrade first",
          },
        ]),
    ...(Object.keys(operator?.values ?? {}).length === 0
      ? []
      : [
          {
            path: ["values"],
            expected: "the operator's chart without values of its own: the stack gives it none",
            received: Object.keys(operator?.values ?? {}).join(", "),
            fix: "helm upgrade openunison --reset-values first, or adopt by hand",
          },
        ]),
  ];
}

function partProblems(
  found: readonly FoundRelease[],
  { chart, release, isNeeded }: { readonly chart: string; readonly release: string; readonly isNeeded: boolean },
): Problem[] {
  const [one] = found;
  if (one === undefined) {
    return isNeeded ? [missingPart(chart)] : [];
  }
  const rest = { path: ["releases", chart] };
  return [
    ...(found.length === 1 && one.name === release && one.namespace === namespace
      ? []
      : [
          {
            ...rest,
            expected: `one release ${namespace}/${release}: the charts name their objects after it`,
            received: found.map(({ namespace: place, name }) => `${place}/${name}`).join(", "),
            fix: "adopt by hand: install it anew under that name, in a window",
          },
        ]),
    ...(one.status === "deployed"
      ? []
      : [
          {
            ...rest,
            expected: "a release whose last revision is deployed",
            received: one.status,
            fix: `bring it to rest first: helm history ${one.name} --namespace ${one.namespace}`,
          },
        ]),
  ];
}

function missingPart(chart: string): Problem {
  return {
    path: ["releases", chart],
    expected: `a release of the chart ${chart}`,
    received: "none",
    fix:
      chart === "orchestra-kube-oidc-proxy"
        ? "the chart orchestra makes the proxy itself here, and the stack installs it by its own chart: in a window, set enable_wait_for_job: true and helm install orchestra-kube-oidc-proxy with the same values, then adopt"
        : "finish the installation first (openunison.github.io, deployauth)",
  };
}

/** Keys that the stack writes again when the client secret changes. */
const ownKeys = ["OIDC_CLIENT_SECRET", "OIDC_CLIENT_ID", "unisonKeystorePassword", "K8S_DB_SECRET", "AD_BIND_PASSWORD"];

function secretProblems(secret: Readonly<Record<string, string>> | undefined, dashboard: boolean): Problem[] {
  const path = ["secrets", secretName];
  if (secret === undefined) {
    return [{ path, expected: `the Secret ${namespace}/${secretName}`, received: "none" }];
  }
  const needed = ["OIDC_CLIENT_SECRET", "unisonKeystorePassword", ...(dashboard ? ["K8S_DB_SECRET"] : [])];
  const others = Object.keys(secret).filter((key) => !ownKeys.includes(key));
  return [
    ...needed
      .filter((key) => (secret[key] ?? "") === "")
      .map((key) => ({ path: [...path, key], expected: "a value", received: "nothing" })),
    ...(others.length === 0
      ? []
      : [
          {
            path,
            expected: `no other keys than ${ownKeys.join(", ")}: the stack writes the Secret anew with each client secret, and would leave the others out`,
            received: describeReceived(others, []),
            fix: "remove what nothing reads; what openunison.secrets names cannot be taken over",
          },
        ]),
  ];
}
