import { releaseOf } from "../reading/helm";
import { mismatch, resourceRule, type Finding } from "../rule";
import { releases } from "../types";
import { at, isTrue, items, text, UNKNOWN } from "../value";

/** Connectors whose `groups` list limits who may sign in. */
const connectorsWithGroups = ["microsoft", "google", "gitlab"];

export const dexHardened = resourceRule({
  id: "dex-hardened",
  candidate: 28,
  title: "Dex has no public client, no open management API and no unfiltered connector",
  severity: "high",
  level: "mandatory",
  rationale:
    "Dex's gRPC API creates clients and changes passwords; without client certificates anything in the cluster can call it. A public client needs no secret to redeem codes. A connector without a groups list admits everybody whom the upstream knows.",
  remediation:
    "Drop `public`, give grpc its tlsCert, tlsKey and tlsClientCA, list groups in each connector, and remove oauth2.passwordConnector.",
  controls: ["asvs-10.4.10", "rfc9700-2.4"],
  unknowns: "Values that are unknown count as set.",
  types: releases,
  settings: {},
  check(resource) {
    const release = releaseOf(resource);
    if (release.chart !== "dex") {
      return [];
    }
    const config = at(release.values, "config");
    const findings: Finding[] = [];
    for (const [index, client] of items(config, "staticClients").entries()) {
      if (isTrue(client, "public")) {
        findings.push(mismatch(`values.config.staticClients[${index}].public`, "false", true));
      }
    }
    if (at(config, "grpc", "addr") !== undefined) {
      for (const file of ["tlsCert", "tlsKey", "tlsClientCA"]) {
        if (at(config, "grpc", file) === undefined) {
          findings.push(mismatch(`values.config.grpc.${file}`, "a file", undefined));
        }
      }
    }
    const passwordConnector = text(config, "oauth2", "passwordConnector");
    if (passwordConnector !== undefined) {
      findings.push(mismatch("values.config.oauth2.passwordConnector", "nothing", passwordConnector));
    }
    for (const [index, connector] of items(config, "connectors").entries()) {
      const groups = at(connector, "config", "groups");
      if (connectorsWithGroups.includes(text(connector, "type") ?? "") && groups !== UNKNOWN && items(groups).length === 0) {
        findings.push(mismatch(`values.config.connectors[${index}].config.groups`, "the groups that may sign in", groups));
      }
    }
    return findings;
  },
});
