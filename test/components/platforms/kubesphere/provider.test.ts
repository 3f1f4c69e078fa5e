import {
  entryProvider,
  type EntryInputs,
  type EntryState,
} from "../../../../components/platforms/kubesphere/cluster-configuration/provider";
import type { Json } from "../../../../components/cluster";
import { startApiServer, type Call } from "../../api-server";

// A few answers of an API server: reads, and merge patches that are refused (409) when they were worked out on an older version.

let stop: () => void;
let kubeconfig: string;
let object: Json | undefined;
let calls: Call[];
/** Runs before a patch is judged: somebody else's write. */
let between: (() => void) | undefined;

const github = { name: "github", type: "GitHubIdentityProvider" };
const path = "/apis/installer.kubesphere.io/v1alpha1/namespaces/kubesphere-system/clusterconfigurations/ks-installer";

function merge(below: unknown, above: unknown): unknown {
  const mapping = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);
  if (!mapping(above)) {
    return above;
  }
  const result = new Map<string, unknown>(mapping(below) ? Object.entries(below) : []);
  for (const [key, value] of Object.entries(above)) {
    if (value === null) {
      result.delete(key);
    } else {
      result.set(key, merge(result.get(key), value));
    }
  }
  return Object.fromEntries(result);
}

const versionOf = (value: unknown): string => (value as { metadata: { resourceVersion: string } }).metadata.resourceVersion;

function handle(method: string, body: Json | undefined): { status: number; answer: Json } {
  if (object === undefined) {
    return { status: 404, answer: { message: "not found" } };
  }
  if (method === "PATCH") {
    between?.();
    const asked = (body?.["metadata"] as { resourceVersion?: string } | undefined)?.resourceVersion;
    if (asked !== undefined && asked !== versionOf(object)) {
      return { status: 409, answer: { message: "the object has been modified" } };
    }
    object = merge(merge(object, body), { metadata: { resourceVersion: String(Number(versionOf(object)) + 1) } }) as Json;
  }
  return { status: 200, answer: object };
}

beforeAll(async () => {
  ({ kubeconfig, stop } = await startApiServer((call) => {
    calls.push(call);
    return call.url === path ? handle(call.method, call.body) : { status: 400, answer: {} };
  }));
  // The first call loads the Kubernetes client.
  calls = [];
  await (await provider()).read?.("id", undefined);
});

afterAll(() => stop());

beforeEach(() => {
  calls = [];
  between = undefined;
  object = {
    metadata: { resourceVersion: "1" },
    spec: { etcd: { monitoring: false }, authentication: { oauthOptions: { identityProviders: [github] } } },
  };
});

async function provider() {
  const made = entryProvider();
  await made.configure?.({
    config: { get: (key: string) => ({ "kubernetes:kubeconfig": kubeconfig })[key], require: (key: string) => key },
  });
  return made;
}

function entry(name: string, clientID = "0oa1"): EntryInputs {
  return { provider: name, owner: "gatehouse/production", configuration: { name, type: "OIDCIdentityProvider", provider: { clientID } } };
}

/** What `check` answers here: it fills the plan's part of the state in. */
interface Checked {
  readonly inputs: EntryState;
  readonly failures: readonly { readonly reason: string }[];
}

type Provider = Awaited<ReturnType<typeof provider>>;

/** Check, then create or update, as the engine does. */
async function apply(made: Provider, news: EntryInputs, olds?: EntryState): Promise<EntryState> {
  const checked = (await made.check?.(olds ?? ({} as EntryState), news)) as unknown as Checked;
  if (checked.failures.length > 0) {
    throw new Error(checked.failures.map((failure) => failure.reason).join("\n"));
  }
  const id = "kubesphere-system/ks-installer/okta";
  const result = olds === undefined ? await made.create(checked.inputs) : await made.update?.(id, olds, checked.inputs);
  if (result?.outs === undefined) {
    throw new Error("expected the state after the write, got none");
  }
  return result.outs;
}

