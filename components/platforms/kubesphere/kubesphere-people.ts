import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { compareText } from "../../../model";
import { watchForChanges } from "../../access/restoration/resource";
import { bindingManifest, kubeSphereApis, userManifest, type KubeSphereTarget } from "./values";

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
    const made = people.flatMap((person) =>
      createPerson(this, name, { release, provider: args.provider, platform: args.platform }, person, workspaces),
    );
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
  const key = `${name}-${person.username}`;
  // `pulumi up --replace` would otherwise make the new one first, under a name that is taken.
  const options = { parent, deleteBeforeReplace: true };
  const account = userManifest(target, person);
  const user = new kubernetes.apiextensions.CustomResource(key, account, options);
  const made: { resource: pulumi.Resource; manifest: Record<string, unknown> }[] = [{ resource: user, manifest: account }];
  for (const { name: objectName, kind, namespace, workspace, roleKind, roleName, owner } of person.bindings) {
    const roleRef = { kind: roleKind, name: roleName };
    const manifest = bindingManifest(target, person.username, { name: objectName, kind, namespace, workspace, roleRef, owner });
    const place = namespace ?? workspace;
    const workspaceResource = workspace === undefined ? undefined : workspaces.get(workspace);
    const resource = new kubernetes.apiextensions.CustomResource(
      // The role is part of the name: a roleRef does not change, and a new object comes before the old one goes.
      place === undefined ? `${key}-${roleName}` : `${key}-${roleName}-in-${place}`,
      manifest,
      { ...options, dependsOn: [user, ...(workspaceResource === undefined ? [] : [workspaceResource])] },
    );
    made.push({ resource, manifest });
  }
  return made;
}
