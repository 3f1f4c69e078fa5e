import { z } from "zod";
import { invalid } from "./errors";
import type { JsonObject, RuleRecord } from "./model";
import type { OktaStore } from "./store";

/** Bodies of policies and rules (developer.okta.com/docs/reference/api/policy). Only the two types that Gatehouse's world uses. */
const idList = z.array(z.string());
const people = z.strictObject({
  groups: z.strictObject({ include: idList.optional(), exclude: idList.optional() }).optional(),
  users: z.strictObject({ include: idList.optional(), exclude: idList.optional() }).optional(),
});
const network = z.strictObject({ connection: z.literal("ANYWHERE", "network zones are not offered by this server: expected ANYWHERE") });
const status = z.enum(["ACTIVE", "INACTIVE"]).optional();
const name = z.string("The field cannot be left blank").trim().min(1, "The field cannot be left blank").max(255);

export const policyBody = z.strictObject({
  type: z.enum(["ACCESS_POLICY", "OKTA_SIGN_ON"]),
  name,
  description: z.string().nullish(),
  priority: z.int().min(1).optional(),
  status,
  conditions: z.strictObject({ people: people.optional() }).nullish(),
});

const factorConstraint = z.record(z.string(), z.json());
const duration = z.string().regex(/^PT?\d+[SMHD]$/, "expected an ISO 8601 duration such as PT2H");

const appSignOn = z.strictObject({
  access: z.enum(["ALLOW", "DENY"]),
  verificationMethod: z
    .strictObject({
      type: z.literal("ASSURANCE"),
      factorMode: z.enum(["1FA", "2FA"]),
      reauthenticateIn: duration.optional(),
      inactivityPeriod: duration.optional(),
      constraints: z.array(factorConstraint).optional(),
    })
    .optional(),
  keepMeSignedIn: z.strictObject({ postAuth: z.enum(["ALLOWED", "NOT_ALLOWED"]), postAuthPromptFrequency: duration.optional() }).optional(),
});

export const accessRuleBody = z.strictObject({
  type: z.literal("ACCESS_POLICY"),
  name,
  priority: z.int().min(0).optional(),
  status,
  conditions: z
    .strictObject({
      network: network.optional(),
      people: people.optional(),
      platform: z.strictObject({}, "platform conditions are not offered by this server").optional(),
      userType: z.strictObject({ include: idList.optional(), exclude: idList.optional() }).optional(),
      elCondition: z.strictObject({ condition: z.string().min(1) }).optional(),
    })
    .nullish(),
  actions: z.strictObject({ appSignOn }),
});

export const signOnRuleBody = z.strictObject({
  type: z.literal("SIGN_ON"),
  name,
  priority: z.int().min(0).optional(),
  status,
  conditions: z
    .strictObject({
      authContext: z.strictObject({ authType: z.literal("ANY") }).optional(),
      identityProvider: z.strictObject({ provider: z.enum(["ANY", "OKTA"]) }).optional(),
      network: network.optional(),
      people: people.optional(),
    })
    .nullish(),
  actions: z.strictObject({
    signon: z.strictObject({
      access: z.enum(["ALLOW", "DENY"]),
      requireFactor: z.boolean().optional(),
      primaryFactor: z.enum(["PASSWORD_IDP_ANY_FACTOR", "PASSWORD_IDP"]).optional(),
      factorPromptMode: z.enum(["ALWAYS", "DEVICE", "SESSION"]).optional(),
      factorLifetime: z.int().optional(),
      rememberDeviceByDefault: z.boolean().optional(),
      session: z
        .strictObject({ maxSessionIdleMinutes: z.int(), maxSessionLifetimeMinutes: z.int(), usePersistentCookie: z.boolean().optional() })
        .optional(),
    }),
  }),
});

export type RuleBody = z.infer<typeof accessRuleBody> | z.infer<typeof signOnRuleBody>;

/** @throws E0000001 when a condition names a group that is not there. */
export function requireGroups(store: OktaStore, conditions: { people?: z.infer<typeof people> } | null | undefined): void {
  for (const id of [...(conditions?.people?.groups?.include ?? []), ...(conditions?.people?.groups?.exclude ?? [])]) {
    if (!store.state.groups.some((group) => group.id === id)) {
      throw invalid("conditions", `conditions.people.groups: Invalid group id ${id}`);
    }
  }
}

/** Conditions as Okta answers them: `people.users.exclude` always there (the official plugin relies on it), an empty `platform` dropped. */
export function answeredConditions(body: RuleBody): JsonObject {
  const given = body.conditions ?? {};
  const users = { ...given.people?.users, exclude: given.people?.users?.exclude ?? [] };
  const common: JsonObject = {
    people: { ...(given.people?.groups === undefined ? {} : { groups: given.people.groups }), users },
    network: given.network ?? { connection: "ANYWHERE" },
  };
  if (body.type === "SIGN_ON") {
    const { authContext, identityProvider } = body.conditions ?? {};
    return { ...common, authContext: authContext ?? { authType: "ANY" }, identityProvider: identityProvider ?? { provider: "ANY" } };
  }
  const { userType, elCondition } = body.conditions ?? {};
  return {
    ...common,
    ...(elCondition === undefined ? {} : { elCondition }),
    userType: { include: userType?.include ?? [], exclude: userType?.exclude ?? [] },
  };
}

export function answeredActions(body: RuleBody): JsonObject {
  if (body.type === "SIGN_ON") {
    return JSON.parse(JSON.stringify(body.actions)) as JsonObject;
  }
  const { appSignOn: action } = body.actions;
  const answered = { ...action, keepMeSignedIn: action.keepMeSignedIn ?? { postAuth: "NOT_ALLOWED" } };
  return { appSignOn: JSON.parse(JSON.stringify(answered)) as JsonObject };
}

/** The rule that Okta makes with each access policy; it catches whoever met no other rule. */
export function catchAllRule(id: string, now: string): RuleRecord {
  return {
    id,
    name: "Catch-all Rule",
    type: "ACCESS_POLICY",
    status: "ACTIVE",
    priority: 99,
    system: true,
    created: now,
    lastUpdated: now,
    conditions: null,
    actions: {
      appSignOn: {
        access: "ALLOW",
        verificationMethod: { factorMode: "2FA", type: "ASSURANCE", reauthenticateIn: "PT2H" },
        keepMeSignedIn: { postAuth: "NOT_ALLOWED" },
      },
    },
  };
}
