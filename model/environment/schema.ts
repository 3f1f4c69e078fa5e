import { z } from "zod";
import { certificateLifetimeFault } from "../text/certificates";
import { compatibility } from "./compatibility";
import { identityProviderFacts, identityProviderOf, identityProviderSchema } from "../identity-providers";
import { checkOccupied, type Occupied } from "./checks/exclusive-places";
import { peopleProblems } from "../access/people";
import { platformOf, platformSchema } from "../platforms";
import { addProblem, describeReceived, InvalidEnvironmentError, problemsFromZod, type Problem } from "../text/problems";
import { keySchema, memberSchema, trustedName } from "../text/primitives";
import { isPlain } from "../text/printable";
import { prototypeKeys, settingsOfOthers } from "./unknown-settings";

/** Days for which a grant whose `until` has passed may still stand in the file: `up` takes it away and says so. */
export const expiredGrantGraceDays = 30;

/** Names that a group must not have: Kubernetes and K10 trust them by themselves, or they hold everybody. */
const reservedGroupName = /^(system:|k10:)|^everyone$/i;

const groupNameSchema = z
  .string()
  .min(1, "a name")
  .max(255, "a name of at most 255 characters")
  .superRefine((name, context) => {
    if (reservedGroupName.test(name)) {
      addProblem(context, [], {
        expected: "a group of this environment's own; names beginning with system: or k10:, and Everyone, are refused",
        received: describeReceived(name, []),
        fix: "make a group for the people who need the access, and grant to that",
      });
    } else if (name !== name.trim() || !isPlain(name)) {
      addProblem(context, [], {
        expected: "a name without surrounding blanks or control characters",
        received: describeReceived(name, []),
      });
    }
  });

const groupSchema = z
  .strictObject({
    displayName: groupNameSchema.optional().describe("Name of a group that the stack creates, and deletes when it goes."),
    existing: groupNameSchema.optional().describe("Exact name of a group that is there already, and stays when the stack goes."),
    description: z
      .string()
      .max(1024, "a description of at most 1024 characters")
      .refine((text) => text.split("\n").every(isPlain), "a description without control characters")
      .optional(),
    members: z
      .array(memberSchema)
      .optional()
      .describe("Sign-in names. When written, the stack owns the whole membership; without it, others manage it."),
  })
  .superRefine((group, context) => {
    if ((group.displayName === undefined) === (group.existing === undefined)) {
      addProblem(context, [], {
        expected: "exactly one of displayName (the stack creates the group) and existing (it is there already)",
        received: group.existing === undefined ? "neither" : "both",
      });
    }
    for (const key of ["description", "members"] as const) {
      if (group.existing !== undefined && group[key] !== undefined) {
        addProblem(context, [key], {
          expected: "it left out: an existing group is managed by its owner",
          received: describeReceived(group[key], []),
        });
      }
    }
    const members = group.members ?? [];
    members.forEach((member, position) => {
      if (members.findIndex((other) => other.toLowerCase() === member.toLowerCase()) < position) {
        addProblem(context, ["members", position], { expected: "each member once", received: describeReceived(member, []) });
      }
    });
  });

/** A group of an environment: made by the stack, or there already. */
export type GroupSpec = z.infer<typeof groupSchema>;

/** The typed description of one environment: `gatehouse:idp`, `gatehouse:groups` and `gatehouse:platforms` of a stack file. */
export const environmentSchema = z
  .strictObject({
    idp: identityProviderSchema,
    groups: z.record(keySchema, groupSchema),
    platforms: z.record(keySchema, platformSchema).refine((value) => Object.keys(value).length > 0, "at least one platform"),
  })
  .superRefine((environment, context) => {
    checkGroups(environment, context);
    checkGrants(environment, context);
    checkPlatforms(environment, context);
  });

export type Environment = z.infer<typeof environmentSchema>;

/** The name of a group at the identity provider. */
export function groupName(group: GroupSpec): string {
  // The schema holds exactly one of the two.
  return group.existing ?? group.displayName ?? "";
}

