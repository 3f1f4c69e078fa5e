/**
 * The policy pack: one rule a file in `rules/`, judged over what `reading/` makes of resources (Helm values, RBAC, applications). A rule
 * judges effect, not spelling. Nothing of the stack file is read here: the pack judges any program's resources. Its neighbours are `model/`,
 * of which it takes pure functions, and docs/policies.md, which is made from the rules.
 */
import { PolicyPack } from "@pulumi/policy";
import { makePolicies } from "./pack";
import { rules } from "./rules";

new PolicyPack("gatehouse", {
  displayName: "Gatehouse",
  description: "Identity for Kubernetes platforms: applications, group claims, secrets, Helm values and RBAC.",
  enforcementLevel: "mandatory",
  policies: makePolicies(rules),
});
