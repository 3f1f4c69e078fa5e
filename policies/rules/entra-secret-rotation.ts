import { mismatch, resourceRule } from "../rule";
import { entra } from "../types";
import { at } from "../value";

export const entraSecretRotation = resourceRule({
  id: "entra-secret-rotation",
  candidate: 8,
  title: "A client secret in Entra has a rotation trigger",
  severity: "medium",
  level: "advisory",
  rationale:
    "Without rotateWhenChanged nothing replaces the secret before its end date: the platform's sign-in stops on that day. The provider's rotation deletes the old secret in the same update, so overlap takes two password resources with staggered triggers (hashicorp/terraform-provider-azuread#1549).",
  remediation:
    "Give each password a rotateWhenChanged that changes on schedule, and keep two of them with overlapping lifetimes; or make one resource for each period, with an endDate and the period's first day at the end of its name (app-secret-2026-09-04).",
  controls: [],
  unknowns:
    "A trigger whose value is unknown counts as present. Whether the overlap outlasts the consumers' caches cannot be seen in the resources.",
  types: [entra.password, entra.servicePrincipalPassword],
  settings: {},
  check({ name, properties }) {
    // A name is identity: the next period's secret is another resource, beside this one until its overlap ends.
    const onePerPeriod = /-\d{4}-\d{2}-\d{2}$/.test(name) && at(properties, "endDate") !== undefined;
    return at(properties, "rotateWhenChanged") === undefined && !onePerPeriod
      ? [mismatch("rotateWhenChanged", "a map that changes on schedule", undefined)]
      : [];
  },
});
