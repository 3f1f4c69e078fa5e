import * as pulumi from "@pulumi/pulumi";
import { restorationProvider } from "./provider";

// One for all: the engine's SDK serialises a provider once for each object, at some 100 ms.
const provider = restorationProvider();

export interface RestoredObjectsArgs {
  /** The objects as the stack declares them: bindings, and Users of KubeSphere. */
  objects: pulumi.Input<pulumi.Input<Record<string, unknown>>[]>;
}

/**
 * Watches the objects that give access: what somebody changed in them by hand is in the plan, and goes with the update.
 */
export class RestoredObjects extends pulumi.dynamic.Resource {
  constructor(name: string, args: RestoredObjectsArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args, restores: undefined }, opts, "access", "RestoredObjects");
  }
}

/**
 * Watches the objects of a component, once they are made. Not where the component has a Kubernetes provider of its own: the dynamic
 * resource would look at the cluster of the stack's configuration, which may be another.
 */
export function watchForChanges(
  component: pulumi.ComponentResource,
  name: string,
  objects: readonly { readonly resource: pulumi.Resource; readonly manifest: pulumi.Input<Record<string, unknown>> }[],
): void {
  const own = component.getProvider("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding");
  if (objects.length === 0 || own !== undefined) {
    return;
  }
  const options = { parent: component, dependsOn: objects.map(({ resource }) => resource) };
  new RestoredObjects(name, { objects: objects.map(({ manifest }) => manifest) }, options);
}
