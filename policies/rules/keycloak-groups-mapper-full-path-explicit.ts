import { mismatch, resourceRule } from "../rule";
import { keycloak } from "../types";
import { at } from "../value";

export const keycloakGroupsMapperFullPathExplicit = resourceRule({
  id: "keycloak-groups-mapper-full-path-explicit",
  candidate: 27,
  title: "A Keycloak group mapper says whether names carry their path",
  severity: "low",
  level: "advisory",
  rationale:
    "The mapper's default is the full path: the token then says /backup-admins where bindings name backup-admins, and nobody has access. Without the path, two groups of one name in different parents become one.",
  remediation: "Write fullPath out, and bind what the token will carry.",
  controls: [],
  unknowns: "An unknown value counts as written out.",
  types: [keycloak.groupMapper],
  settings: {},
  check({ properties }) {
    return at(properties, "fullPath") === undefined ? [mismatch("fullPath", "true or false, written out", undefined)] : [];
  },
});
