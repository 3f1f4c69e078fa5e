import { z } from "zod";
import { found, shaped, UnreadableDirectoryError, type DirectoryClient, type Reply } from "../directory";

/** Reading Microsoft Graph: collections with all of their pages, and how an object of the directory is called. */

export const objectSchema = z.looseObject({
  "@odata.type": z.string().optional(),
  id: z.string(),
  displayName: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  mail: z.string().nullish(),
  accountEnabled: z.boolean().nullish(),
});
export type DirectoryObject = z.infer<typeof objectSchema>;
const pageSchema = z.looseObject({ value: z.array(z.looseObject({})), "@odata.nextLink": z.string().optional() });

/** As many entries a page as the directory's collections allow. */
export const pageSize = 999;

export function nameOf({ userPrincipalName, displayName, id }: DirectoryObject): string {
  return userPrincipalName ?? `${displayName ?? "(no name)"} (${id})`;
}

export async function pages<Item>(client: DirectoryClient, path: string, schema: z.ZodType<Item[]>): Promise<Item[]> {
  return shaped(schema, found(await readGraph(client, path), path), `a list at ${path}`);
}

/**
 * An object, or a collection with all of its pages as one list. The next page's address is Graph's to choose, but never its host:
 * credentials go nowhere else.
 */
export async function readGraph(client: DirectoryClient, path: string): Promise<Reply | undefined> {
  const first = await client.get(path);
  if (first === undefined || !pageSchema.safeParse(first.body).success) {
    return first;
  }
  const items: unknown[] = [];
  const seen = new Set<string>();
  let at = path;
  for (let reply: Reply = first; ; reply = found(await client.get(at), path)) {
    seen.add(at);
    const page = shaped(pageSchema, reply, `a list at ${path}`);
    items.push(...page.value);
    const link = page["@odata.nextLink"];
    if (link === undefined) {
      return { ...first, body: items };
    }
    at = link.startsWith(`${client.address}/`) ? link.slice(client.address.length) : "";
    if (at === "" || seen.has(at)) {
      throw new UnreadableDirectoryError(
        "directory_answer",
        `Expected another page of ${path} from Microsoft Graph, got an address elsewhere, or the same again.`,
      );
    }
  }
}
