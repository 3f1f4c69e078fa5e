import {
  releasesOfChart,
  scopesOf,
  type FoundPlatform,
  type FoundRelease,
  type Installation,
  type InstalledCluster,
  type PlatformAdoption,
} from "../adoption";
import { chartValue } from "../chart-values";
import { describeReceived, type Problem } from "../../text/problems";
import { prefixFault } from "../../text/trusted-names";

const chart = "k10";

type Values = Readonly<Record<string, unknown>>;

/** Keys of auth.oidcAuth that stay the user's own (checkOidcValue). */
const ownKeys = ["logoutURL", "pkceRequired"];

/** The Secret that the chart renders where no `secretName` names another (templates/secrets.yaml). */
const renderedSecret = "k10-oidc-auth";

/** The keys of that Secret by the names of the values (templates/secrets.yaml; the mixed spelling is the vendor's). */
const secretKeys: Readonly<Record<string, string>> = {
  providerURL: "provider-url",
  redirectURL: "redirect-url",
  clientID: "client-id",
};

/** How K10 signs people in now, from the values or from the Secret that holds the whole configuration. */
interface SignIn {
  /** A setting by its name in the values; empty where nothing is said. */
  readonly text: (key: string) => string;
  readonly secret: { readonly name: string; readonly key: string };
  readonly problems: readonly Problem[];
}

/** Reads Kasten K10 from its Helm release: the client secret in the values, in a Secret of its own, or in one with the whole configuration. */
export const kastenAdoption: PlatformAdoption = {
  knownBy: `a Helm release of the chart ${chart}`,
  find: (cluster) => releasesOfChart(cluster, chart),
  read: (installation, cluster) => readKasten(releaseOf(installation), cluster),
  resources: (platform, installation) => {
    const { name, namespace } = releaseOf(installation);
    return [
      { type: "gatehouse:index:Kasten", name: platform },
      { type: "kubernetes:core/v1:Namespace", name: `${platform}-namespace`, id: namespace, parent: platform },
      { type: "kubernetes:helm.sh/v3:Release", name: `${platform}-release`, id: `${namespace}/${name}`, parent: platform },
    ];
  },
  withoutSecrets: ({ values }) => without(values, ["auth", "oidcAuth", "clientSecret"]),
};

function releaseOf({ place, releases: [release] }: Installation): FoundRelease {
  if (release === undefined) {
    throw new Error(`${place}: expected its Helm release, got none`);
  }
  return release;
}

async function readKasten(release: FoundRelease, cluster: InstalledCluster): Promise<FoundPlatform> {
  const { name, namespace, values } = release;
  const { text, secret, problems } = await signInOf(release, cluster);
  const inline = textAt(values, "clientSecret") !== "";
  const host = text("redirectURL").replace(/\/+$/, "");
  const [userPrefix, groupPrefix, usernameClaim] = [text("usernamePrefix"), text("groupPrefix"), text("usernameClaim") || "sub"];
  const keepsPrefix = prefixFault(groupPrefix) === undefined;
  const kept = ownValues(values);
  return {
    settings: {
      host,
      namespace: release.namespace,
      release: release.name,
      chart: { version: release.chart.version },
      ...(keepsPrefix ? { prefix: groupPrefix } : {}),
      usernameClaim,
      ...settingsOf(text),
      adopted: true,
      ...(adminGroups(values) ? { insecureChartAdminGroups: true } : {}),
      ...(Object.keys(kept).length === 0 ? {} : { values: kept }),
    },
    issuer: text("providerURL"),
    clientId: text("clientID"),
    // Without a claim, K10 reads no groups.
    groupsClaim: text("groupClaim"),
    usernameClaim,
    scopes: scopesOf(text("scopes")),
    prefixes: { user: userPrefix === "-" ? "" : userPrefix, group: groupPrefix, keepsGroup: keepsPrefix },
    keepsUserNames: keepsPrefix && userPrefix === groupPrefix,
    secret: { namespace, ...secret },
    plainReleases: inline ? [name] : [],
    plainCopies: inline
      ? [
          `The client secret stands in plain text in each earlier revision of the Helm release. After the first update: \`kubectl --namespace ${namespace} delete secret --selector owner=helm,name=${name},status=superseded\`. Then \`gatehouse secret rotate\` makes it worthless.`,
        ]
      : [],
    remarks: remarksOf(text, { keepsPrefix, userPrefix, groupPrefix, usernameClaim, administrators: adminGroups(values) }),
    problems: [...problems, ...problemsOf(release, text)],
  };
}

async function signInOf({ namespace, values }: FoundRelease, cluster: InstalledCluster): Promise<SignIn> {
  const whole = textAt(values, "secretName");
  const credentials = textAt(values, "clientSecretName");
  const name = whole || credentials || renderedSecret;
  const secret = { name, key: "client-secret" };
  if (whole === "" && credentials === "") {
    return { text: (key) => textAt(values, key), secret, problems: [] };
  }
  const content = await cluster.secret(namespace, name);
  const inSecret = (key: string): string => content?.[secretKeys[key] ?? key] ?? "";
  const problems =
    content === undefined
      ? [
          {
            path: ["values", "auth", "oidcAuth", whole === "" ? "clientSecretName" : "secretName"],
            expected: "the name of a Secret that is there",
            received: describeReceived(name, []),
          },
        ]
      : [];
  return { text: whole === "" ? (key) => textAt(values, key) || (key === "clientID" ? inSecret(key) : "") : inSecret, secret, problems };
}

