import type { z } from "zod";
import { found, nextQuery, shaped, UnreadableDirectoryError, type DirectoryClient, type Reply } from "../directory";

/** Okta's recommended page size for lists of people. */
const pageSize = 200;

/**
 * Every page of a list, whose items may lie deeper in the answer. The next page's address is Okta's to choose, but never its host or path:
 * credentials go nowhere else.
 * @throws UnreadableDirectoryError when a page is missing, or comes again
 */
export async function allPages<Page>(
  client: DirectoryClient,
  path: string,
  schema: z.ZodType<Page>,
  linkOf: (reply: Reply, page: Page) => string | null,
): Promise<Page[]> {
  const read: Page[] = [];
  let query: string | undefined = `limit=${pageSize}`;
  const seen = new Set<string>();
  while (query !== undefined) {
    const reply = found(await client.get(`${path}?${query}`), path);
    const page = shaped(schema, reply, `a list at ${path}`);
    read.push(page);
    seen.add(query);
    query = nextQuery(linkOf(reply, page), path);
    if (query !== undefined && seen.has(query)) {
      throw new UnreadableDirectoryError("directory_answer", `Expected another page of ${path} from Okta, got the same one again.`);
    }
  }
  return read;
}

/** Every item of a list whose pages are chained by the header Link. */
export async function pages<Item>(client: DirectoryClient, path: string, schema: z.ZodType<Item[]>): Promise<Item[]> {
  return (await allPages(client, path, schema, (reply) => reply.header("link"))).flat();
}
