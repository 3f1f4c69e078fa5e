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
  remediation: "Give each password a rotateWhenChanged that changes on schedule, and keep two of them with overlapping lifetimes.",
  controls: [],
  unknowns:
    "A trigger whose value is unknown counts as present. Whether the overlap outlasts the consumers' caches cannot be seen in the resources.",
  types: [entra.password, entra.servicePrincipalPassword],
  settings: {},
  check({ properties }) {
    return at(properties, "rotateWhenChanged") === undefined
      ? [mismatch("rotateWhenChanged", "a map that changes on schedule", undefined)]
      : [];
  },
});
