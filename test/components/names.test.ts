import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { runtime } from "@pulumi/pulumi";
import fc from "fast-check";
import { parse } from "yaml";
import { lookUpMembers } from "../../components/identity-providers";
import { parseEnvironment, type Environment } from "../../model";
import { deployEnvironment } from "../../components/environment/deploy";
import { programScope } from "../../components/scope";
import { simulate, type Called, type Registered } from "./harness";
import { face } from "./public-face";

// A child's name is its identity in the state: a name that does not begin with its component's collides as soon as there are two.

const today = "2026-11-23";
const folder = path.join(__dirname, "../../stacks");
const stacks = readdirSync(folder).filter((file) => /^Pulumi\.lab-.*\.yaml$/.test(file));
const key = fc.stringMatching(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])$/);

/** The environment of a stack of this repository, with its platforms under other keys. */
function environmentOf(file: string, rename: (name: string) => string): Environment {
  const { config } = parse(readFileSync(path.join(folder, file), "utf8")) as { config: Record<string, Record<string, unknown>> };
  const renamed = (of: unknown = {}): unknown =>
    Object.fromEntries(Object.entries(of as object).map(([name, value]) => [rename(name), value]));
  const idp = config["gatehouse:idp"];
  const clients = idp?.["clients"] === undefined ? {} : { clients: renamed(idp["clients"]) };
  return parseEnvironment(
    { idp: { ...idp, ...clients }, groups: config["gatehouse:groups"], platforms: renamed(config["gatehouse:platforms"]) },
    today,
  ).environment;
}

/** An environment of a kind that no stack of this repository has: Keycloak. */
function keycloakEnvironment(name: string): Environment {
  const raw = {
    idp: { kind: "keycloak", issuer: "https://id.example.com/realms/main" },
    groups: { admins: { displayName: "k10-admins" } },
    platforms: {
      [name]: {
        kind: "kasten",
        host: "https://k10.example.com",
        chart: { version: "8.0.15" },
        access: [{ group: "admins", role: "view" }],
      },
    },
  };
  return parseEnvironment(raw, today).environment;
}

/** Vendors that know everybody and everything. */
function vendors({ token, inputs }: Called): Record<string, unknown> {
  switch (token) {
    case "okta:index/getGroups:getGroups":
      return { groups: [{ id: "00g1", type: "OKTA_GROUP", name: /"(.*)"/.exec(String(inputs.search))?.[1] ?? "" }] };
    case "okta:user/getUsers:getUsers":
      return { users: [{ id: "00u2", login: "vera@example.com", status: "ACTIVE" }] };
    default:
      return { id: "1", objectId: "1" };
  }
}

async function resourcesOf(environment: Environment): Promise<readonly Registered[]> {
  const run = async () => {
    // The secret of lab-k10-external's client, which was made by hand.
    runtime.setConfig("clients:k10", "a secret");
    const members = await lookUpMembers(environment);
    return deployEnvironment({ environment, scope: programScope, stack: "lab", today, members });
  };
  return (await simulate(run, { call: vendors, preview: true })).resources;
}

const ours = (type: string): boolean => type.startsWith("gatehouse:index:");

/** Resources of a vendor without a component of ours above them, and children whose name is not their component's with more behind it. */
function misnamed(resources: readonly Registered[]): string[] {
  const components = new Set(resources.filter(({ type }) => ours(type)).map(({ name }) => name));
  return resources
    .filter(({ type, name, parent }) =>
      parent === undefined ? !ours(type) : !components.has(parent) || !(name === parent || name.startsWith(`${parent}-`)),
    )
    .map(({ type, name, parent }) => `${type} ${name} under ${parent ?? "nothing"}`);
}

test("every component's children have it for their parent, and names that begin with its own, in every stack of this repository", async () => {
  const seen = new Set<string>();
  const [name = "k10"] = fc.sample(key, 1);
  const environments = [...stacks.map((file) => environmentOf(file, (old) => `${name}-${old}`)), keycloakEnvironment(name)];
  for (const environment of environments) {
    const resources = await resourcesOf(environment);
    expect(misnamed(resources)).toEqual([]);
    resources.filter(({ type }) => ours(type)).forEach(({ type }) => seen.add(type));
  }
  // A component that no stack uses would be judged by nothing.
  expect([...seen].sort()).toEqual(Object.keys(face).sort());
});

test("a child under another name, and one under nothing, are found", () => {
  const component = { type: "gatehouse:index:Kasten", name: "k10", parent: undefined, inputs: {}, secretOutputs: [], dependsOn: [] };
  const child = { ...component, type: "kubernetes:core/v1:Secret", name: "k10-client", parent: "k10" };
  expect(misnamed([component, child])).toEqual([]);
  expect(misnamed([component, { ...child, name: "client" }, { ...child, parent: undefined }])).toEqual([
    "kubernetes:core/v1:Secret client under k10",
    "kubernetes:core/v1:Secret k10-client under nothing",
  ]);
});
