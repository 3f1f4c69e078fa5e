import type { z } from "zod";
import { found, nextQuery, pathOnly, shaped, UnreadableDirectoryError, type DirectoryClient, type Reply } from "../directory";

/** Okta's recommended page size for lists of people. */
const pageSize = 200;

/**
 * The answers of a list's pages, one after the other; undefined in place of one that is not there. The next page's address is Okta's to
 * choose, but never its host or path: credentials go nowhere else.
 * @param path may have a query of its own, for the first page
 * @param linkOf what an answer says of the next page, as the header Link has it
 * @throws UnreadableDirectoryError when a page comes again
 */
export async function* replies(
  client: DirectoryClient,
  path: string,
  linkOf: (reply: Reply) => string | null = (reply) => reply.header("link"),
): AsyncGenerator<Reply | undefined, void> {
  const place = pathOnly(path);
  const seen = new Set<string>();
  for (let query: string | undefined = path.slice(place.length + 1); query !== undefined;) {
    if (seen.has(query)) {
      throw new UnreadableDirectoryError("directory_answer", `Expected another page of ${place} from Okta, got the same one again.`);
    }
    seen.add(query);
    const reply = await client.get(query === "" ? place : `${place}?${query}`);
    yield reply;
    query = reply === undefined ? undefined : nextQuery(linkOf(reply), place);
  }
}

/**
 * Every page of a list, whose items may lie deeper in the answer.
 * @throws UnreadableDirectoryError when a page is missing, or comes again
 */
export async function allPages<Page>(
  client: DirectoryClient,
  path: string,
  schema: z.ZodType<Page>,
  linkOf?: (reply: Reply) => string | null,
): Promise<Page[]> {
  const read: Page[] = [];
  for await (const reply of replies(client, `${path}?limit=${pageSize}`, linkOf)) {
    read.push(shaped(schema, found(reply, path), `a list at ${path}`));
  }
  return read;
}

/** Every item of a list whose pages are chained by the header Link. */
export async function pages<Item>(client: DirectoryClient, path: string, schema: z.ZodType<Item[]>): Promise<Item[]> {
  return (await allPages(client, path, schema)).flat();
}
