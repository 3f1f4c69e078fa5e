import { z } from "zod";
import type { HelmMark } from "./types";

/** What of an object's metadata tells who made it. */
export const helmMetadata = {
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  managedFields: z
    .array(z.looseObject({ manager: z.string().optional(), fieldsV1: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
};

type Metadata = z.infer<z.ZodObject<typeof helmMetadata>>;

/** Whoever runs Helm writes under its own name, and a release may be taken over by another of them: helm, Pulumi, Terraform, Flux. */
const installers = /helm|pulumi/i;

/**
 * What says that Helm made the object: annotations of its releases (pkg/action/validate.go), of its hooks, and the label by which charts
 * call themselves managed by it. The list of subjects has one owner among the managed fields (listType=atomic), so a later hand shows.
 */
export function helmMark({ labels = {}, annotations = {}, managedFields = [] }: Metadata): HelmMark | undefined {
  const [name, namespace] = [annotations["meta.helm.sh/release-name"], annotations["meta.helm.sh/release-namespace"]];
  const hook = annotations["helm.sh/hook"] !== undefined;
  const release = name === undefined || namespace === undefined ? undefined : { name, namespace };
  if (release === undefined && !hook && labels["app.kubernetes.io/managed-by"] !== "Helm" && labels["heritage"] !== "Helm") {
    return undefined;
  }
  const writer = (...path: readonly string[]): string | undefined => managedFields.find(({ fieldsV1 }) => owns(fieldsV1, path))?.manager;
  const subjectsBy = writer("f:subjects");
  const madeBy = writer("f:metadata", "f:annotations", release === undefined ? "f:helm.sh/hook" : "f:meta.helm.sh/release-name");
  const edited = subjectsBy !== undefined && subjectsBy !== madeBy && !installers.test(subjectsBy);
  return { ...(release !== undefined && { release }), hook, edited };
}

function owns(fields: Readonly<Record<string, unknown>> | undefined, [key = "", ...rest]: readonly string[]): boolean {
  const inner = fields?.[key];
  return inner !== undefined && (rest.length === 0 || (typeof inner === "object" && owns(inner as Record<string, unknown>, rest)));
}