/** What differs from the defaults of a stack file. */
function settingsOf(text: SignIn["text"]): Record<string, unknown> {
  const [prompt, duration, refresh] = [text("prompt"), text("sessionDuration"), text("refreshTokenSupport") === "true"];
  const session = { ...(duration === "" || duration === "1h" ? {} : { duration }), ...(refresh ? { refresh } : {}) };
  return {
    ...(prompt === "" || prompt === "select_account" ? {} : { prompt }),
    ...(Object.keys(session).length === 0 ? {} : { session }),
  };
}

interface Found {
  readonly keepsPrefix: boolean;
  readonly userPrefix: string;
  readonly groupPrefix: string;
  readonly usernameClaim: string;
  readonly administrators: boolean;
}

function remarksOf(text: SignIn["text"], found: Found): { setting: string; text: string }[] {
  const { keepsPrefix, userPrefix, groupPrefix, usernameClaim, administrators } = found;
  return [
    ...(keepsPrefix
      ? [{ setting: "prefix", text: "found as it is." }]
      : [
          {
            setting: "prefix",
            text: `found ${JSON.stringify(groupPrefix)}, which is refused: anyone who may name a group at the identity provider could take a name that the cluster trusts. The stack's default takes its place; the prefixed bindings come first, so that nobody is locked out.`,
          },
        ]),
    ...(userPrefix === groupPrefix
      ? []
      : [
          {
            setting: "prefix",
            text: `user names have ${userPrefix === "" ? "no prefix" : `the prefix ${JSON.stringify(userPrefix)}`} today; the stack puts the groups' prefix before them as well.`,
          },
        ]),
    ...(["sub", "oid"].includes(usernameClaim)
      ? []
      : [{ setting: "usernameClaim", text: `found ${usernameClaim}, which can be given to another person; safe: sub (Entra ID: oid).` }]),
    ...(administrators
      ? [
          {
            setting: "insecureChartAdminGroups",
            text: "the chart's own lists make administrators of every Secret in the cluster; safe: remove auth.k10AdminGroups, k10AdminUsers and groupAllowList from values and grant the role admin.",
          },
        ]
      : []),
    { setting: "host", text: `scopes today: ${text("scopes")}. The stack asks for those that the identity provider needs for groups.` },
  ];
}

function problemsOf({ values, status, name, namespace }: FoundRelease, text: SignIn["text"]): Problem[] {
  const at = (key: string): string[] => ["values", "auth", "oidcAuth", key];
  const enabled = chartValue(values, ["auth", "oidcAuth", "enabled"]);
  return [
    ...(status === "deployed"
      ? []
      : [
          {
            path: ["release"],
            expected: "a release whose last revision is deployed",
            received: status,
            fix: `bring it to rest first: helm history ${name} --namespace ${namespace}`,
          },
        ]),
    ...(enabled === true || String(enabled) === "true"
      ? []
      : [{ path: at("enabled"), expected: "true: K10 signs people in by OpenID Connect", received: describeReceived(enabled, []) }]),
    ...(isNamed(values)
      ? []
      : [
          {
            path: at("clientSecret"),
            expected: "the client secret, or the name of a Secret with it (clientSecretName, secretName)",
            received: "neither",
          },
        ]),
    ...["providerURL", "redirectURL", "clientID"]
      .filter((key) => text(key) === "")
      .map((key) => ({ path: at(key), expected: "a value", received: "nothing" })),
  ];
}

/** The user's own values: all but what follows from the stack. */
function ownValues(values: Values): Values {
  const own = Object.fromEntries(
    ownKeys.flatMap((key) => (textAt(values, key) === "" ? [] : [[key, chartValue(values, ["auth", "oidcAuth", key])]])),
  );
  const rest = without(values, ["auth", "oidcAuth"]);
  const auth = chartValue(rest, ["auth"]) as Values | undefined;
  if (Object.keys(own).length > 0) {
    return { ...rest, auth: { ...auth, oidcAuth: own } };
  }
  return auth !== undefined && Object.keys(auth).length === 0 ? without(rest, ["auth"]) : rest;
}

function adminGroups(values: Values): boolean {
  return ["k10AdminGroups", "k10AdminUsers", "groupAllowList"].some((key) => {
    const list = chartValue(values, ["auth", key]);
    return Array.isArray(list) && list.length > 0;
  });
}

/** `helm --set` makes booleans and numbers of what looks like one. */
function textAt(values: Values, key: string): string {
  const value = chartValue(values, ["auth", "oidcAuth", key]);
  return typeof value === "string" || typeof value === "boolean" || typeof value === "number" ? String(value) : "";
}

function without(values: Values, [key = "", ...rest]: readonly string[]): Values {
  if (rest.length === 0) {
    return Object.fromEntries(Object.entries(values).filter(([name]) => name !== key));
  }
  const inner = values[key];
  return typeof inner === "object" && inner !== null ? { ...values, [key]: without(inner as Values, rest) } : values;
}

/** Whether the values say where the client secret is. A name is handed to commands, so it must be one. */
function isNamed(values: Values): boolean {
  const name = textAt(values, "secretName") || textAt(values, "clientSecretName");
  return name === "" ? textAt(values, "clientSecret") !== "" : /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(name);
}
