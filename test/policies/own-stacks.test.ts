import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { scenarios, type Scenario } from "../../lab/story/scenarios";
import { makePolicies } from "../../policies/pack";
import { rules } from "../../policies/rules";
import { bindingTypes } from "../../policies/types";
import { runPolicies, today, type Fixture, type Report } from "./harness";

// OpenUnison's charts come some seconds after their operator where nothing waits for pods; no cluster is waited for here.
jest.mock("node:timers/promises", () => ({
  ...jest.requireActual<typeof import("node:timers/promises")>("node:timers/promises"),
  setTimeout: (_: number, value: unknown) => Promise.resolve(value),
}));

const folder = resolve(__dirname, "../../stacks");
const files = readdirSync(folder).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
const objectId = "7a0c1f7e-5d1b-4d7b-9c1a-0a1b2c3d4e5f";
/** Kubernetes' own bindings, or those of a platform with access control of its own. */
const anyBinding = new RegExp(String.raw`${bindingTypes.source}|^kubernetes:iam\.kubesphere\.io/.*RoleBinding$`);
const mandatory = new Set(rules.filter(({ level }) => level === "mandatory").map(({ id }) => id));

/** The settings of the pack that a lab stack is previewed with, as its user would write them down. */
const settingsOf = (file: string): Scenario["policies"] => scenarios.find(({ stack }) => file === `Pulumi.${stack}.yaml`)?.policies;

/** What the components make is held to the rules that everybody is held to: no exceptions for ourselves. */
describe("the stacks of this repository", () => {
  it("are found", () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)(
    "%s breaks no mandatory rule",
    async (file) => {
      const registered = await register(join(folder, file));
      expect(registered.map(({ type }) => type)).toEqual(expect.arrayContaining([expect.stringMatching(anyBinding)]));
      const reports: Report[] = await runPolicies(
        makePolicies(rules, () => today),
        registered,
        settingsOf(file),
      );
      expect(
        reports.filter(({ policy }) => mandatory.has(policy)).map(({ policy, urn, message }) => `${policy} ${urn ?? ""}: ${message}`),
      ).toEqual([]);
    },
    30_000,
  );
});

/** Registers the resources of the program with a stack file, under mocks. */
async function register(file: string): Promise<Fixture[]> {
  const { config } = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
  const registered: Fixture[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const props = inputs as Record<string, unknown>;
        if (!type.startsWith("gatehouse:")) {
          registered.push({ type, name, props: unwrap(props) as Record<string, unknown> });
        }
        return { id: objectId, state: { ...props, objectId, clientId: "client", value: "secret", result: "secret" } };
      },
      call: ({ inputs }) => {
        const asked = inputs as { search?: string };
        const found = { ...asked, id: objectId, objectId, groupId: objectId, tenantId: objectId, clientId: objectId };
        // Okta is asked for a group by a search: profile.name eq "…".
        const [, name = ""] = /"(.*)"/.exec(asked.search ?? "") ?? [];
        return { ...found, users: [], members: [], groups: [{ id: objectId, name }] };
      },
    },
    "gatehouse",
    "test",
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)])),
  );
  const program = jest.requireActual<() => Promise<unknown>>("../../stacks");
  await program();
  let before = -1;
  // Bindings come last.
  const bound = (): boolean => registered.some(({ type }) => anyBinding.test(type));
  const patience = Date.now() + 15_000;
  while (before !== registered.length || (!bound() && Date.now() < patience)) {
    before = registered.length;
    await new Promise((settled) => setTimeout(settled, 200));
  }
  return registered;
}

/** Mocked inputs carry secrets as envelopes; policies get them unpacked. */
function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(unwrap);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const envelope = value as Record<string, unknown>;
  if ("4dabf18193072939515e22adb298388d" in envelope) {
    return unwrap(envelope["value"]);
  }
  return Object.fromEntries(Object.entries(envelope).map(([key, child]) => [key, unwrap(child)]));
}