async function difference(made: Provider, olds: EntryState, news: EntryInputs) {
  const checked = (await made.check?.(olds, news)) as unknown as Checked;
  return made.diff?.("id", olds, checked.inputs);
}

const names = (): unknown[] =>
  (
    object as { spec: { authentication: { oauthOptions: { identityProviders: { name: string }[] } } } }
  ).spec.authentication.oauthOptions.identityProviders.map(({ name }) => name);

test("the plan shows the list; create, nothing to do, update and delete leave everything else alone", async () => {
  const before = structuredClone(object);
  const made = await provider();
  const planned = (await made.check?.({} as EntryState, entry("okta"))) as unknown as Checked;
  expect([planned.inputs.identityProviders, planned.inputs.found, names()]).toEqual([["github", "okta"], "missing", ["github"]]);
  const state = await apply(made, entry("okta"));
  expect(state).toEqual({ ...entry("okta"), identityProviders: ["github", "okta"], found: "as written", listWasAbsent: false });
  expect(calls.filter(({ method }) => method === "PATCH").map(({ contentType }) => contentType)).toEqual(["application/merge-patch+json"]);
  expect(await difference(made, state, entry("okta"))).toEqual({ changes: false, replaces: [], deleteBeforeReplace: true });

  expect(await difference(made, state, entry("okta", "0oa2"))).toMatchObject({ changes: true, replaces: [] });
  const updated = await apply(made, entry("okta", "0oa2"), state);
  expect(names()).toEqual(["github", "okta"]);
  await made.delete?.("id", updated);
  const { metadata: _before, ...specBefore } = before ?? {};
  const { metadata, ...specAfter } = object ?? {};
  expect(specAfter).toEqual(specBefore);
  expect(metadata).toEqual({ annotations: {}, resourceVersion: "4" });
});

test("a new name: the plan shows the list without the old one, which goes first", async () => {
  const made = await provider();
  const state = await apply(made, entry("okta"));
  const checked = (await made.check?.(state, entry("corp"))) as unknown as Checked;
  expect(checked.inputs.identityProviders).toEqual(["github", "corp"]);
  expect(await made.diff?.("id", state, checked.inputs)).toEqual({ changes: true, replaces: ["provider"], deleteBeforeReplace: true });
});

test("what others did to our entry, or to the list, is a change of the plan", async () => {
  const made = await provider();
  const state = await apply(made, entry("okta"));
  object = merge(object, { spec: { authentication: { oauthOptions: { identityProviders: [github] } } } }) as Json;
  expect(await difference(made, state, entry("okta"))).toMatchObject({ changes: true, replaces: [] });
  await apply(made, entry("okta"), state);
  expect(names()).toEqual(["github", "okta"]);
  const edited = { ...entry("okta").configuration, mappingMethod: "auto" };
  object = merge(object, { spec: { authentication: { oauthOptions: { identityProviders: [github, edited] } } } }) as Json;
  const checked = (await made.check?.(state, entry("okta"))) as unknown as Checked;
  expect(checked.inputs.found).toBe("changed");
});

