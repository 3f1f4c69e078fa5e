import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { compareText, kubeSphereApis, kubeSphereResourceName } from "../../../model";
import { watchForChanges } from "../../access/restoration/resource";
import { bindingManifest, userManifest, type KubeSphereTarget } from "./values";

/** One role of a person in one place. */
export interface KubeSphereBindingArgs {
  /** Name of the object. */
  name: string;
  /** `GlobalRoleBinding`, `WorkspaceRoleBinding` or `RoleBinding`. */
  kind: string;
  /** Set for a RoleBinding. */
  namespace?: string;
  /** Set for a WorkspaceRoleBinding. */
  workspace?: string;
  /** `GlobalRole`, `WorkspaceRole` or `Role`. */
  roleKind: string;
  /** Name of the role. */
  roleName: string;
  /** Who answers for it: an annotation. Default: nobody is named. */
  owner?: string;
}

/** A person who may sign in. */
export interface KubeSpherePersonArgs {
  /** Sign-in name, an address. */
  login: string;
  /** `sub` of the person's tokens. */
  subject: string;
  /** User name in KubeSphere. */
  username: string;
  /** What the person holds. */
  bindings: KubeSphereBindingArgs[];
}

export interface KubeSpherePeopleArgs {
  /** Major release, 3 or 4. */
  release: number;
  /** Name of the identity provider in KubeSphere. */
  provider: string;
  /** The people, each with the bindings that the person holds. */
  people: KubeSpherePersonArgs[];
  /** The platform that the objects give access to; a label on each. Default: no label. */
  platform?: string;
  /** The platform was taken over: of Users and bindings that were there, what others wrote becomes the stack's. @default false */
  adopted?: boolean;
}

/**
 * The people of a KubeSphere, with the roles that their groups give them: KubeSphere cannot read groups, so each is a User
 * of their own. A User that is there already is not taken over: its creation fails, and the account stays as it is.
 */
export class KubeSpherePeople extends pulumi.ComponentResource {
  /** User names, sorted. */
  public readonly usernames: pulumi.Output<string[]>;

  constructor(name: string, args: KubeSpherePeopleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("gatehouse:index:KubeSpherePeople", name, {}, opts);
    const release = requireRelease(args.release);
    const people = [...args.people].sort((left, right) => compareText(left.username, right.username));
    const workspaces = presentWorkspaces(this, name, release, people);
    const target: KubeSphereTarget = { release, provider: args.provider, platform: args.platform, adopted: args.adopted };
    const made = people.flatMap((person) => createPerson(this, name, target, person, workspaces));
    watchForChanges(this, `${name}-restored`, made);
    this.usernames = pulumi.output(people.map((person) => person.username));
    this.registerOutputs({ usernames: this.usernames });
  }
}

function requireRelease(release: number): 3 | 4 {
  if (release !== 3 && release !== 4) {
    throw new Error(`KubeSphere's release: expected 3 or 4, got ${release}.`);
  }
  return release;
}

/** Reads every workspace that a binding names: KubeSphere would ignore a role of one that is not there, without a word. */
function presentWorkspaces(
  parent: pulumi.Resource,
  name: string,
  release: 3 | 4,
  people: readonly KubeSpherePersonArgs[],
): Map<string, pulumi.Resource> {
  const names = new Set(
    people.flatMap((person) => person.bindings.flatMap(({ workspace }) => (workspace === undefined ? [] : [workspace]))),
  );
  const { tenant } = kubeSphereApis[release];
  return new Map(
    [...names].sort(compareText).map((workspace) => [
      workspace,
      kubernetes.apiextensions.CustomResource.get(`${name}-workspace-${workspace}`, {
        apiVersion: tenant,
        kind: "Workspace",
        id: workspace,
        parent,
      }),
    ]),
  );
}

function createPerson(
  parent: pulumi.Resource,
  name: string,
  target: KubeSphereTarget,
  person: KubeSpherePersonArgs,
  workspaces: ReadonlyMap<string, pulumi.Resource>,
): { resource: pulumi.Resource; manifest: Record<string, unknown> }[] {
  // `pulumi up --replace` would otherwise make the new one first, under a name that is taken.
  const options = { parent, deleteBeforeReplace: true };
  const account = userManifest(target, person);
  const user = new kubernetes.apiextensions.CustomResource(kubeSphereResourceName(name, person.username), account, {
    ...options,
    // An account of KubeSphere may have a password, of which its spec keeps the hash.
    additionalSecretOutputs: ["spec"],
  });
  const made: { resource: pulumi.Resource; manifest: Record<string, unknown> }[] = [{ resource: user, manifest: account }];
  for (const { name: objectName, kind, namespace, workspace, roleKind, roleName, owner } of person.bindings) {
    const roleRef = { kind: roleKind, name: roleName };
    const manifest = bindingManifest(target, person.username, { name: objectName, kind, namespace, workspace, roleRef, owner });
    const workspaceResource = workspace === undefined ? undefined : workspaces.get(workspace);
    const resource = new kubernetes.apiextensions.CustomResource(
      kubeSphereResourceName(name, person.username, { roleName, namespace, workspace }),
      manifest,
      { ...options, dependsOn: [user, ...(workspaceResource === undefined ? [] : [workspaceResource])] },
    );
    made.push({ resource, manifest });
  }
  return made;
}
