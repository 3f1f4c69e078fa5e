import type { Subject } from "../rule";
import { isProperties, items, type Properties } from "../value";

/** A Kubernetes object of a resource, with what stands before the paths in it: nothing, or its place in a list. */
export interface KubernetesObject {
  readonly object: Properties;
  readonly path: string;
}

/** The objects that a Kubernetes resource holds: one (a patch of one counts), or the items of a list. */
export function objectsOf(resource: Subject): KubernetesObject[] {
  if (!resource.type.endsWith("List")) {
    return [{ object: resource.properties, path: "" }];
  }
  return items(resource.properties, "items").flatMap((object, index) =>
    isProperties(object) ? [{ object, path: `items[${index}].` }] : [],
  );
}
