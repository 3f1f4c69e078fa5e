// Checking and planning as Terraform's provider SDK does, by a provider of one resource type.
import { flag, integer, list, notImplemented, object, set, text } from "../../../pulumi/provider/schema";
import { PartialFailure, type ResourceName } from "../../../pulumi/provider/provider";
import { tableProvider, type ResourceType } from "../../../pulumi/provider/table";
import { unknownValue, type Properties } from "../../../pulumi/provider/values";

const thingName: ResourceName = { urn: "urn:pulumi:dev::test::fake:index:Thing::it", type: "fake:index:Thing", name: "it" };

const thing: ResourceType<void> = {
  properties: {
    name: text({ autoName: true, forceNew: true }),
    kind: text({ required: true, allowed: ["web", "native"] }),
    tags: set(text()),
    uris: list(text()),
    settings: object({ size: integer(), fixed: text({ forceNew: true }) }),
    on: flag({ default: true }),
    clientId: text({ computed: true, forceNew: true }),
    secret: text({ outputOnly: true, secret: true }),
    logo: notImplemented,
  },
  create: (_client, inputs, created) => {
    created("id-1");
    if (inputs.kind === "native") {
      throw new Error("the second request failed");
    }
    return Promise.resolve({ id: "id-1", state: { clientId: "c1", secret: "s1" } });
  },
  read: (_client, _id, state) => Promise.resolve({ state: { ...state, uris: ["https://found.example.com"] } }),
  update: () => Promise.resolve({ secret: "s2" }),
  delete: () => Promise.resolve(),
};

const provider = tableProvider<undefined>({
  name: "fake",
  version: "1.0.0",
  config: { retries: integer(), scopes: list(text()) },
  connect: () => undefined,
  resources: { "fake:index:Thing": thing },
  functions: {
    "fake:index:getThing": { inputs: { id: text({ required: true }) }, call: (_client, { id = null }) => Promise.resolve({ found: id }) },
  },
});

const check = (news: Properties, olds: Properties = {}): ReturnType<typeof provider.check> => provider.check(thingName, olds, news);
const diff = (state: Properties, news: Properties): ReturnType<typeof provider.diff> => provider.diff(thingName, "id-1", {}, state, news);

beforeAll(() => provider.configure({}));

test("defaults and a name are filled in, and the name is kept", async () => {
  const first = await check({ kind: "web" });
  expect(first.failures).toEqual([]);
  expect(first.inputs).toMatchObject({ on: true, kind: "web", __defaults: ["name", "on"] });
  expect(first.inputs.name).toMatch(/^it-[0-9a-f]{7}$/);
  expect((await check({ kind: "web" }, first.inputs)).inputs.name).toBe(first.inputs.name);
});

test.each<[string, Properties, string]>([
  ["an unknown property", { kind: "web", nme: "x" }, "unknown property nme"],
  ["an output as an input", { kind: "web", secret: "x" }, "unknown property secret"],
  ["a missing property", {}, "missing required property kind"],
  ["a value not allowed", { kind: "spa" }, 'kind: expected one of web, native, got "spa"'],
  ["a wrong type", { kind: "web", tags: [1] }, "tags[0]: expected a string, got a number"],
  ["a property of the official plugin only", { kind: "web", logo: "x" }, "property logo is not implemented by the lab's stand-in"],
  ["a nested unknown property", { kind: "web", settings: { sise: 1 } }, "unknown property settings.sise"],
])("check refuses %s", async (_what, inputs, reason) => {
  const { failures } = await check(inputs);
  expect(failures).toHaveLength(1);
  expect(failures[0]?.reason).toContain(reason);
});

test("unknown values pass every check", async () => {
  expect((await check({ kind: unknownValue, tags: unknownValue })).failures).toEqual([]);
});

