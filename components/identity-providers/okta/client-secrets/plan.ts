/**
 * From the client secrets that an app has to those that it must have. Pure.
 *
 * Functions here are carried into the resource's own code (see provider.ts), so they lean on nothing but JavaScript itself.
 */

/** A client secret that must be accepted. */
export interface WantedSecret {
  /** First day, or `initial`; names the secret. */
  readonly start: string;
  readonly value: string;
}

/** A client secret as Okta lists it. */
export interface ListedSecret {
  readonly id: string;
  readonly status: string;
  /** The value; some answers show its beginning and end alone, with dots between. */
  readonly client_secret?: string;
}

/** Okta's ids of the secrets that this stack put there, by their first day. */
export type Held = Readonly<Record<string, string>>;

export type Step =
  | { readonly what: "create"; readonly secret: WantedSecret }
  | { readonly what: "activate"; readonly id: string }
  /** Deactivated, then deleted: Okta deletes inactive ones only. */
  | { readonly what: "remove"; readonly id: string };

/** Okta holds two at most. */
const most = 2;

function isSame(listed: string | undefined, value: string): boolean {
  if (listed === undefined) {
    return false;
  }
  const [start = "", ...rest] = listed.split(/\.{3,}/);
  return rest.length === 0 ? listed === value : start !== "" && value.startsWith(start) && value.endsWith(rest.at(-1) ?? "");
}

/** Which listed secret is which wanted one: by the id that was noted, unless its value is another, else by its value, which an interrupted update left behind. */
export function heldNow(wanted: readonly WantedSecret[], listed: readonly ListedSecret[], held: Held): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { start, value } of wanted) {
    const own =
      listed.find(({ id, client_secret: text }) => id === held[start] && (text === undefined || isSame(text, value))) ??
      listed.find(({ client_secret: text }) => isSame(text, value));
    if (own !== undefined) {
      found[start] = own.id;
    }
  }
  return found;
}

/**
 * The steps, in an order that never leaves the app without the secret that is in use: room is made by a secret that is not wanted any
 * more, the new one comes, and what is left over of ours goes last. A secret of somebody else is never removed.
 * @throws Error when two secrets of others leave no room
 */
export function stepsTowards(wanted: readonly WantedSecret[], listed: readonly ListedSecret[], held: Held): Step[] {
  const now = heldNow(wanted, listed, held);
  const kept = Object.values(now);
  const surplus = listed.filter(({ id }) => !kept.includes(id));
  const removable = surplus.filter(({ id, status }) => status === "INACTIVE" || Object.values(held).includes(id));
  const missing = wanted.filter(({ start }) => now[start] === undefined);
  const room = most - listed.length;
  const first = removable.slice(0, Math.max(0, missing.length - room));
  if (missing.length > room + first.length) {
    throw new Error(
      `client secrets: expected room for ${missing.length} more (Okta holds ${most}), got ${surplus.length} that this stack did not make and that are active. ` +
        "Fix: find out who uses them, then deactivate and delete them in Okta's admin console (the app's General tab, Client Credentials).",
    );
  }
  const rest = removable.filter((secret) => !first.includes(secret));
  return [
    ...first.map(({ id }): Step => ({ what: "remove", id })),
    ...missing.map((secret): Step => ({ what: "create", secret })),
    ...listed.filter(({ id, status }) => kept.includes(id) && status === "INACTIVE").map(({ id }): Step => ({ what: "activate", id })),
    ...rest.map(({ id }): Step => ({ what: "remove", id })),
  ];
}
