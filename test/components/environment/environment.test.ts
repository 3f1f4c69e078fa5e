import * as kubernetes from "@pulumi/kubernetes";
import * as okta from "@pulumi/okta";
import { sampleRaw } from "../../fixtures/sample";
import { compareText, dayOf, parseEnvironment, type EnvironmentDocument, type EnvironmentInput } from "../../../model";
import { listing, secret, settled, simulate, type Registered } from "../harness";
import { organisation } from "./world";

const described = sampleRaw() as unknown as EnvironmentInput;

/** Two environments side by side, as for two clusters of one organisation. */
const both = () =>
  simulate(
    async ({ Environment }) => {
      const environments = ["production", "recovery"].map((name) => new Environment(name, described));
      return Promise.all(environments.map(({ document }) => settled<EnvironmentDocument>(document)));
    },
    { call: organisation },
  );

const ancestors = (all: readonly Registered[], of: Registered): string[] => {
  const parent = all.find(({ name }) => name === of.parent);
  return parent === undefined ? [of.name] : [of.name, ...ancestors(all, parent)];
};

test("two environments in one program: nothing collides, and every name begins with the component's", async () => {
  const simulation = await both();
  const names = listing(simulation);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name.startsWith("gatehouse:index:Environment "))).toEqual([
    "gatehouse:index:Environment production",
    "gatehouse:index:Environment recovery",
  ]);
  const children = simulation.resources.filter(({ type }) => type !== "gatehouse:index:Environment");
  expect(children).toHaveLength(2 * 20);
  for (const child of children) {
    const top = ancestors(simulation.resources, child).at(-1) ?? "";
    expect(["production", "recovery"]).toContain(top);
    expect(child.name.startsWith(`${top}-`)).toBe(true);
  }
});

test("the program, which stands in no component, makes the same resources under shorter names", async () => {
  const component = await simulate(async ({ Environment }) => settled(new Environment("production", described).document), {
    call: organisation,
  });
  const program = await simulate(
    async ({ makeEnvironment, programScope }) => {
      const place = { scope: programScope, stack: "production", today: dayOf(new Date()) };
      const { document } = await makeEnvironment(() => parseEnvironment(described, place.today), place);
      return settled(document);
    },
    { call: organisation },
  );
  const names = listing(component).filter((name) => name !== "gatehouse:index:Environment production");
  expect(listing(program)).toEqual(names.map((name) => name.replace(/ production-/, " ")).sort(compareText));
  expect(program.result.value.access).toEqual(component.result.value.access);
  expect(program.result.value.stack).toBe(component.result.value.stack);
});

test("each has a document of its own, named as the component, without secrets", async () => {
  const { result } = await both();
  expect(result.map(({ value, secret }) => [value.stack, value.access.length, secret])).toEqual([
    ["production", 3, false],
    ["recovery", 3, false],
  ]);
});

test("a wrong description is refused in plain words before anything is made", async () => {
  const wrong = { ...described, idp: { kind: "okta", orgUrl: "http://example.okta.com" } } as EnvironmentInput;
  const simulation = await simulate(
    ({ Environment }) => {
      expect(() => new Environment("production", wrong)).toThrow(
        /^The environment is refused; nothing was created\. 1 problem:\n {2}- idp\.orgUrl: /,
      );
    },
    { call: organisation },
  );
  expect(simulation.resources).toEqual([]);
});

test("the providers of its options make and look up everything, the resources without a vendor's provider included", async () => {
  const simulation = await simulate(
    async ({ Environment }) => {
      const providers = [
        new kubernetes.Provider("cluster-of-production", { kubeconfig: "/kubeconfigs/production", context: "production" }),
        new okta.Provider("organisation-of-production", { orgName: "production", baseUrl: "okta.com", apiToken: "a-token" }),
      ];
      return settled<EnvironmentDocument>(new Environment("production", described, { providers }).document);
    },
    { call: organisation },
  );
  const ofVendor = (vendor: string) => simulation.resources.filter(({ type }) => type.startsWith(`${vendor}:`));
  expect(ofVendor("kubernetes").length).toBeGreaterThan(4);
  expect(new Set(ofVendor("kubernetes").map(({ provider }) => provider))).toEqual(new Set(["cluster-of-production"]));
  expect(ofVendor("okta").length).toBeGreaterThan(3);
  expect(new Set(ofVendor("okta").map(({ provider }) => provider))).toEqual(new Set(["organisation-of-production"]));
  expect(simulation.calls.filter(({ provider }) => provider !== "organisation-of-production")).toEqual([]);
  expect(simulation.calls.length).toBeGreaterThan(0);
  const own = Object.fromEntries(ofVendor("pulumi-nodejs").map(({ name, inputs: { cluster, organisation: of } }) => [name, cluster ?? of]));
  expect(own).toEqual({
    "production-k10-access-restored": secret({ kubeconfig: "/kubeconfigs/production", context: "production" }),
    "production-k10-app-secrets": secret({ orgName: "production", baseUrl: "okta.com", apiToken: "a-token" }),
  });
});
