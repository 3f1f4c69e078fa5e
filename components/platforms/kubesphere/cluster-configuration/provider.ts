/**
 * One entry in the list of identity providers of a ClusterConfiguration, as a Pulumi dynamic resource.
 *
 * The list is atomic under server-side apply, so a Patch resource would own all of it, and take all of it away when it is
 * destroyed (docs/decisions: kubesphere 3's list of providers). This resource reads what is there, puts its own entry in
 * or out by name, and writes only if nobody wrote in between. Its code is stored with the resource, so that `pulumi destroy`
 * works without the program; Pulumi's own plug-in for dynamic resources runs it.
 */
import type * as pulumi from "@pulumi/pulumi";
import { choiceOf, wordsOf, type ClusterChoice, type Json } from "../../../cluster";
import { callConfiguration } from "./cluster";
import { at, ownershipOf, providersOf, withEntry, withoutEntry, type Change } from "./merge";

/** What the program asks for. */
export interface EntryInputs {
  /** Name of the provider. */
  readonly provider: string;
  /** The whole entry; it holds the client secret. */
  readonly configuration: Json;
  /** `<project>/<stack>`: whose entry it is. */
  readonly owner: string;
  /** Client id of an entry that was there before, which is taken over; left out where none is. */
  readonly adopts?: string;
  /** The settings of the component's own provider; left out where the stack's configuration says which cluster. */
  readonly cluster?: ClusterChoice;
}

/** What a plan shows and the state keeps besides the inputs. */
export interface EntryState extends EntryInputs {
  /** Names of all providers in the list once this one is in it. */
  readonly identityProviders: readonly string[];
  /** How the entry was found: `missing`, `changed`, or `as written`. */
  readonly found: string;
  /** Whether the list came with this entry. */
  readonly listWasAbsent: boolean;
}

/** A change by somebody else in between is met by reading again, this often. */
const attempts = 5;

/** Equal contents give equal texts, whatever the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}

async function readLive(choice: ClusterChoice): Promise<Json | undefined> {
  const { status, body } = await callConfiguration(choice, "GET");
  if (status === 404) {
    return undefined;
  }
  if (status !== 200) {
    throw new Error(`ClusterConfiguration kubesphere-system/ks-installer: expected to read it (200), got ${status}: ${wordsOf(body)}`);
  }
  return body;
}

/** Works a change out on what is there and writes it; anew when somebody else wrote first. */
async function write(choice: ClusterChoice, work: (live: Json) => Change): Promise<Change | undefined> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const live = await readLive(choice);
    if (live === undefined) {
      return undefined;
    }
    const change = work(live);
    const { status, body } = await callConfiguration(choice, "PATCH", change.patch);
    if (status === 200) {
      return change;
    }
    if (status !== 409) {
      throw new Error(
        `ClusterConfiguration kubesphere-system/ks-installer: expected the API server to accept the change (200), got ${status}: ${wordsOf(body)}`,
      );
    }
  }
  throw new Error(
    `ClusterConfiguration kubesphere-system/ks-installer: expected to write to it within ${attempts} attempts, got a newer version each time: others write to it. Fix: run the update again.`,
  );
}

function clientIdOf(state: { readonly configuration?: Json } | undefined): string | undefined {
  const id = at(state?.configuration, ["provider"])["clientID"];
  return typeof id === "string" ? id : undefined;
}

/** What stands in a plan for a value that the update will make (pulumi/pulumi, sdk/nodejs/runtime/rpc.ts, unknownValue). */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The client id by which an entry without an annotation is known to be ours. */
function provenBy(before: EntryInputs | undefined, news: EntryInputs): string | undefined {
  return clientIdOf(before) ?? news.adopts;
}

const absent =
  "ClusterConfiguration kubesphere-system/ks-installer: expected it to be there, got nothing. Fix: install KubeSphere 3 first, or choose the kind kubesphere4.";

async function writeEntry(choice: ClusterChoice, news: EntryState, olds: EntryInputs | undefined): Promise<EntryState> {
  let listWasAbsent = news.listWasAbsent;
  const change = await write(choice, (live) => {
    const ownership = ownershipOf(live, news.provider, news.owner, provenBy(olds, news));
    if (ownership.state === "foreign") {
      throw new Error(foreign(news, ownership));
    }
    if (olds === undefined) {
      listWasAbsent = at(live, ["spec", "authentication", "oauthOptions"])["identityProviders"] === undefined;
    }
    return withEntry(live, news.configuration, news.owner);
  });
  if (change === undefined) {
    throw new Error(absent);
  }
  return { ...news, identityProviders: change.names, found: "as written", listWasAbsent };
}

