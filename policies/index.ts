import { PolicyPack } from "@pulumi/policy";
import { makePolicies } from "./pack";
import { rules } from "./rules";

new PolicyPack("gatehouse", {
  displayName: "Gatehouse",
  description: "Identity for Kubernetes platforms: applications, group claims, secrets, Helm values and RBAC.",
  enforcementLevel: "mandatory",
  policies: makePolicies(rules),
});
