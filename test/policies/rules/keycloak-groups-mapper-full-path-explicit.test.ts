import { keycloakGroupsMapperFullPathExplicit } from "../../../policies/rules/keycloak-groups-mapper-full-path-explicit";
import { keycloak } from "../../../policies/types";
import { describeRule } from "../harness";

describeRule(keycloakGroupsMapperFullPathExplicit, {
  passing: { type: keycloak.groupMapper, props: { claimName: "groups", fullPath: false } },
  alsoPassing: { "the full path, written out": { change: { fullPath: true } } },
  violations: {
    "the default": { change: { fullPath: undefined }, messages: ["fullPath: expected true or false, written out, got nothing"] },
  },
});
