/** The client scopes that each client has by itself; from 25 on `sub` comes with `basic`. Realm roles and other audiences come with none of them. */
export function keycloakDefaultScopes({ serverVersion }: { readonly serverVersion: string }): string[] {
  return [...(Number.parseInt(serverVersion, 10) >= 25 ? ["basic"] : []), "acr", "email", "profile"];
}
