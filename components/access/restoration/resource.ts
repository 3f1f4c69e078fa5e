import * as pulumi from "@pulumi/pulumi";
import { clusterSettings } from "../../cluster";
import { OwnResource, providerSettings, type OwnType } from "../../own-resources";
import { restorationProvider } from "./provider";

/** `pulumi-nodejs:dynamic/access:RestoredObjects` */
export const restoredObjects: OwnType = { module: "access", name: "RestoredObjects", provider: restorationProvider };

export interface RestoredObjectsArgs {
  /** The objects as the stack declares them: bindings, and Users of KubeSphere. */
  objects: pulumi.Input<pulumi.Input<Record<string, unknown>>[]>;
  /** Settings of the kubernetes provider; must be a secret output. Left out where the stack's configuration says which cluster. */
  cluster?: pulumi.Input<Readonly<Record<string, string>>>;
}

/**
 * Watches the objects that give access: what somebody changed in them by hand is in the plan, and goes with the update.
 */
class RestoredObjects extends OwnResource {
  constructor(name: string, args: RestoredObjectsArgs, opts?: pulumi.CustomResourceOptions) {
    super(restoredObjects, name, { ...args, restores: undefined }, opts);
  }
}

/** Watches the objects of a component, once they are made, in the cluster of the component's provider. */
export function watchForChanges(
  component: pulumi.ComponentResource,
  name: string,
  objects: readonly { readonly resource: pulumi.Resource; readonly manifest: pulumi.Input<Record<string, unknown>> }[],
): void {
  if (objects.length === 0) {
    return;
  }
  const cluster = providerSettings(component, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding", clusterSettings);
  const options = { parent: component, dependsOn: objects.map(({ resource }) => resource) };
  new RestoredObjects(name, { objects: objects.map(({ manifest }) => manifest), cluster }, options);
}
