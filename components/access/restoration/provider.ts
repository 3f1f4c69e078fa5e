/**
 * Puts back what somebody changed by hand in the objects that give access, as a Pulumi dynamic resource.
 *
 * Pulumi's kubernetes plugin compares the program with what it was told before, not with the cluster, and a refresh cuts a list to its
 * old length (pruneSlice in pulumi-kubernetes provider.go): a group that is added at the end of a binding would hold the role for ever.
 * This resource looks at the live objects in every plan. What it finds is an input, so the plan shows it as a change, and the update
 * patches the object where it is: those who are declared never lose access. Its code is stored with the resource; Pulumi's own plug-in
 * for dynamic resources runs it.
 */
import type * as pulumi from "@pulumi/pulumi";
import { choiceOf, openCluster, wordsOf, type ClusterCall, type ClusterChoice, type Json } from "../../cluster";
import { deletionOf, patchOf, pathOf, placeOf, restorationOf, type DeclaredObject } from "./compare";

/** What the program asks for. */
export interface RestorationInputs {
  readonly objects: readonly DeclaredObject[];
  /** The settings of the component's own provider; left out where the stack's configuration says which cluster. */
  readonly cluster?: ClusterChoice;
}

/** What a plan shows and the state keeps besides the inputs. */
export interface RestorationState extends RestorationInputs {
  /** What the update will put back: `ClusterRoleBinding gatehouse-k10-k10-admin: takes away Group okta:Intruders`. Empty afterwards. */
  readonly restores: readonly string[];
}

/** A change by somebody else in between is met by reading again, this often. */
const attempts = 5;

/** Written under the plugin's own name, so that its next update takes the fields over as those of its creation. */
const manager = "?fieldManager=pulumi-kubernetes";

/** What stands for a value that a plan does not know yet (sdk/nodejs/runtime/rpc.ts of Pulumi). */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The declared objects that are known; a plan may not know a group's id, or the whole list. */
function knownObjects(objects: unknown): DeclaredObject[] {
  return Array.isArray(objects) ? (objects as DeclaredObject[]).filter((object) => !JSON.stringify(object).includes(unknownValue)) : [];
}

async function readLive(call: ClusterCall, object: DeclaredObject): Promise<Json | undefined> {
  const { status, body } = await call("GET", pathOf(object, "object"));
  if (status === 404) {
    return undefined;
  }
  if (status !== 200) {
    const rights = status === 401 || status === 403 ? " Fix: let the deployer get it, as the update itself must." : "";
    throw new Error(`${placeOf(object)}: expected to read it (200), got ${status}: ${wordsOf(body)}.${rights}`);
  }
  return body;
}

/** What was changed by hand, in words; nothing where the cluster cannot be reached, as in a plan made far from it. */
async function lookFor(choice: ClusterChoice, news: RestorationInputs, before: readonly DeclaredObject[]): Promise<string[]> {
  const objects = knownObjects(news.objects);
  if (typeof news.cluster === "string") {
    // A plan does not know the cluster yet: it is made in the same update.
    return [];
  }
  let live: (Json | undefined)[];
  try {
    const call = await openCluster(choiceOf(news.cluster, choice));
    live = await Promise.all(objects.map((object) => readLive(call, object)));
  } catch (error) {
    if (error instanceof Error && error.message.includes("expected to read it (200)")) {
      throw error;
    }
    return [];
  }
  return objects.flatMap((object, index) => {
    const known = before.find((other) => pathOf(other, "object") === pathOf(object, "object"));
    const words = restorationOf(object, known, live[index])?.words ?? [];
    return words.map((each) => `${placeOf(object)}: ${each}`);
  });
}

/** Puts one object back; anew when somebody else wrote first. */
async function restore(call: ClusterCall, object: DeclaredObject): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const live = await readLive(call, object);
    const restoration = restorationOf(object, object, live);
    if (restoration === undefined) {
      return;
    }
    if (restoration.how === "make again" && live !== undefined) {
      const { status, body } = await call("DELETE", pathOf(object, "object"), deletionOf(live));
      if (![200, 202, 404, 409].includes(status)) {
        throw refused(object, status, body);
      }
    }
    const { status, body } =
      restoration.how === "make again"
        ? await call("POST", pathOf(object, "collection") + manager, { ...object })
        : await call("PATCH", pathOf(object, "object") + manager, patchOf(object, live ?? {}));
    if (status === 200 || status === 201) {
      return;
    }
    if (status !== 409) {
      throw refused(object, status, body);
    }
  }
  throw new Error(`${placeOf(object)}: others wrote to it ${attempts} times in a row; run the update again.`);
}

function refused(object: DeclaredObject, status: number, body: Json): Error {
  return new Error(`${placeOf(object)}: expected the API server to accept what the stack declares, got ${status}: ${wordsOf(body)}`);
}

async function restoreAll(choice: ClusterChoice, news: RestorationInputs): Promise<RestorationState> {
  const call = await openCluster(choiceOf(news.cluster, choice));
  for (const object of news.objects) {
    await restore(call, object);
  }
  return { ...news, restores: [] };
}

/**
 * The parts of a dynamic provider; the cluster is where the component's provider or the stack's configuration says.
 * @param modules a folder from which packages are found
 */
export function restorationProvider(modules?: string): pulumi.dynamic.ResourceProvider<RestorationInputs, RestorationState> {
  // One object that all functions share: each of them is stored with its own copy of a variable, but not of an object.
  const choice: { kubeconfig?: string; context?: string; modules?: string } = { modules };
  return {
    configure({ config }) {
      choice.kubeconfig = config.get("kubernetes:kubeconfig");
      choice.context = config.get("kubernetes:context");
      return Promise.resolve();
    },

    /** Adds to the plan what will be put back. */
    async check(olds, news) {
      const before = "objects" in olds ? knownObjects(olds.objects) : [];
      try {
        const restores = await lookFor(choice, news, before);
        return { inputs: { ...news, restores } as RestorationState, failures: [] };
      } catch (error) {
        return { inputs: news, failures: [{ property: "objects", reason: error instanceof Error ? error.message : String(error) }] };
      }
    },

    /** Objects that the stack changes are the objects' own updates. */
    diff(_id, _olds, news) {
      return Promise.resolve({ changes: ((news as Partial<RestorationState>).restores ?? []).length > 0 });
    },

    async create(inputs) {
      return { id: "restored", outs: await restoreAll(choice, inputs) };
    },

    async update(_id, _olds, news) {
      return { outs: await restoreAll(choice, news) };
    },

    /** What is there is looked at in the next plan, with what the stack declares then. */
    read(id, props) {
      return Promise.resolve(props === undefined ? {} : { id, props });
    },

    /** The objects go by themselves. */
    delete() {
      return Promise.resolve();
    },
  };
}
