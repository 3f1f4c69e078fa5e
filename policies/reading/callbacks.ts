import { matchesGlob } from "../../model/text/glob";
import type { Setting } from "../rule";

/** A list of callbacks that a rule does not ask of, as a setting: whoever knows better says so in the pack's configuration. */
export function callbackSetting(globs: readonly string[], description: string): Setting<readonly string[]> {
  return {
    default: globs,
    schema: { type: "array", items: { type: "string" }, description: `${description}; * stands for any characters.` },
  };
}

/**
 * Whether a client serves nothing but such callbacks: each redirect URI is known, and is one of them.
 * @param uris as registered; none counts as not known
 */
export function servesOnly(uris: readonly unknown[], globs: readonly string[]): boolean {
  return uris.length > 0 && uris.every((uri) => typeof uri === "string" && globs.some((glob) => matchesGlob(glob, uri)));
}

/** The callbacks of OpenUnison and of KubeSphere, whose clients neither send a code challenge nor sign in by anything but a secret. */
export const secretOnlyCallbacks = ["https://*/auth/oidc", "https://*/oauth/redirect/*", "http://*/oauth/redirect/*"] as const;