describe("an entry that was there before", () => {
  const found = (clientID: string): void => {
    const entries = [{ ...entry("Okta", clientID).configuration, mappingMethod: "auto" }, github];
    object = merge(object, { spec: { authentication: { oauthOptions: { identityProviders: entries } } } }) as Json;
  };
  const taking = (clientID = "0oa1"): EntryInputs => ({ ...entry("Okta", clientID), adopts: clientID });

  test("is taken over in its place, where it has the stack's client id; destroy takes it out and nothing else", async () => {
    found("0oa1");
    const made = await provider();
    const state = await apply(made, taking());
    expect(names()).toEqual(["Okta", "github"]);
    expect(object).toMatchObject({ metadata: { annotations: { "gatehouse.dev/identity-provider.Okta": "gatehouse/production" } } });
    // The client may change later: the entry is the stack's by then.
    const updated = await apply(made, taking("0oa2"), state);
    expect(names()).toEqual(["Okta", "github"]);
    await made.delete?.("id", updated);
    expect(names()).toEqual(["github"]);
  });

  test("of another client is refused, and nothing is written", async () => {
    found("0oa9");
    const made = await provider();
    await expect(apply(made, taking())).rejects.toThrow(
      "expected the one that is taken over, with the client id 0oa1, got 0oa9. Fix: import the app of that entry into the stack first",
    );
    expect(calls.filter(({ method }) => method === "PATCH")).toEqual([]);
  });

  test("of another stack is refused, whatever its client", async () => {
    found("0oa1");
    object = merge(object, { metadata: { annotations: { "gatehouse.dev/identity-provider.Okta": "gatehouse/staging" } } }) as Json;
    await expect(apply(await provider(), taking())).rejects.toThrow("got one of the environment gatehouse/staging");
  });

  test("of a client that the update will make passes the plan, and is refused by the update", async () => {
    found("0oa1");
    const made = await provider();
    const planned = { ...taking(), adopts: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
    expect(((await made.check?.({} as EntryState, planned)) as unknown as Checked).failures).toEqual([]);
    const update: EntryState = { ...taking("0oa2"), identityProviders: [], found: "changed", listWasAbsent: false };
    await expect(made.create(update)).rejects.toThrow("with the client id 0oa2, got 0oa1");
  });

  test("stays another's without the word of the stack file", async () => {
    found("0oa1");
    await expect(apply(await provider(), entry("Okta"))).rejects.toThrow("or take it over (gatehouse adopt)");
  });
});

test("somebody else's write in between is kept: the change is worked out anew", async () => {
  const made = await provider();
  between = () => {
    between = undefined;
    object = merge(object, {
      metadata: { resourceVersion: "2" },
      spec: { authentication: { oauthOptions: { identityProviders: [github, { name: "ldap" }] } } },
    }) as Json;
  };
  const state = await apply(made, entry("okta"));
  expect(names()).toEqual(["github", "ldap", "okta"]);
  expect(state.identityProviders).toEqual(["github", "ldap", "okta"]);
  expect(calls.filter(({ method }) => method === "PATCH")).toHaveLength(2);
});

test("an entry of that name that another environment wrote is refused at the plan, and survives our destroy", async () => {
  const made = await provider();
  await apply(made, { ...entry("okta"), owner: "gatehouse/staging" });
  await expect(apply(made, entry("okta", "0oa9"))).rejects.toThrow(
    "identity provider 'okta' in ClusterConfiguration kubesphere-system/ks-installer: expected none of that name, got one of the environment gatehouse/staging.",
  );
  await made.delete?.("id", { ...entry("okta", "0oa9"), identityProviders: [], found: "as written", listWasAbsent: false });
  expect(names()).toEqual(["github", "okta"]);
  await expect(apply(made, entry("github"))).rejects.toThrow("got one that was written by hand or by another tool");
});

test("a list that was absent goes with its last entry; a KubeSphere that is gone is no error of a destroy", async () => {
  object = { metadata: { resourceVersion: "1" }, spec: {} };
  const made = await provider();
  const state = await apply(made, entry("okta"));
  expect(state.listWasAbsent).toBe(true);
  await made.delete?.("id", state);
  expect(object["spec"]).toEqual({ authentication: { oauthOptions: {} } });
  object = undefined;
  await made.delete?.("id", state);
  await expect(apply(made, entry("okta"))).rejects.toThrow("install KubeSphere 3 first");
});

test("a refresh finds the entry, or that it is gone", async () => {
  const made = await provider();
  const state = await apply(made, entry("okta"));
  expect(await made.read?.("id", state)).toEqual({ id: "id", props: state });
  await made.delete?.("id", state);
  expect(await made.read?.("id", state)).toEqual({});
});
