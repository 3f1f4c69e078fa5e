import { randomBytes, randomInt, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { found, notFound } from "./errors";
import type { AppRecord, AuthorizationServerRecord, GroupRecord, OktaState, PolicyRecord, UserRecord } from "./model";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const derive = promisify<string, string, number, Buffer>(scrypt);

export type IdPrefix = "00o" | "00g" | "00u" | "0oa" | "rst" | "rul" | "00p" | "0pr" | "aus" | "ocl" | "ocs" | "scp" | "oag" | "ra1";

/** An id as Okta writes them: a prefix for the kind, 20 characters in all. */
export function newId(prefix: IdPrefix): string {
  let id: string = prefix;
  while (id.length < 20) {
    id += alphabet[randomInt(alphabet.length)] ?? "0";
  }
  return id;
}

/** Now, as Okta writes times: whole seconds with `.000Z`. */
export function timestamp(date = new Date()): string {
  return `${date.toISOString().slice(0, 19)}.000Z`;
}

export async function hashPassword(password: string): Promise<{ salt: string; hash: string }> {
  const salt = randomBytes(16).toString("base64url");
  return { salt, hash: (await derive(password, salt, 32)).toString("base64url") };
}

export async function passwordMatches(password: string, stored: { salt: string; hash: string }): Promise<boolean> {
  return timingSafeEqual(await derive(password, stored.salt, 32), Buffer.from(stored.hash, "base64url"));
}

/** The organisation's objects, with the look-ups that several endpoints share. */
export class OktaStore {
  constructor(
    readonly state: OktaState,
    private readonly onChange: () => void = () => undefined,
  ) {}

  /** To be called after every change, so that it is kept. */
  changed(): void {
    this.onChange();
  }

  group(id: string): GroupRecord {
    return found(this.state.groups, id, "UserGroup");
  }

  /** By id, login or short login (the part before `@`, when only one has it): developer.okta.com/docs/reference/api/users, "Get user". */
  user(idOrLogin: string): UserRecord {
    const users = this.state.users;
    const wanted = idOrLogin.toLowerCase();
    const short = users.filter((user) => user.profile.login.toLowerCase().split("@")[0] === wanted);
    const user =
      users.find((candidate) => candidate.id === idOrLogin) ??
      users.find((candidate) => candidate.profile.login.toLowerCase() === wanted) ??
      (short.length === 1 ? short[0] : undefined);
    if (user === undefined) {
      throw notFound(idOrLogin, "User");
    }
    return user;
  }

  app(id: string): AppRecord {
    return found(this.state.apps, id, "AppInstance");
  }

  policy(id: string): PolicyRecord {
    return found(this.state.policies, id, "Policy");
  }

  authorizationServer(id: string): AuthorizationServerRecord {
    return found(this.state.authorizationServers, id, "AuthorizationServer");
  }

  /** The access policy that an app gets when nobody chose one. */
  systemAccessPolicy(): PolicyRecord {
    const policy = this.state.policies.find((candidate) => candidate.type === "ACCESS_POLICY" && candidate.system);
    if (policy === undefined) {
      throw notFound("system ACCESS_POLICY", "Policy");
    }
    return policy;
  }

  members(group: GroupRecord): UserRecord[] {
    if (group.type === "BUILT_IN") {
      return this.state.users.filter((user) => user.status !== "DEPROVISIONED");
    }
    const byId = new Map(this.state.users.map((user) => [user.id, user]));
    return group.members.flatMap((id) => byId.get(id) ?? []);
  }

  groupsOf(user: UserRecord): GroupRecord[] {
    return this.state.groups.filter((group) =>
      group.type === "BUILT_IN" ? user.status !== "DEPROVISIONED" : group.members.includes(user.id),
    );
  }

  /** Directly, or through a group that is assigned to the app. */
  assigned(app: AppRecord, user: UserRecord): "USER" | "GROUP" | undefined {
    if (app.users.some((assignment) => assignment.id === user.id)) {
      return "USER";
    }
    const groups = new Set(this.groupsOf(user).map((group) => group.id));
    return app.groups.some((assignment) => groups.has(assignment.id)) ? "GROUP" : undefined;
  }
}