function foreign(news: EntryInputs, { owner, clientId }: { readonly owner: string | undefined; readonly clientId: unknown }): string {
  const whose = owner === undefined ? "that was written by hand or by another tool" : `of the environment ${owner}`;
  const place = `identity provider '${news.provider}' in ClusterConfiguration kubesphere-system/ks-installer`;
  return owner === undefined && news.adopts !== undefined
    ? `${place}: expected the one that is taken over, with the client id ${news.adopts}, got ${String(clientId)}. Fix: import the app of that entry into the stack first (docs/adoption.md), or adopt anew.`
    : `${place}: expected none of that name, got one ${whose}. Fix: choose another name (provider:), remove that entry first, or take it over (gatehouse adopt).`;
}

/**
 * The parts of a dynamic provider; the cluster is where the component's provider or the stack's configuration says.
 * @param modules a folder from which packages are found
 */
export function entryProvider(modules?: string): pulumi.dynamic.ResourceProvider<EntryInputs, EntryState> {
  // One object that all functions share: each of them is stored with its own copy of a variable, but not of an object.
  const choice: { kubeconfig?: string; context?: string; modules?: string } = { modules };
  return {
    configure({ config }) {
      choice.kubeconfig = config.get("kubernetes:kubeconfig");
      choice.context = config.get("kubernetes:context");
      return Promise.resolve();
    },

    /** Adds to the plan what the list will be, and refuses an entry that is another's. */
    async check(olds, news) {
      const before = "provider" in olds ? (olds as EntryState) : undefined;
      if (typeof news.cluster === "string") {
        // A plan does not know the cluster yet: it is made in the same update.
        return { inputs: news, failures: [] };
      }
      const live = await readLive(choiceOf(news.cluster, choice));
      const planned = live === undefined ? absent : planOf(live, news, before);
      return typeof planned === "string"
        ? { inputs: news, failures: [{ property: "provider", reason: planned }] }
        : { inputs: planned, failures: [] };
    },

    diff(_id, olds, news) {
      const renamed = olds.provider !== news.provider;
      const wanted = news as EntryState;
      const changes =
        renamed ||
        wanted.found !== "as written" ||
        canonical([olds.configuration, olds.owner, olds.cluster, olds.identityProviders]) !==
          canonical([news.configuration, news.owner, news.cluster, wanted.identityProviders]);
      // KubeSphere ties people to the provider's name, which cannot change: the old entry goes first.
      return Promise.resolve({ changes, replaces: renamed ? ["provider"] : [], deleteBeforeReplace: true });
    },

    async create(inputs) {
      const outs = await writeEntry(choiceOf(inputs.cluster, choice), inputs as EntryState, undefined);
      return { id: `kubesphere-system/ks-installer/${inputs.provider}`, outs };
    },

    async update(_id, olds, news) {
      return { outs: await writeEntry(choiceOf(news.cluster, choice), news as EntryState, olds) };
    },

    async read(id, props) {
      const live = await readLive(choiceOf(props?.cluster, choice));
      const there = props !== undefined && providersOf(live).some((provider) => provider["name"] === props.provider);
      return there ? { id, props } : {};
    },

    async delete(_id, props) {
      await write(choiceOf(props.cluster, choice), (live) => {
        // An entry that became another's stays.
        const ours = ownershipOf(live, props.provider, props.owner, clientIdOf(props)).state === "ours";
        return ours ? withoutEntry(live, props.provider, props.listWasAbsent) : { patch: {}, names: [] };
      });
    },
  };
}

/** What the list will be; or why the entry may not be written. */
function planOf(live: Json, news: EntryInputs, before: EntryState | undefined): EntryState | string {
  const known = before?.provider === news.provider ? before : undefined;
  const ownership = ownershipOf(live, news.provider, news.owner, provenBy(known, news));
  // A plan does not know the client of an app that the update will make: the update itself refuses then.
  if (ownership.state === "foreign" && !(ownership.owner === undefined && news.adopts === unknownValue)) {
    return foreign(news, ownership);
  }
  const entry = providersOf(live).find((provider) => provider["name"] === news.provider);
  const found = entry === undefined ? "missing" : canonical(entry) === canonical(known?.configuration) ? "as written" : "changed";
  const others = before === undefined ? live : withoutRenamed(live, before.provider, news.provider);
  const identityProviders = withEntry(others, { name: news.provider }, news.owner).names;
  return { ...news, identityProviders, found, listWasAbsent: known?.listWasAbsent ?? false };
}

/** The list without the entry's old name, which goes before the new one comes. */
function withoutRenamed(live: Json, before: string, now: string): Json {
  return before === now ? live : withoutEntry(live, before, false).patch;
}
