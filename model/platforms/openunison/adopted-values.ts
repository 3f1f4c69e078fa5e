/** What the values of an installation by hand say, in the words of a stack file. */
import type { AdoptionRemark } from "../adoption";
import { chartValue } from "../chart-values";
import { readCertificates } from "../../text/certificates";
import { describeReceived, type Problem } from "../../text/problems";
import { openUnisonBeside } from "./checks";
import { mappingOf } from "../../text/mapping";

export type Values = Readonly<Record<string, unknown>>;

/** The values that a stack decides, or writes from settings of its own; whatever else was given stays the user's. */
const decided: readonly (readonly string[])[] = [
  ...[
    "openunison_host",
    "dashboard_host",
    "api_server_host",
    "session_inactivity_timeout_seconds",
    "k8s_url",
    "force_redirect_to_tls",
    "createIngressCertificate",
    "ingress_type",
    "ingress_certificate",
    "ingress_annotations",
  ].map((key) => ["network", key]),
  ...["use_jetstack", "explicit_certificate_trust", "ca_secret_name", "orchestra_release_name", "jetstack_oidc_proxy_image"].map((key) => [
    "impersonation",
    key,
  ]),
  ...["replicas", "auto_timestamp", "force_update", "enable_provisioning", "include_auth_chain"].map((key) => ["openunison", key]),
  ["k8s_cluster_name"],
  ["enable_impersonation"],
  ["enable_wait_for_job"],
  ["image"],
  ["oidc"],
  ["azure"],
  ["trusted_certs"],
  ["dashboard", "enabled"],
];

/** `helm --set` makes booleans and numbers of what looks like one. */
export function textAt(values: Values, path: readonly string[]): string {
  const value = chartValue(values, path);
  return typeof value === "string" || typeof value === "boolean" || typeof value === "number" ? String(value) : "";
}

const issuerAnnotation = "cert-manager.io/cluster-issuer";

/** Whether a chain of its own asks Entra ID for the names of a person's groups (the chart orchestra-login-azuread). */
export function readsGroupNames(values: Values): boolean {
  return textAt(values, ["openunison", "include_auth_chain"]) === "azuread-load-groups";
}

/** The settings of the stack file, but for charts and secrets. */
export function openUnisonSettings(values: Values, impersonates: boolean): Record<string, unknown> {
  const text = (...path: string[]): string | undefined => textAt(values, path) || undefined;
  const [replicas, seconds] = [text("openunison", "replicas"), text("network", "session_inactivity_timeout_seconds")];
  const proxyImage = text("impersonation", "jetstack_oidc_proxy_image");
  const own = ownValues(values);
  const insecure = openUnisonBeside(own);
  return filled({
    hosts: filled({
      portal: text("network", "openunison_host"),
      dashboard: text("network", "dashboard_host"),
      apiServer: impersonates ? text("network", "api_server_host") : undefined,
    }),
    ...(impersonates ? { impersonation: filled({ image: proxyImage }) } : { direct: filled({ apiServerUrl: text("network", "k8s_url") }) }),
    groupNames: readsGroupNames(values) ? "displayNames" : undefined,
    clusterName: text("k8s_cluster_name"),
    dashboard: text("dashboard", "enabled") === "true" ? true : undefined,
    sessionSeconds: seconds === undefined ? undefined : Number(seconds),
    image: text("image"),
    replicas: replicas === undefined ? undefined : Number(replicas),
    ...ingressOf(values),
    trustedCertificates: trustedCertificates(values),
    claims: claimsOf(values),
    values: Object.keys(own).length === 0 ? undefined : own,
    insecureValues: insecure.length === 0 ? undefined : insecure,
  });
}

function filled(settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function ingressOf(values: Values): Record<string, unknown> {
  const annotations = Object.entries(recordAt(values, ["network", "ingress_annotations"])).map(([key, value]): [string, string] => [
    key,
    String(value),
  ]);
  const type = textAt(values, ["network", "ingress_type"]);
  const clusterIssuer = annotations.find(([key]) => key === issuerAnnotation)?.[1];
  const rest = Object.fromEntries(annotations.filter(([key]) => key !== issuerAnnotation));
  const ingress = filled({ type: type || undefined, annotations: Object.keys(rest).length === 0 ? undefined : rest });
  return {
    ingress: Object.keys(ingress).length === 0 ? undefined : ingress,
    certManager: clusterIssuer === undefined ? undefined : { clusterIssuer },
  };
}

function trustedCertificates(values: Values): Record<string, string> | undefined {
  const found = certificateEntries(values).flatMap(({ name, pem }) => (readCertificates(pem) === undefined ? [] : [[name, pem]]));
  return found.length === 0 ? undefined : (Object.fromEntries(found) as Record<string, string>);
}

function certificateEntries(values: Values): { name: string; pem: string }[] {
  const list = chartValue(values, ["trusted_certs"]);
  return (Array.isArray(list) ? (list as unknown[]) : []).map((entry) => ({
    name: textAt(entry as Values, ["name"]),
    pem: Buffer.from(textAt(entry as Values, ["pem_b64"]), "base64").toString("utf8"),
  }));
}

const usualClaims: Readonly<Record<string, string>> = {
  email: "email",
  given_name: "given_name",
  family_name: "family_name",
  display_name: "name",
};

/** `sub` is always written: what the stack takes for it depends on the identity provider. */
function claimsOf(values: Values): Record<string, string> | undefined {
  const found = Object.entries(recordAt(values, ["oidc", "claims"]))
    .map(([key, claim]): [string, string] => [key, String(claim)])
    .filter(([key, claim]) => key !== "groups" && usualClaims[key] !== claim);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

function recordAt(values: Values, path: readonly string[]): Readonly<Record<string, unknown>> {
  return mappingOf(chartValue(values, path));
}

/** The user's own values: all but what follows from the stack. */
function ownValues(values: Values): Values {
  const kept = (value: unknown, path: readonly string[]): unknown => {
    if (decided.some((one) => one.length === path.length && one.every((key, depth) => path[depth] === key))) {
      return undefined;
    }
    const isAbove = decided.some((one) => one.length > path.length && path.every((key, depth) => one[depth] === key));
    if (!isAbove || typeof value !== "object" || value === null || Array.isArray(value)) {
      return value;
    }
    const inner = filled(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, kept(one, [...path, key])])));
    return Object.keys(inner).length === 0 ? undefined : inner;
  };
  return filled(Object.fromEntries(Object.entries(values).map(([key, value]) => [key, kept(value, [key])])));
}