function checkGroups(environment: Environment, context: z.core.$RefinementCtx): void {
  const seen = new Map<string, string>();
  for (const [key, group] of Object.entries(environment.groups)) {
    const name = groupName(group).toLowerCase();
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      addProblem(context, ["groups", key], {
        expected: `a name of its own; '${earlier}' is the same group`,
        received: describeReceived(groupName(group), []),
        fix: "use one key for it in all grants",
      });
    }
    seen.set(name, key);
    const fault = identityProviderOf(environment.idp).groupNameFault?.(groupName(group));
    if (fault !== undefined) {
      addProblem(context, ["groups", key, group.existing === undefined ? "displayName" : "existing"], {
        expected: `a name by which ${identityProviderFacts(environment.idp).capabilities.title} finds the group`,
        received: `${describeReceived(groupName(group), [])}, which ${fault}`,
        fix: "give the group another name",
      });
    }
  }
}

function checkGrants(environment: Environment, context: z.core.$RefinementCtx): void {
  const keys = Object.keys(environment.groups);
  for (const { path, key } of identityProviderOf(environment.idp).referencedGroups(environment.idp)) {
    if (!keys.includes(key)) {
      addProblem(context, ["idp", ...path], {
        expected: `a key of gatehouse:groups (${keys.join(", ") || "none is there"})`,
        received: describeReceived(key, []),
      });
    }
  }
  for (const [name, platform] of Object.entries(environment.platforms)) {
    platform.access.forEach((grant, position) => {
      if (!keys.includes(grant.group)) {
        addProblem(context, ["platforms", name, "access", position, "group"], {
          expected: `a key of gatehouse:groups (${keys.join(", ") || "none is there"})`,
          received: describeReceived(grant.group, []),
        });
      }
    });
  }
}

function checkPlatforms(environment: Environment, context: z.core.$RefinementCtx): void {
  const { capabilities } = identityProviderFacts(environment.idp);
  const callbacks = new Map<string, string>();
  const occupied: Occupied = new Map();
  for (const [name, platform] of Object.entries(environment.platforms)) {
    const definition = platformOf(platform);
    for (const reason of compatibility(capabilities, definition.capabilities).errors) {
      addProblem(context, ["platforms", name, "kind"], {
        expected: `a platform that works with ${capabilities.title}`,
        received: `${platform.kind}: ${reason}`,
      });
    }
    const fault = definition.identityProviderFault?.(platform, identityProviderFacts(environment.idp));
    if (fault !== undefined) {
      addProblem(context, ["platforms", name, ...fault.path], fault);
    }
    const { clientAuthentication, redirectUris } = definition.requirements(platform, identityProviderFacts(environment.idp));
    const refusal = clientAuthentication === "none" ? identityProviderOf(environment.idp).publicClientFault?.(environment.idp) : undefined;
    if (refusal !== undefined) {
      addProblem(context, ["platforms", name, "kind"], { ...refusal, received: `${platform.kind}, whose client keeps no secret` });
    }
    checkRedirects(environment, name, redirectUris, clientAuthentication === "none", context);
    // A public client waits on the person's own machine, where several may take turns at one port: there the address opened counts.
    const addresses = clientAuthentication === "none" ? [] : redirectUris.map((uri) => ["redirect URI", uri] as const);
    for (const [what, uri] of [...addresses, ["address", definition.url(platform)] as const]) {
      const earlier = callbacks.get(uri);
      if (earlier !== undefined) {
        addProblem(context, ["platforms", name], {
          expected: "an address of its own",
          received: `the ${what} of '${earlier}', ${uri}`,
        });
      }
      callbacks.set(uri, name);
    }
    checkGroupNames(environment, name, context);
    checkOccupied(environment, name, occupied, context);
    for (const problem of peopleProblems(environment, name)) {
      addProblem(context, problem.path, problem);
    }
  }
}

/** Refused here rather than by the identity provider, in the middle of an update. */
function checkRedirects(
  environment: Environment,
  name: string,
  uris: readonly string[],
  publicClient: boolean,
  context: z.core.$RefinementCtx,
): void {
  const { redirectFault } = identityProviderOf(environment.idp);
  for (const uri of uris) {
    const fault = redirectFault?.(uri, publicClient);
    if (fault !== undefined) {
      addProblem(context, ["platforms", name], {
        expected: `a redirect URI that ${identityProviderFacts(environment.idp).capabilities.title} takes`,
        received: `${describeReceived(uri, [])}, which ${fault}`,
      });
    }
  }
}

