import { releaseOf } from "../reading/helm";
import { mappingsIn } from "../reading/nested";
import { redirectFaults } from "../reading/redirects";
import { mismatch, resourceRule, type Finding } from "../rule";
import { releases } from "../types";
import { at, isList, isOn, items, text, texts, unknownValue, type Properties } from "../value";

/** Connectors whose `groups` list limits who may sign in. */
const connectorsWithGroups = ["microsoft", "google", "gitlab"];

export const dexHardened = resourceRule({
  id: "dex-hardened",
  candidate: 28,
  title: "Dex has no public client, no open management API and no unfiltered connector",
  severity: "high",
  level: "mandatory",
  rationale:
    "Dex's gRPC API creates clients and changes passwords; without client certificates anything in the cluster can call it. A public client needs no secret to redeem codes. A connector without a groups list admits everybody whom the upstream knows; a mock connector admits anybody. Passwords that Dex keeps itself outlive the person at the identity provider.",
  remediation:
    "Drop `public`, give grpc its tlsCert, tlsKey and tlsClientCA, list groups in each connector, and give redirect URIs with https, and remove oauth2.passwordConnector, enablePasswordDB, mock connectors, and grants and response types other than the code's.",
  controls: ["asvs-10.4.10", "rfc9700-2.4"],
  unknowns:
    "Values that are unknown count as set. Which client may ask for tokens in another one's name (trustedPeers) is a matter of that client. A configuration is known by its shape, in any chart and in texts too.",
  types: releases,
  settings: {},
  check(resource) {
    const { chart, values } = releaseOf(resource);
    return [...mappingsIn(values ?? null, "values")]
      .filter(({ path, mapping }) => (chart === "dex" && path === "values.config") || isDex(mapping))
      .flatMap(({ path, mapping }) => judge(path, mapping));
  },
});

/** A configuration of Dex by its shape: in Argo CD's values it is one text, in an umbrella chart's it stands under the chart's name. */
function isDex(mapping: Properties): boolean {
  return (
    isList(at(mapping, "staticClients")) ||
    (isList(at(mapping, "connectors")) && items(mapping, "connectors").every((one) => text(one, "type")))
  );
}

function judge(path: string, config: Properties): Finding[] {
  const findings: Finding[] = [];
  for (const [index, client] of items(config, "staticClients").entries()) {
    if (isOn(client, "public")) {
      findings.push(mismatch(`${path}.staticClients[${index}].public`, "false", at(client, "public")));
    }
    for (const [place, uri] of texts(client, "redirectURIs").entries()) {
      // Dex's own pages, and what a template fills in.
      const faults = /^(?:\/|\$|.*\{\{)/.test(uri) ? [] : redirectFaults(uri, { native: true, allowLoopback: true, entraLimits: false });
      findings.push(...faults.map((fault) => mismatch(`${path}.staticClients[${index}].redirectURIs[${place}]`, fault, uri)));
    }
  }
  if (at(config, "grpc", "addr") !== undefined) {
    for (const file of ["tlsCert", "tlsKey", "tlsClientCA"]) {
      if (at(config, "grpc", file) === undefined) {
        findings.push(mismatch(`${path}.grpc.${file}`, "a file", undefined));
      }
    }
  }
  if (texts(config, "web", "allowedOrigins").includes("*")) {
    findings.push(mismatch(`${path}.web.allowedOrigins`, "origins by name", "*"));
  }
  const passwordConnector = text(config, "oauth2", "passwordConnector");
  if (passwordConnector !== undefined) {
    findings.push(mismatch(`${path}.oauth2.passwordConnector`, "nothing", passwordConnector));
  }
  findings.push(...judgeGrants(config, path));
  for (const [index, connector] of items(config, "connectors").entries()) {
    const type = text(connector, "type") ?? "";
    if (type.startsWith("mock")) {
      findings.push(mismatch(`${path}.connectors[${index}].type`, "a connector that asks who it is", type));
    }
    if (type === "authproxy") {
      findings.push(
        mismatch(`${path}.connectors[${index}].type`, "a connector that asks who it is, not one that believes a request's header", type),
      );
    }
    const groups = at(connector, "config", "groups");
    if (connectorsWithGroups.includes(type) && groups !== unknownValue && items(groups).length === 0) {
      findings.push(mismatch(`${path}.connectors[${index}].config.groups`, "the groups that may sign in", groups));
    }
  }
  return findings;
}

/** Ways around the browser's sign-in at the upstream: tokens in addresses, and passwords that Dex takes itself. */
function judgeGrants(config: Properties, path: string): Finding[] {
  return [
    ...texts(config, "oauth2", "responseTypes")
      .filter((type) => /\b(?:token|id_token)\b/.test(type))
      .map((type) => mismatch(`${path}.oauth2.responseTypes`, "code", type)),
    ...texts(config, "oauth2", "grantTypes")
      .filter((type) => type === "password" || type === "implicit")
      .map((type) => mismatch(`${path}.oauth2.grantTypes`, "authorization_code (and refresh_token)", type)),
    ...(isOn(config, "enablePasswordDB") ? [mismatch(`${path}.enablePasswordDB`, "false", at(config, "enablePasswordDB"))] : []),
  ];
}
