import type { z } from "zod";
import type { Environment } from "../schema";
import { identityProviderFacts } from "../../identity-providers";
import { platformOf } from "../../platforms";
import { addProblem } from "../../text/problems";

/** Who has what so far, by its name for people. */
export type Occupied = Map<string, { readonly platform: string; readonly shared: boolean }>;

/** Refuses two platforms that need one namespace, release, host or file for themselves: Helm or the cluster would, half-way through an update. */
export function checkOccupied(environment: Environment, name: string, occupied: Occupied, context: z.core.$RefinementCtx): void {
  const platform = environment.platforms[name];
  if (platform === undefined) {
    return;
  }
  for (const { path, what, shared = false } of platformOf(platform).occupies?.(platform, identityProviderFacts(environment.idp)) ?? []) {
    const earlier = occupied.get(what);
    if (earlier !== undefined && earlier.platform !== name && !(earlier.shared && shared)) {
      addProblem(context, ["platforms", name, ...path], {
        expected: `something else than '${earlier.platform}' has in this stack`,
        received: `${what}, which cannot be that of two platforms`,
      });
    }
    occupied.set(what, { platform: name, shared });
  }
}
