import { mismatch, resourceRule } from "../rule";
import { entra } from "../types";
import { text, texts } from "../value";

export const entraGroupClaimsBounded = resourceRule({
  id: "entra-group-claims-bounded",
  candidate: 5,
  title: "An Entra application's group claim holds assigned groups only",
  severity: "high",
  level: "mandatory",
  rationale:
    "With All or SecurityGroup a person in more than 200 groups gets an overage claim instead of groups, and Kubernetes then refuses the whole sign-in (TremoloSecurity/kube-oidc-proxy#52, argoproj/argo-cd#7127). It also tells every platform all groups of everybody.",
  remediation: "Set groupMembershipClaims to [ApplicationGroup] and assign the groups to the service principal, or use application roles.",
  controls: ["asvs-10.4.11"],
  unknowns: "The claim setting is a literal; unknown items are not judged.",
  types: [entra.application, entra.registration],
  settings: {},
  check({ properties }) {
    // The provider before version 5 took one text.
    const single = text(properties, "groupMembershipClaims");
    const claims = single === undefined ? texts(properties, "groupMembershipClaims") : single.split(/\s*,\s*/);
    const unbounded = claims.filter((claim) => claim === "All" || claim === "SecurityGroup");
    return unbounded.length === 0 ? [] : [mismatch("groupMembershipClaims", "ApplicationGroup (or None)", unbounded)];
  },
});
