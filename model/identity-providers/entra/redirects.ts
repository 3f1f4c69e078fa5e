/** "Redirect URI (reply URL) restrictions and limitations" (learn.microsoft.com/entra/identity-platform/reply-url). */
export const entraRedirectLimits = { longest: 256, refusedCharacter: /[!$'(),;]/, refusedCharacters: "! $ ' ( ) , ;" } as const;

/**
 * What Entra ID, or the provider before it, would refuse a redirect URI for; undefined when both take it.
 *
 * Entra ID's limits, and the provider's own rule for addresses without a path (hashicorp/terraform-provider-azuread#718). Refusing here comes before
 * anything is created; Entra would refuse in the middle of an update.
 */
export function entraRedirectFault(uri: string, publicClient: boolean): string | undefined {
  const { longest, refusedCharacter, refusedCharacters } = entraRedirectLimits;
  if (uri.length > longest) {
    return `has ${uri.length} characters; Entra ID takes at most ${longest}`;
  }
  const character = refusedCharacter.exec(uri)?.[0];
  if (character !== undefined) {
    return `contains ${character}, which Entra ID does not take (none of ${refusedCharacters})`;
  }
  // What is no address at all is refused where it is written.
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined) {
    return undefined;
  }
  if (url.hostname === "[::1]") {
    return "has the IPv6 loopback address, which Entra ID does not take: write localhost";
  }
  // Only for the web kind: kubelogin sends http://localhost:8000, and the provider takes any address for public clients.
  const bare = url.pathname === "/" && !uri.endsWith("/");
  return bare && !publicClient ? "has no path and no trailing slash, which the provider refuses" : undefined;
}
