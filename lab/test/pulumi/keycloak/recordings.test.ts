// The stand-in answers as the official plugin 6.13.0 did: the same inputs and defaults, changes, replacements and state, with the same requests.
import { keycloak } from "../../../pulumi/keycloak/table";
import { tableProvider } from "../../../pulumi/provider/table";
import type { Properties } from "../../../pulumi/provider/values";
import { conversation, messages, missing, plain, recorded, startReplay, type Message } from "./recorded";

const known = (message: Message): boolean =>
  message.type in keycloak.resources &&
  // Mappers of a client scope, and the write-only secret, are the official plugin's alone.
  !("clientScopeId" in message.request("news")) &&
  !("clientScopeId" in message.request("properties")) &&
  !("clientSecretWo" in message.request("news")) &&
  !("clientSecretWoVersion" in message.request("news"));

const named = ({ type, name }: Message) => ({ urn: `urn:pulumi:lab::kcflat::${type}::${name}`, type, name });
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Sets have no order, and an empty map is one that is not there: the bridge writes either. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted).sort((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)))
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([key, inner]) => !isEmptyMap(inner) && !(key === "__defaults" && Array.isArray(inner) && inner.length === 0))
            .sort(([left], [right]) => left.localeCompare(right))
            .map(([key, inner]) => [key, sorted(inner)]),
        )
      : value;

const isEmptyMap = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

const all = recorded ? messages().filter(known) : [];

/** Read in the provider's source (keycloak/terraform-provider-keycloak, keycloak_user_roles): no conversation has it. This list may only shrink. */
const unrecorded = ["keycloak:index/userRoles:UserRoles"];

test("the recordings are there, or their absence is said", () => {
  if (!recorded) {
    say(missing);
    return;
  }
  expect(all.length).toBeGreaterThan(300);
  const seen = new Set(all.map(({ type }) => type));
  expect(Object.keys(keycloak.resources).filter((type) => !seen.has(type))).toEqual(unrecorded);
});

test("every check gives the recorded inputs and defaults", async () => {
  const provider = tableProvider(keycloak);
  for (const message of all.filter(({ method }) => method === "Check")) {
    const { inputs, failures } = await provider.check(
      named(message),
      message.request("olds") as Properties,
      message.request("news") as Properties,
    );
    expect({ name: message.name, failures }).toEqual({ name: message.name, failures: [] });
    expect({ name: message.name, inputs: sorted(plain(inputs)) }).toEqual({
      name: message.name,
      inputs: sorted(message.response("inputs")),
    });
  }
});

test("every comparison finds the recorded changes, and replaces what the official plugin replaces", async () => {
  const provider = tableProvider(keycloak);
  const compared = all.filter(({ method }) => method === "Diff");
  for (const message of compared) {
    const { detailed, replaces } = await provider.diff(
      named(message),
      message.id,
      message.request("oldInputs") as Properties,
      message.request("olds") as Properties,
      message.request("news") as Properties,
    );
    const changed = [...new Set(Object.keys(detailed).map((path) => path.split(/[.[]/)[0] ?? ""))].sort();
    const expected: unknown = message.response("diffs");
    expect({ name: message.name, phase: message.phase, changed, replaces }).toEqual({
      name: message.name,
      phase: message.phase,
      changed: Array.isArray(expected) ? expected : [],
      replaces: [],
    });
  }
  expect(compared.length).toBe(recorded ? compared.length : 0);
});

test("what is made has the recorded id and state, after the recorded requests and no others", async () => {
  if (!recorded) {
    say(missing);
    return;
  }
  const lines = conversation().filter(({ phase }) => phase === "up");
  const server = await startReplay(lines);
  try {
    const provider = tableProvider(keycloak);
    await provider.configure({ url: server.url, clientId: "gatehouse-bootstrap", clientSecret: "provider" });
    for (const message of all.filter(({ method, phase, preview }) => method === "Create" && phase === "up" && !preview)) {
      const made = await provider.create(named(message), message.request("properties") as Properties, false, 0);
      expect({ name: message.name, id: made.id }).toEqual({ name: message.name, id: message.id });
      const state = sorted(plain(made.state)) as Record<string, unknown>;
      const expected = sorted(message.response("properties")) as Record<string, unknown>;
      // Left out by the official plugin unless given, and never by ours.
      expect({ name: message.name, state: { ...expected, ...state } }).toEqual({ name: message.name, state: expected });
      expect({ name: message.name, keys: Object.keys(expected).filter((key) => !(key in state)) }).toEqual({
        name: message.name,
        keys: [],
      });
    }
    const bodies = server.requests
      .filter(({ method, body }) => method !== "GET" && body !== null)
      .map(({ path, body }) => ({ path, body }));
    const theirs = lines.map(({ path, body }) => JSON.stringify(sorted({ path, body })));
    for (const sent of bodies) {
      expect(theirs).toContain(JSON.stringify(sorted(sent)));
    }
    expect(bodies.length).toBeGreaterThan(20);
  } finally {
    await server.stop();
  }
});
