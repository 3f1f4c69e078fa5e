/**
 * What our entry does to the list of identity providers of a ClusterConfiguration, and what taking it out leaves. Pure.
 *
 * Functions here are carried into the resource's own code (see provider.ts), so they lean on nothing but JavaScript itself.
 */
import type { Json } from "../../../cluster";

/** What is to be written: a JSON merge patch, which replaces lists and leaves every field that it does not name. */
export interface Change {
  readonly patch: Json;
  /** Names of the providers afterwards, in order. */
  readonly names: readonly string[];
}

/** Whose an entry of the list is. */
export type Ownership =
  | { readonly state: "absent" }
  | { readonly state: "ours" }
  | { readonly state: "foreign"; readonly owner: string | undefined; readonly clientId: unknown };

/** The object at a path of mappings; an empty one where any step is missing. */
export function at(value: unknown, path: readonly string[]): Json {
  let here: unknown = value;
  for (const key of path) {
    here = typeof here === "object" && here !== null ? (here as Json)[key] : undefined;
  }
  return typeof here === "object" && here !== null && !Array.isArray(here) ? (here as Json) : {};
}

/** The identity providers of a ClusterConfiguration, as they are. */
export function providersOf(live: unknown): Json[] {
  const list = at(live, ["spec", "authentication", "oauthOptions"])["identityProviders"];
  return Array.isArray(list) ? (list as Json[]) : [];
}

/** The annotation that says which stack wrote an entry. */
function ownerAnnotation(name: string): string {
  return `gatehouse.dev/identity-provider.${name}`;
}

/**
 * @param clientId of the entry that this stack wrote before, or takes over, which proves an entry to be ours where no annotation says whose it is
 */
export function ownershipOf(live: unknown, name: string, owner: string, clientId: string | undefined): Ownership {
  const entry = providersOf(live).find((provider) => provider["name"] === name);
  if (entry === undefined) {
    return { state: "absent" };
  }
  const writer = at(live, ["metadata", "annotations"])[ownerAnnotation(name)];
  const found = at(entry, ["provider"])["clientID"];
  if (writer === owner || (writer === undefined && clientId !== undefined && found === clientId)) {
    return { state: "ours" };
  }
  return { state: "foreign", owner: typeof writer === "string" ? writer : undefined, clientId: found };
}

/** Puts our entry in its old place, or at the end. Every other entry stays as it is, in its place. */
export function withEntry(live: unknown, entry: Json, owner: string): Change {
  const name = String(entry["name"]);
  const providers = providersOf(live);
  const position = providers.findIndex((provider) => provider["name"] === name);
  const merged = position < 0 ? [...providers, entry] : providers.map((provider, index) => (index === position ? entry : provider));
  return change(live, merged, { [ownerAnnotation(name)]: owner });
}

/** Takes our entry out. An emptied list goes as well where there was none before us. */
export function withoutEntry(live: unknown, name: string, listWasAbsent: boolean): Change {
  const left = providersOf(live).filter((provider) => provider["name"] !== name);
  return change(live, left.length === 0 && listWasAbsent ? null : left, { [ownerAnnotation(name)]: null });
}

function change(live: unknown, identityProviders: Json[] | null, annotations: Json): Change {
  return {
    patch: {
      // The API server refuses the patch when somebody else wrote in between (409): it is then worked out anew.
      metadata: { annotations, resourceVersion: at(live, ["metadata"])["resourceVersion"] },
      spec: { authentication: { oauthOptions: { identityProviders } } },
    },
    names: (identityProviders ?? []).map((provider) => String(provider["name"])),
  };
}
