import { bindingsOf } from "../reading/rbac";
import { daysBetween, endOfDay } from "../../model/text/calendar";
import { mismatch, resourceRule } from "../rule";
import { bindingTypes } from "../types";
import { at, text, UNKNOWN } from "../value";

export const breakGlassAnnotation = "gatehouse.dev/break-glass";
export const expiresAnnotation = "gatehouse.dev/expires";

export const rbacNoClusterAdmin = resourceRule({
  id: "rbac-no-cluster-admin",
  candidate: 40,
  title: "cluster-admin is bound only to break glass, and for a limited time",
  severity: "critical",
  level: "mandatory",
  rationale: "cluster-admin reads every Secret and changes every binding: whoever has it can give themselves anything, and hide it.",
  remediation: `Bind the platform's own role. For an emergency add the annotations ${breakGlassAnnotation}: <reason> and ${expiresAnnotation}: <date>.`,
  controls: ["cis-5.1.1", "kubernetes-cluster-admin"],
  unknowns: "Role names are literals; an unknown role, or expiry, is judged at the update.",
  types: [bindingTypes],
  settings: {
    breakGlassDays: { default: 7, schema: { type: "integer", minimum: 1, description: "Furthest allowed expiry, in days from today." } },
    adminRoles: {
      default: ["cluster-admin"],
      schema: { type: "array", items: { type: "string" }, description: "ClusterRoles treated as cluster-admin." },
    },
  },
  check(resource, { breakGlassDays, adminRoles }, { now }) {
    return bindingsOf(resource).flatMap(({ path, role, roleKind, annotations }) => {
      if (roleKind === "Role" || role === undefined || !adminRoles.includes(role)) {
        return [];
      }
      const reason = at(annotations, breakGlassAnnotation);
      if (reason === undefined || reason === "") {
        return [mismatch(`${path}roleRef.name`, "the platform's own role", role)];
      }
      if (at(annotations, expiresAnnotation) === UNKNOWN) {
        return [];
      }
      const expires = text(annotations, expiresAnnotation);
      const end = expires === undefined ? undefined : endOfDay(expires);
      const days = end === undefined ? undefined : daysBetween(now, end);
      const annotation = `${path}metadata.annotations['${expiresAnnotation}']`;
      if (days === undefined) {
        return [mismatch(annotation, "a date (YYYY-MM-DD)", expires)];
      }
      if (days < 0) {
        return [mismatch(annotation, "a date that is not over", expires)];
      }
      return days <= breakGlassDays + 1 ? [] : [mismatch(annotation, `a date at most ${breakGlassDays} days away`, expires)];
    });
  },
});
