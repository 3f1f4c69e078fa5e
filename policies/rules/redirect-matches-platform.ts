import { isKasten, isOpenUnison, kastenPathPrefix, releaseOf, type HelmRelease } from "../reading/helm";
import { redirectTypes, registeredUris } from "../reading/redirects";
import { show, stackRule } from "../rule";
import { releases } from "../types";
import { isTrue, text } from "../value";

export const redirectMatchesPlatform = stackRule({
  id: "redirect-matches-platform",
  candidate: 4,
  title: "The callback that the platform uses is registered with the identity provider",
  severity: "medium",
  level: "advisory",
  rationale:
    "Identity providers compare redirect URIs as strings. K10's callback hangs on the release name or the ingress path, and its values take the base address only: the mistake shows at the first sign-in, not at install.",
  remediation: "Register exactly the callback in the message with the application that serves this release.",
  controls: ["rfc9700-2.1", "asvs-10.4.1"],
  unknowns: "Judged only when every redirect URI of the stack, and the release's host and name, are known.",
  types: [...redirectTypes, ...releases],
  settings: {},
  check(resources) {
    const registered = resources.flatMap(registeredUris).map(({ uri }) => uri);
    // No application in this stack: it is registered elsewhere, and there is nothing to compare with.
    if (registered.length === 0 || !registered.every((uri) => typeof uri === "string")) {
      return [];
    }
    return resources
      .filter(({ type }) => (releases as readonly string[]).includes(type))
      .map(releaseOf)
      .flatMap((release) => {
        const expected = callbackOf(release);
        if (expected === undefined || registered.includes(expected)) {
          return [];
        }
        return [
          { urn: release.urn, message: `redirect URIs of the stack: expected ${show(expected)} among them, got ${show(registered)}` },
        ];
      });
  },
});

/** The callback of a release, as far as its values tell. */
function callbackOf(release: HelmRelease): string | undefined {
  if (isKasten(release) && isTrue(release.values, "auth", "oidcAuth", "enabled")) {
    const base = text(release.values, "auth", "oidcAuth", "redirectURL");
    const prefix = kastenPathPrefix(release);
    return base === undefined || prefix === undefined ? undefined : `${base.replace(/\/+$/, "")}/${prefix}/auth-svc/v0/oidc/redirect`;
  }
  const host = text(release.values, "network", "openunison_host");
  return isOpenUnison(release) && host !== undefined ? `https://${host}/auth/oidc` : undefined;
}