test.each<[string, Properties, Properties, Record<string, string>]>([
  ["the same set in another order", { tags: ["a", "b"] }, { tags: ["b", "a"] }, {}],
  ["an empty list where there was none", {}, { uris: [] }, {}],
  ["a computed property that is not asked for", { clientId: "c1" }, {}, {}],
  ["a list's second element", { uris: ["a", "b"] }, { uris: ["a", "c"] }, { "uris[1]": "update" }],
  ["a removed property", { uris: ["a"] }, {}, { uris: "delete" }],
  ["a computed one that differs", { clientId: "c1" }, { clientId: "c2" }, { clientId: "update-replace" }],
  [
    "a field that forces a replacement",
    { settings: { fixed: "a", size: 1 } },
    { settings: { fixed: "b", size: 1 } },
    { "settings.fixed": "update-replace" },
  ],
  ["an unknown value", { uris: ["a"] }, { uris: unknownValue }, { uris: "update" }],
])("diff of %s", async (_what, state, news, expected) => {
  expect((await diff(state, news)).detailed).toEqual(expected);
});

test("a replacement deletes first only when the user gave the name", async () => {
  const state = { name: "n", clientId: "c1" };
  expect(await diff(state, { name: "n", clientId: "c2", __defaults: [] })).toMatchObject({
    replaces: ["clientId"],
    deleteBeforeReplace: true,
  });
  expect(await diff(state, { name: "n", clientId: "c2", __defaults: ["name"] })).toMatchObject({ deleteBeforeReplace: false });
});

test("a preview makes nothing and leaves open what is computed; an update's preview keeps it", async () => {
  const planned = await provider.create(thingName, { kind: "web", __defaults: [] }, true, 0);
  expect(planned).toMatchObject({ id: "", state: { kind: "web", clientId: unknownValue, secret: unknownValue } });
  const changed = await provider.update(
    thingName,
    "id-1",
    {},
    { kind: "web", clientId: "c1", secret: "s1" },
    { kind: "web", on: false },
    true,
    0,
  );
  expect(changed.state).toEqual({ kind: "web", on: false, clientId: "c1", secret: "s1" });
});

test("creation and update keep computed state and mark secrets", async () => {
  const made = await provider.create(thingName, { kind: "web", __defaults: [] }, false, 0);
  expect(made).toEqual({
    id: "id-1",
    state: { id: "id-1", kind: "web", on: true, clientId: "c1", secret: "s1" },
    secrets: new Set(["secret"]),
  });
  const changed = await provider.update(thingName, "id-1", {}, made.state, { kind: "web", on: false }, false, 0);
  expect(changed.state).toEqual({ id: "id-1", kind: "web", on: false, clientId: "c1", secret: "s2" });
});

test("a failure after the resource exists is partial", async () => {
  const failed = provider.create(thingName, { kind: "native" }, false, 0);
  await expect(failed).rejects.toBeInstanceOf(PartialFailure);
  await expect(failed).rejects.toMatchObject({ message: "the second request failed", resource: { id: "id-1" } });
});

test("a refresh puts what was found among the inputs, an import takes all that can be given", async () => {
  const refreshed = await provider.read(
    thingName,
    "id-1",
    { kind: "web", uris: ["a"], __defaults: [] },
    { kind: "web", uris: ["a"], clientId: "c1" },
  );
  expect(refreshed?.inputs).toEqual({ kind: "web", uris: ["https://found.example.com"], __defaults: [] });
  const imported = await provider.read(thingName, "id-1", {}, {});
  expect(imported?.inputs).toEqual({ uris: ["https://found.example.com"], __defaults: [] });
});

test("what is not in the table is refused by name", async () => {
  const other = { ...thingName, type: "fake:index:Other" };
  expect(() => provider.check(other, {}, {})).toThrow("fake:index:Other: this resource type is not implemented by the lab's stand-in");
  await expect(provider.invoke("fake:index:getOther", {})).rejects.toThrow("fake:index:getOther: this function is not implemented");
  await expect(provider.invoke("fake:index:getThing", {})).rejects.toThrow("missing required property id");
  await expect(provider.invoke("fake:index:getThing", { id: "7" })).resolves.toEqual({ id: "7", found: "7" });
});

test("configuration arrives as JSON in strings", () => {
  expect(provider.checkConfig({ retries: "3", scopes: '["a"]', version: "1.0.0" })).toEqual([]);
  expect(provider.checkConfig({ scopes: "[1]" })).toEqual([
    { property: "scopes[0]", reason: "scopes[0]: expected a string, got a number" },
  ]);
  expect(() => provider.checkConfig({ retries: "three" })).toThrow("provider configuration retries: expected JSON");
});
