import { keycloakOverlapFault } from "../../../../model";

type Policies = Parameters<typeof keycloakOverlapFault>[0];

// As Keycloak 26.4.7 answers a service account of the realm.
const server: Policies["server"] = {
  providers: { "client-policy-executor": { providers: { "secret-rotation": {}, "pkce-enforcer": {} } } },
};
const day = 86_400;
const configuration = { "expiration-period": 60 * day, "rotated-expiration-period": 7 * day, "remaining-rotation-period": day };
const profiles: Policies["profiles"] = { profiles: [{ name: "two", executors: [{ executor: "secret-rotation", configuration }] }] };
const confidential = { condition: "client-access-type", configuration: { type: ["confidential"] } };
const policy = { name: "keep", enabled: true, conditions: [confidential], profiles: ["two"] };
const promised = { overlap: "7d", lifetime: "60d" };

const fault = (change: Partial<Policies>): string | undefined =>
  keycloakOverlapFault({ server, profiles, policies: { policies: [policy] }, ...change }, promised)?.received;
const withPeriods = (periods: Record<string, unknown>): Partial<Policies> => ({
  profiles: { profiles: [{ name: "two", executors: [{ executor: "secret-rotation", configuration: { ...configuration, ...periods } }] }] },
});
const withPolicies = (...policies: readonly object[]): Partial<Policies> => ({ policies: { policies: policies as (typeof policy)[] } });

test.each([
  ["a policy for confidential clients", {}],
  ["one for every client", withPolicies({ ...policy, conditions: [{ condition: "any-client" }] })],
  ["numbers as text, as the admin console writes them", withPeriods({ "rotated-expiration-period": String(7 * day) })],
  ["a second policy about something else", withPolicies({ ...policy, name: "pkce", profiles: ["fapi"], conditions: [] }, policy)],
])("%s keeps the promise", (_what, change) => {
  expect(fault(change)).toBeUndefined();
});

const other = "which may not hold for the stack's clients";

test.each([
  ["the feature is off", { server: { providers: { "client-policy-executor": { providers: {} } } } }, "a server without it"],
  ["no policy", withPolicies(), "a realm without one"],
  ["no profile", { profiles: { profiles: [] } }, "a realm without one"],
  ["nothing at all", { profiles: {}, policies: {} }, "a realm without one"],
  ["a policy that is off", withPolicies({ ...policy, enabled: false }), "a realm without one"],
  ["no condition, which matches nobody", withPolicies({ ...policy, conditions: [] }), `one with other conditions (policy keep), ${other}`],
  [
    "public clients alone",
    withPolicies({ ...policy, conditions: [{ condition: "client-access-type", configuration: { type: ["public"] } }] }),
    `one with other conditions (policy keep), ${other}`,
  ],
  [
    "all but confidential ones",
    withPolicies({
      ...policy,
      conditions: [{ condition: "client-access-type", configuration: { type: ["confidential"], "is-negative-logic": "true" } }],
    }),
    `one with other conditions (policy keep), ${other}`,
  ],
  [
    "a condition beside it that may not hold",
    withPolicies({ ...policy, conditions: [confidential, { condition: "client-roles", configuration: { roles: ["x"] } }] }),
    `one with other conditions (policy keep), ${other}`,
  ],
  [
    "too short an overlap",
    withPeriods({ "rotated-expiration-period": 7 * day - 1 }),
    "the policy keep with rotated-expiration-period 604799 where secret.overlap is 7d (604800 s)",
  ],
  [
    "too early an end",
    withPeriods({ "expiration-period": 59 * day }),
    "the policy keep with expiration-period 5097600 where secret.lifetime is 60d (5184000 s)",
  ],
  [
    "no period",
    withPeriods({ "rotated-expiration-period": undefined }),
    "the policy keep with rotated-expiration-period null where secret.overlap is 7d (604800 s)",
  ],
])("%s does not", (_what, change, received) => {
  expect(fault(change)).toBe(received);
});

test("a shorter policy beside a good one, which may hold for a client of the stack, does not keep it", () => {
  const short = {
    name: "short",
    executors: [{ executor: "secret-rotation", configuration: { ...configuration, "expiration-period": day } }],
  };
  const both = {
    profiles: { profiles: [...(profiles.profiles ?? []), short] },
    ...withPolicies(policy, { ...policy, name: "some", conditions: [{ condition: "client-roles" }], profiles: ["short"] }),
  };
  expect(fault(both)).toMatch(/^the policy some with expiration-period 86400 /);
});
