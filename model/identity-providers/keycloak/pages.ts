import { z } from "zod";
import { found, shaped, type DirectoryClient } from "../directory";

/** Every item of a list that Keycloak pages by `first` and `max`. @throws UnreadableDirectoryError */
export async function pages<Item>(client: DirectoryClient, path: string, schema: z.ZodType<Item[]>, pageSize: number): Promise<Item[]> {
  const items: Item[] = [];
  for (let page: Item[] | undefined; page === undefined || page.length === pageSize;) {
    const query = `${path.includes("?") ? "&" : "?"}first=${items.length}&max=${pageSize}`;
    page = shaped(schema, found(await client.get(`${path}${query}`), path), `a list at ${path}`);
    items.push(...page);
  }
  return items;
}