/** Where group names reach RBAC without a prefix, a name that is trusted already must not be anybody's to take. */
function checkGroupNames(environment: Environment, name: string, context: z.core.$RefinementCtx): void {
  const platform = environment.platforms[name];
  const facts = identityProviderFacts(environment.idp);
  if (
    platform === undefined ||
    platformOf(platform).capabilities.authorises === "users-only" ||
    (facts.capabilities.claimValue !== "name" && platformOf(platform).groupNames?.(platform) !== "display-names") ||
    platformOf(platform).identity(platform, facts).groups.prefix !== ""
  ) {
    return;
  }
  const { title, ownGroups = [] } = platformOf(platform).capabilities;
  platform.access.forEach((grant, position) => {
    const called = groupName(environment.groups[grant.group] ?? {});
    // A reserved name is refused where the group stands, for every platform.
    if (!reservedGroupName.test(called) && (trustedName.test(called) || ownGroups.includes(called))) {
      addProblem(context, ["platforms", name, "access", position, "group"], {
        expected: `a group whose name nothing trusts yet: ${title} hands names to RBAC without a prefix`,
        received: describeReceived(called, []),
        fix: "give the group another name at the identity provider",
      });
    }
  });
}

/** An environment that was accepted. */
export interface ParsedEnvironment {
  /** Without the grants that have ended. */
  readonly environment: Environment;
  /** Grants left out because their last day has passed, for a warning. */
  readonly expired: readonly { readonly path: string; readonly group: string; readonly role: string; readonly until: string }[];
}

/**
 * Accepts or refuses the raw configuration of an environment.
 * @param today the day in UTC, `YYYY-MM-DD`; grants end by it
 * @throws InvalidEnvironmentError with every problem that was found
 */
export function parseEnvironment(raw: unknown, today: string): ParsedEnvironment {
  const parsed = environmentSchema.safeParse(raw);
  const problems = [...prototypeKeys(raw), ...(parsed.success ? [] : settingsOfOthers(problemsFromZod(parsed.error, raw), raw))];
  if (!parsed.success || problems.length > 0) {
    throw new InvalidEnvironmentError(problems);
  }
  refuseEndingCertificates(parsed.data, today);
  return dropExpired(parsed.data, today);
}

function refuseEndingCertificates(environment: Environment, today: string): void {
  const problems = Object.entries(environment.platforms).flatMap(([name, platform]) =>
    (platformOf(platform).certificates?.(platform) ?? []).flatMap(({ path, pem }): Problem[] => {
      const fault = certificateLifetimeFault(pem, today);
      return fault === undefined ? [] : [{ path: ["platforms", name, ...path], ...fault, fix: "renew it first" }];
    }),
  );
  if (problems.length > 0) {
    throw new InvalidEnvironmentError(problems);
  }
}

/**
 * A grant holds to the end of its last day. On the days after, `up` takes it away; a file that still carries it a month
 * later is refused, as is a new grant written with a date long gone (docs/decisions: ended grants).
 */
function dropExpired(environment: Environment, today: string): ParsedEnvironment {
  const problems: Problem[] = [];
  const expired: { path: string; group: string; role: string; until: string }[] = [];
  const oldest = new Date(Date.parse(`${today}T00:00:00Z`) - expiredGrantGraceDays * 86_400_000).toISOString().slice(0, 10);
  const kept = Object.entries(environment.platforms).map(([name, platform]) => {
    const access = platform.access.filter((grant, position) => {
      if (grant.until === undefined || grant.until >= today) {
        return true;
      }
      const path = ["platforms", name, "access", position, "until"];
      if (grant.until < oldest) {
        problems.push({
          path,
          expected: `a day that has not passed, or passed within the last ${expiredGrantGraceDays} days (today is ${today})`,
          received: grant.until,
          fix: "remove the grant, or write its new last day",
        });
      }
      expired.push({ path: `platforms.${name}.access[${position}]`, group: grant.group, role: grant.role, until: grant.until });
      return false;
    });
    // The same platform with fewer grants; the compiler cannot follow its kind through the filter.
    return [name, { ...platform, access } as typeof platform] as const;
  });
  if (problems.length > 0) {
    throw new InvalidEnvironmentError(problems);
  }
  return { environment: { ...environment, platforms: Object.fromEntries(kept) }, expired };
}
