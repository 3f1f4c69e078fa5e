/**
 * Bindings of Kubernetes' RBAC, as components: each platform's component makes them here, for the subjects and roles that `model/access/`
 * works out. `restoration/` keeps them as declared when somebody changes them by hand. No platform is known by name.
 */
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { compareText, ownerAnnotation, reviewDueAnnotation } from "../../model";
import { watchForChanges } from "./restoration/resource";

/** One binding of a platform role in one scope, with everyone who holds it. */
export interface RoleBindingArgs {
  /** Name of the Kubernetes object. The role is part of it: a roleRef cannot change, and a new name keeps access without a gap. */
  name: pulumi.Input<string>;
  /** The namespace of a RoleBinding; left out for a ClusterRoleBinding. */
  namespace?: pulumi.Input<string>;
  /** `ClusterRole` or `Role`. */
  roleKind: pulumi.Input<string>;
  /** Name of the role. */
  roleName: pulumi.Input<string>;
  /** The groups that it binds, by the name that RBAC sees, each with the name that people know. */
  groups: pulumi.Input<pulumi.Input<BoundGroupArgs>[]>;
  /** The people whom it binds one by one, by the name that RBAC sees. @default [] */
  users?: pulumi.Input<pulumi.Input<BoundUserArgs>[]>;
  /** Last day of the next review of what it gives, or `never`: an annotation. Default: none is asked for. */
  reviewDue?: pulumi.Input<string>;
  /** Who answers for what it gives: an annotation. Default: nobody is named. */
  owner?: pulumi.Input<string>;
}

/** A group in a binding. */
export interface BoundGroupArgs {
  /** `<prefix><claim value>`, as it arrives from tokens. */
  subject: pulumi.Input<string>;
  /** The group's name at the identity provider, for the annotation that auditors read. */
  displayName: pulumi.Input<string>;
}

/** A person in a binding. */
export interface BoundUserArgs {
  /** `<prefix><value of the username claim>`, as it arrives from tokens. */
  subject: pulumi.Input<string>;
  /** The person's sign-in name, for the annotation that auditors read. */
  login: pulumi.Input<string>;
}

export interface RoleBindingsArgs {
  /** The platform that the bindings give access to; a label on each. */
  platform: pulumi.Input<string>;
  /** Bindings by a key that becomes the resource's name: stable, and new whenever the role or the scope is another. */
  bindings: Record<string, RoleBindingArgs>;
  /** Annotations on each binding, beside those that it has by itself. */
  annotations?: Record<string, string>;
}

/**
 * The RBAC bindings of one platform: one object per role and scope, holding all its groups and people. Another group is an update
 * in place; another role is a new object, made before the old one goes.
 */
export class RoleBindings extends pulumi.ComponentResource {
  /** Names of the binding objects, sorted. */
  public readonly names: pulumi.Output<string[]>;

  constructor(name: string, args: RoleBindingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:RoleBindings", name, {}, opts);
    const made = Object.entries(args.bindings)
      .sort(([left], [right]) => compareText(left, right))
      .map(([key, binding]) => createBinding(`${name}-${key}`, args, binding, this));
    watchForChanges(this, `${name}-restored`, made);
    this.names = pulumi.all(made.map(({ resource }) => resource.metadata.name)).apply((all) => [...all].sort(compareText));
    this.registerOutputs({ names: this.names });
  }
}

function createBinding(
  name: string,
  { platform, annotations }: RoleBindingsArgs,
  args: RoleBindingArgs,
  parent: pulumi.Resource,
): { resource: kubernetes.rbac.v1.RoleBinding | kubernetes.rbac.v1.ClusterRoleBinding; manifest: Record<string, unknown> } {
  const groups = pulumi.output(args.groups).apply((all) => [...all].sort((left, right) => compareText(left.subject, right.subject)));
  const users = pulumi.output(args.users ?? []).apply((all) => [...all].sort((left, right) => compareText(left.subject, right.subject)));
  const apiGroup = "rbac.authorization.k8s.io";
  const content = {
    metadata: {
      name: args.name,
      labels: { "app.kubernetes.io/managed-by": "gatehouse", "gatehouse.dev/platform": platform },
      annotations: {
        ...annotations,
        ...(args.reviewDue === undefined ? {} : { [reviewDueAnnotation]: args.reviewDue }),
        ...(args.owner === undefined ? {} : { [ownerAnnotation]: args.owner }),
        // Somebody's hand edit must not outlive the next update: without this, server-side apply ends in a conflict instead.
        "pulumi.com/patchForce": "true",
        ...(args.users === undefined
          ? {}
          : { "gatehouse.dev/users": users.apply((all) => all.map((user) => `${user.subject} = ${user.login}`).join("; ")) }),
        "gatehouse.dev/groups": groups.apply((all) => all.map((group) => `${group.subject} = ${group.displayName}`).join("; ")),
      },
    },
    roleRef: { apiGroup, kind: args.roleKind, name: args.roleName },
    subjects: pulumi
      .all([groups, users])
      .apply(([everyGroup, everyUser]) => [
        ...everyGroup.map((group) => ({ apiGroup, kind: "Group", name: group.subject })),
        ...everyUser.map((user) => ({ apiGroup, kind: "User", name: user.subject })),
      ]),
  };
  // `pulumi up --replace` would otherwise make the new one first, under a name that is taken.
  const options = { parent, deleteBeforeReplace: true };
  const apiVersion = `${apiGroup}/v1`;
  if (args.namespace === undefined) {
    const resource = new kubernetes.rbac.v1.ClusterRoleBinding(name, content, options);
    return { resource, manifest: { apiVersion, kind: "ClusterRoleBinding", ...content } };
  }
  const placed = { ...content, metadata: { ...content.metadata, namespace: args.namespace } };
  return { resource: new kubernetes.rbac.v1.RoleBinding(name, placed, options), manifest: { apiVersion, kind: "RoleBinding", ...placed } };
}
