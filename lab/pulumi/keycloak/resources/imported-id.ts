// Ids of `pulumi import`: the resource's own after those of what it is in, with slashes between (KP, resource_keycloak_*.go, Importer).
import type { Properties } from "../../provider/values";

const placeholder = /^\{\{(\w+)\}\}$/;

/**
 * @param state empty for an import; otherwise the id is the resource's own already
 * @param format `{{realmId}}/client/{{clientId}}/{{id}}`
 * @returns the resource's own id, and the properties before it
 * @throws Error in the provider's words when the id has another form
 */
export function importedId(id: string, state: Properties, format: string): { readonly id: string; readonly parents: Properties } {
  if (Object.keys(state).length > 0) {
    return { id, parents: {} };
  }
  const [names, parts] = [format.split("/"), id.split("/")];
  const isOther = parts.length !== names.length || names.some((name, index) => !placeholder.test(name) && parts[index] !== name);
  if (isOther) {
    throw new Error(`Invalid import. Supported import formats: ${format}`);
  }
  const found = names.flatMap((name, index) => {
    const key = placeholder.exec(name)?.[1];
    return key === undefined ? [] : [[key, parts[index] ?? ""] as const];
  });
  const { id: own = "", ...parents } = Object.fromEntries(found);
  return { id: own, parents };
}
