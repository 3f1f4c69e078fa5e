import { randomBytes, randomUUID } from "node:crypto";
import type {
  AppRoleAssignment,
  Application,
  ConditionalAccessPolicy,
  DirectoryObject,
  DirectoryRoleAssignment,
  Entity,
  Group,
  ServicePrincipal,
  User,
} from "./entities";
import type { AppRole } from "./shapes";

/**
 * How late a new object shows up at a read by id (Entra's replicas; docs/traps.md, Entra ID). `reads`: the first so many look-ups miss it;
 * `milliseconds`: it is missed for so long. Both may be given; an object is visible when both have passed.
 */
export interface Consistency {
  readonly reads?: number;
  readonly milliseconds?: number;
}

export interface StoreOptions {
  readonly tenantId: string;
  /** Milliseconds since the epoch; the default is the wall clock. */
  readonly now?: () => number;
  readonly consistency?: Consistency;
}

type OfKind<K extends Entity["kind"]> = Extract<Entity, { kind: K }>;

/** Everything one tenant holds. v1.0 and beta are two views of this one store. */
export class TenantStore {
  readonly tenantId: string;
  readonly now: () => number;
  private readonly consistency: Consistency;
  private readonly entities = new Map<string, Entity>();
  private readonly pending = new Map<string, { readsLeft: number; visibleAt: number }>();
  private readonly roleAssignments = new Map<string, AppRoleAssignment>();
  private readonly directoryRoles: DirectoryRoleAssignment[] = [];
  private readonly credentials = new Map<string, { password: string; otp?: string }>();

  constructor(options: StoreOptions) {
    this.tenantId = options.tenantId;
    this.now = options.now ?? Date.now;
    this.consistency = options.consistency ?? {};
  }

  timestamp(): string {
    return new Date(this.now()).toISOString().replace(/\.\d{3}Z$/, "Z");
  }

  /** `settled`: part of the tenant before the lab began, so visible at once. */
  add<T extends Entity>(entity: T, settled = false): T {
    this.entities.set(entity.id, entity);
    if (!settled && (this.consistency.reads !== undefined || this.consistency.milliseconds !== undefined)) {
      this.pending.set(entity.id, {
        readsLeft: this.consistency.reads ?? 0,
        visibleAt: this.now() + (this.consistency.milliseconds ?? 0),
      });
    }
    return entity;
  }

  /** The object as a replica answers: undefined while it is not yet visible there. Every call counts as one read. */
  read<K extends Entity["kind"]>(kind: K, id: string): OfKind<K> | undefined {
    const entity = this.entities.get(id.toLowerCase());
    if (entity?.kind !== kind || !this.becomesVisible(entity.id)) {
      return undefined;
    }
    return entity as OfKind<K>;
  }

  readObject(id: string): DirectoryObject | undefined {
    const entity = this.entities.get(id.toLowerCase());
    if (entity === undefined || entity.kind === "conditionalAccessPolicy" || !this.becomesVisible(entity.id)) {
      return undefined;
    }
    return entity;
  }

  /** All visible objects of a kind, oldest first. Does not count as a read. */
  list<K extends Entity["kind"]>(kind: K): OfKind<K>[] {
    const found: OfKind<K>[] = [];
    for (const entity of this.entities.values()) {
      if (entity.kind === kind && !this.isPending(entity.id)) {
        found.push(entity as OfKind<K>);
      }
    }
    return found;
  }

  /** Past replication: what the token service sees, which works on the primary. */
  applicationByAppId(appId: string): Application | undefined {
    return this.every("application").find((application) => application.appId === appId.toLowerCase());
  }

  principalByAppId(appId: string): ServicePrincipal | undefined {
    return this.every("servicePrincipal").find((principal) => principal.appId === appId.toLowerCase());
  }

  user(idOrName: string): User | undefined {
    const wanted = idOrName.toLowerCase();
    return this.every("user").find((user) => user.id === wanted || user.fields.userPrincipalName.toLowerCase() === wanted);
  }

  groups(): Group[] {
    return this.every("group");
  }

  policies(): ConditionalAccessPolicy[] {
    return this.every("conditionalAccessPolicy");
  }

  remove(id: string): void {
    this.entities.delete(id);
    this.pending.delete(id);
    this.credentials.delete(id);
    for (const entity of this.entities.values()) {
      if ("owners" in entity) {
        entity.owners.delete(id);
      }
      if ("members" in entity) {
        entity.members.delete(id);
      }
    }
    for (const assignment of [...this.roleAssignments.values()]) {
      if (assignment.principalId === id || assignment.resourceId === id) {
        this.roleAssignments.delete(assignment.id);
      }
    }
  }

  assignments(resourceId?: string): AppRoleAssignment[] {
    return [...this.roleAssignments.values()].filter((one) => resourceId === undefined || one.resourceId === resourceId);
  }

  assign(assignment: Omit<AppRoleAssignment, "id" | "createdDateTime">): AppRoleAssignment {
    // Graph's own ids for these are 32 random bytes in base64url, not GUIDs.
    const made = { ...assignment, id: randomBytes(32).toString("base64url"), createdDateTime: this.timestamp() };
    this.roleAssignments.set(made.id, made);
    return made;
  }

  unassign(id: string): void {
    this.roleAssignments.delete(id);
  }

  roleHolders(): readonly DirectoryRoleAssignment[] {
    return this.directoryRoles;
  }

  assignRole(assignment: DirectoryRoleAssignment): DirectoryRoleAssignment {
    this.directoryRoles.push(assignment);
    return assignment;
  }

  rolesOf(principal: ServicePrincipal): readonly AppRole[] {
    return principal.foreign?.appRoles ?? this.applicationByAppId(principal.appId)?.fields.appRoles ?? [];
  }

  setCredentials(userId: string, password: string, otp?: string): void {
    this.credentials.set(userId, { password, otp });
  }

  credentialsOf(userId: string): { password: string; otp?: string } | undefined {
    return this.credentials.get(userId);
  }

  newId(): string {
    return randomUUID();
  }

  private every<K extends Entity["kind"]>(kind: K): OfKind<K>[] {
    return [...this.entities.values()].filter((entity): entity is OfKind<K> => entity.kind === kind);
  }

  private isPending(id: string): boolean {
    const state = this.pending.get(id);
    return state !== undefined && (state.readsLeft > 0 || state.visibleAt > this.now());
  }

  private becomesVisible(id: string): boolean {
    const state = this.pending.get(id);
    if (state === undefined) {
      return true;
    }
    if (!this.isPending(id)) {
      this.pending.delete(id);
      return true;
    }
    state.readsLeft -= 1;
    return false;
  }
}

/** The groups a user or group is in; `transitive` follows nested groups. */
export function groupsOf(store: TenantStore, memberId: string, transitive: boolean): Group[] {
  const found = new Set<Group>();
  const open = [memberId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const group of store.groups()) {
      if (!group.members.has(id) || found.has(group)) {
        continue;
      }
      found.add(group);
      if (transitive) {
        open.push(group.id);
      }
    }
  }
  return store.groups().filter((group) => found.has(group));
}
