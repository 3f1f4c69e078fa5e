/**
 * Whether a realm keeps a client's former secret valid beside the new one. That is the preview feature client-secret-rotation of the server
 * and a client policy of the realm; without either, a new secret ends the old one, and whatever is written to keep two is answered with 204
 * and dropped (tried on 26.4.7). Pure: reading the realm is the deployment's part.
 */
import { z } from "zod";
import { days } from "../../text/calendar";

/** `GET /admin/serverinfo`: an executor whose feature is off is not among its providers. */
export const keycloakServerSchema = z.looseObject({
  providers: z.looseObject({ "client-policy-executor": z.looseObject({ providers: z.record(z.string(), z.unknown()) }) }),
});

const executorSchema = z.looseObject({ executor: z.string(), configuration: z.record(z.string(), z.unknown()).nullish() });
const profileSchema = z.looseObject({ name: z.string(), executors: z.array(executorSchema).nullish() });

/** `GET /admin/realms/<realm>/client-policies/profiles` */
export const keycloakProfilesSchema = z.looseObject({ profiles: z.array(profileSchema).nullish() });

const conditionSchema = z.looseObject({ condition: z.string(), configuration: z.record(z.string(), z.unknown()).nullish() });
const policySchema = z.looseObject({
  name: z.string(),
  enabled: z.boolean().nullish(),
  conditions: z.array(conditionSchema).nullish(),
  profiles: z.array(z.string()).nullish(),
});

/** `GET /admin/realms/<realm>/client-policies/policies` */
export const keycloakPoliciesSchema = z.looseObject({ policies: z.array(policySchema).nullish() });

/** What a server and its realm say of client secrets. */
export interface KeycloakSecretPolicies {
  readonly server: z.infer<typeof keycloakServerSchema>;
  readonly profiles: z.infer<typeof keycloakProfilesSchema>;
  readonly policies: z.infer<typeof keycloakPoliciesSchema>;
}

/** What the stack file promises. */
interface Promised {
  readonly overlap: string;
  readonly lifetime: string;
}

type Condition = z.infer<typeof conditionSchema>;

const executorName = "secret-rotation";
const secondsOfDay = 86_400;

/** Whether a condition holds for each confidential client, whoever makes or changes it. */
function holdsForConfidential({ condition, configuration }: Condition): boolean {
  // The admin console writes it as a text.
  const negated = [true, "true"].some((value) => configuration?.["is-negative-logic"] === value);
  const types = configuration?.["type"];
  return (
    !negated &&
    (condition === "any-client" || (condition === "client-access-type" && Array.isArray(types) && types.includes("confidential")))
  );
}

/**
 * Why the realm would not keep the stack file's promise.
 * @returns what came instead, and how to mend it; undefined when it keeps it
 */
export function keycloakOverlapFault(
  { server, profiles, policies }: KeycloakSecretPolicies,
  promised: Promised,
): { readonly received: string; readonly fix: string } | undefined {
  if (!(executorName in server.providers["client-policy-executor"].providers)) {
    return {
      received: "a server without it",
      fix: "build the server with --features=client-secret-rotation (a preview feature), or remove overlap: the old secret then ends with the new one's beginning",
    };
  }
  const rotating = new Map(
    (profiles.profiles ?? []).flatMap(({ name, executors }) =>
      (executors ?? [])
        .filter(({ executor }) => executor === executorName)
        .map(({ configuration }) => [name, configuration ?? {}] as const),
    ),
  );
  const found = (policies.policies ?? [])
    .filter(({ enabled }) => enabled === true)
    .flatMap(({ name, conditions, profiles: names }) =>
      (names ?? []).flatMap((profile) => {
        const periods = rotating.get(profile);
        return periods === undefined ? [] : [{ name, conditions: conditions ?? [], periods }];
      }),
    );
  if (!found.some(({ conditions }) => conditions.length > 0 && conditions.every(holdsForConfidential))) {
    return {
      received:
        found.length === 0
          ? "a realm without one"
          : `one with other conditions (policy ${found.map(({ name }) => name).join(", ")}), which may not hold for the stack's clients`,
      fix: "make a client policy with the condition client-access-type: confidential and a profile with the executor secret-rotation (realm settings, Client policies), or remove overlap",
    };
  }
  // A policy that holds for some clients alone may hold for ours: each must be long enough.
  return found.map(({ name, periods }) => tooShort(name, periods, promised)).find((fault) => fault !== undefined);
}

function tooShort(
  policy: string,
  periods: Readonly<Record<string, unknown>>,
  { overlap, lifetime }: Promised,
): { readonly received: string; readonly fix: string } | undefined {
  const short = (
    [
      ["rotated-expiration-period", "overlap", overlap],
      ["expiration-period", "lifetime", lifetime],
    ] as const
  ).find(([period, , length]) => !(Number(periods[period]) >= days(length) * secondsOfDay));
  if (short === undefined) {
    return undefined;
  }
  const [period, setting, length] = short;
  const seconds = days(length) * secondsOfDay;
  return {
    received: `the policy ${policy} with ${period} ${JSON.stringify(periods[period] ?? null)} where secret.${setting} is ${length} (${seconds} s)`,
    fix: `let the profile say at least ${seconds}, or write a shorter ${setting}`,
  };
}
