import * as pulumi from "@pulumi/pulumi";
import { makePolicies } from "../../policies/pack";
import { rules } from "../../policies/rules";
import { tenFaults } from "../../policies/ten-faults";
import { runPolicies, today, type Fixture, type Report } from "./harness";
import { unwrap } from "./program";

const secret = "a-client-secret-that-no-message-may-show";

/** The lab's bad stack, run under mocks: what its resources register is judged. The end-to-end test runs it under the real engine. */
describe("the bad stack", () => {
  let reports: Report[];

  beforeAll(async () => {
    const registered: Fixture[] = [];
    const mocks: pulumi.runtime.Mocks = {
      newResource: ({ type, name, inputs, provider }) => {
        const okta = provider?.includes("okta") === true;
        registered.push({
          type,
          name,
          props: unwrap(inputs) as Record<string, unknown>,
          ...(okta ? { provider: { accessToken: "t" } } : {}),
        });
        return { id: `${name}-id`, state: { ...(inputs as object), clientId: "client", clientSecret: secret, value: secret } };
      },
      call: () => ({}),
    };
    await pulumi.runtime.setMocks(mocks);
    await import("../../lab/story/bad-stack/index.js");
    // Every registration that is under way, and those that follow from it through outputs.
    await pulumi.runtime.disconnect();
    reports = await runPolicies(
      makePolicies(rules, () => today),
      registered,
    );
  });

  it("breaks every mandatory rule but Keycloak's, and that of Okta's administrators, whom the lab's provider does not know", () => {
    const reported = new Set(reports.map(({ policy }) => policy));
    const missed = rules.filter(({ id, level }) => level === "mandatory" && !reported.has(id)).map(({ id }) => id);
    expect(missed.sort()).toEqual([
      "keycloak-client-hardened",
      "keycloak-no-hardcoded-role",
      "keycloak-realm-closed",
      "okta-no-administrators",
    ]);
  });

  it.each(tenFaults.map(({ fault, rule }) => [fault, rule]))("has the fault '%s', which %s reports", (_, rule) => {
    expect(rules.find(({ id }) => id === rule)?.level).toBe("mandatory");
    expect(reports.filter(({ policy }) => policy === rule).length).toBeGreaterThan(0);
  });

  it("names ten different rules for its ten faults", () => {
    expect(new Set(tenFaults.map(({ rule }) => rule)).size).toBe(10);
  });

  it("tells no secret", () => {
    expect(reports.filter(({ policy }) => policy === "values-no-inline-secret").map(({ message }) => message.split("\n")[0])).toEqual([
      "values.auth.oidcAuth.clientSecret: expected a reference to a Kubernetes Secret, got a value",
    ]);
    expect(JSON.stringify(reports)).not.toContain(secret);
  });
});