/** What a stack would do otherwise without being told so. */
export function valueProblems(values: Values, impersonates: boolean): Problem[] {
  const wrong = (path: readonly string[], expected: string, fix?: string): Problem => ({
    path: ["values", ...path],
    expected,
    received: describeReceived(chartValue(values, path), []),
    ...(fix === undefined ? {} : { fix }),
  });
  const other = ["active_directory", "github", "saml"].filter((key) => Object.keys(recordAt(values, [key])).length > 0);
  return [
    ...["issuer", "client_id"]
      .filter(
        (key) =>
          textAt(values, ["oidc", key]) === "" && !(key === "client_id" && textAt(values, ["oidc", "client_id_is_secret"]) === "true"),
      )
      .map((key) => wrong(["oidc", key], "a value: the portal signs people in by OpenID Connect")),
    ...other.map((key) => wrong([key], "it left out: the charts take one kind of sign-in only")),
    ...(textAt(values, ["oidc", "domain"]) === ""
      ? []
      : [
          wrong(
            ["oidc", "domain"],
            "nothing: the stack bounds sign-in by the client's assignments",
            "assign the groups to the client, and remove it",
          ),
        ]),
    ...(Array.isArray(chartValue(values, ["openunison", "az_groups"])) &&
    (chartValue(values, ["openunison", "az_groups"]) as unknown[]).length > 0
      ? [
          wrong(
            ["openunison", "az_groups"],
            "nothing: the stack bounds sign-in by the client's assignments",
            "assign the groups to the client, and remove it",
          ),
        ]
      : []),
    ...["enable_provisioning", "enabled_provisioning"]
      .filter((key) => textAt(values, ["openunison", key]) === "true")
      .map((key) => wrong(["openunison", key], "false: what OpenUnison provisions by itself no stack sees", "adopt by hand")),
    ...(textAt(values, ["network", "api_server_host"]) === "" && impersonates
      ? [wrong(["network", "api_server_host"], "the host of the proxy, since the charts impersonate unless enable_impersonation is false")]
      : []),
    ...certificateEntries(values)
      .filter(({ pem }) => readCertificates(pem) === undefined)
      .map(({ name }) => wrong(["trusted_certs"], `certificates in PEM; '${name}' is none`)),
  ];
}

export function remarksOf(values: Values, impersonates: boolean): AdoptionRemark[] {
  const own = openUnisonBeside(ownValues(values));
  const sub = textAt(values, ["oidc", "claims", "sub"]);
  const forced = textAt(values, ["oidc", "forceauthentication"]);
  return [
    {
      setting: "hosts",
      text: `scopes today: ${textAt(values, ["oidc", "scopes"])}. The stack asks for those that the identity provider needs for groups.`,
    },
    impersonates
      ? { setting: "impersonation", text: "group names reach RBAC as they are: no prefix is possible here." }
      : {
          setting: "direct",
          text: "the API server takes names without a prefix today (api-server-config of the charts); the stack puts one before them, in bindings that come first.",
        },
    ...(own.length === 0
      ? []
      : [
          {
            setting: "insecureValues",
            text: `found as they are: ${own.join(", ")} decide about access, or may; safe: remove them from values and here.`,
          },
        ]),
    ...(["sub", "oid", "upn", ""].includes(sub)
      ? []
      : [{ setting: "claims", text: `sub is ${sub} today, which can be given to another person; safe: leave it out.` }]),
    ...(chartValue(values, ["network_policies"]) === undefined
      ? [
          {
            setting: "values",
            text: "network_policies is not written: the charts differ in their defaults, and the stack switches them off; to keep them write values.network_policies.enabled: true.",
          },
        ]
      : []),
    ...(forced === "" || forced === "true"
      ? []
      : [
          {
            setting: "hosts",
            text: "oidc.forceauthentication goes: each sign-in asks the identity provider anew, as is the charts' default.",
          },
        ]),
  ];
}
