import { z } from "zod";
import { jsonOrNothing, type Evidence } from "../../model";
import type { ClusterGet } from "../cluster";
import { EngineError } from "../errors";

export type ListFact = Evidence["cluster"]["lists"][number];

const pageSize = 500;
const tries = 3;

const pageSchema = z.looseObject({
  metadata: z.looseObject({
    resourceVersion: z.string(),
    continue: z.string().optional(),
    remainingItemCount: z.int().optional(),
  }),
  items: z.array(z.unknown()),
});
type Page = z.infer<typeof pageSchema>;

/**
 * A whole collection of the cluster at one resourceVersion, and the number of its objects had in another way: the API server's count of
 * what remains behind one object, at the same resourceVersion (kubernetes.io/docs/reference/using-api/api-concepts, "Retrieving large
 * results sets in chunks"; `remainingItemCount`).
 * @throws EngineError when the collection may not be read, or the two numbers differ
 */
export async function wholeList(get: ClusterGet, path: string): Promise<{ pages: readonly unknown[]; fact: ListFact }> {
  for (let attempt = 1; ; attempt += 1) {
    const listed = await allPages(get, path);
    const counted = listed === undefined ? undefined : await countAt(get, path, listed.resourceVersion);
    if (listed !== undefined && counted !== undefined) {
      const what = path.split("/").at(-1) ?? path;
      const count = listed.pages.reduce((sum, { items }) => sum + items.length, 0);
      if (count !== counted) {
        throw new EngineError(
          "incomplete_list",
          `Expected ${counted} ${what}, as the API server counts them at resourceVersion ${listed.resourceVersion}, got a list of ${count}.\nFix: try again; if it stays so, something between this machine and the API server takes objects out of its answers.`,
        );
      }
      const { resourceVersion, pages } = listed;
      return { pages, fact: { what, resourceVersion, pages: pages.length, listed: count, counted } };
    }
    // 410: the version was compacted while it was read.
    if (attempt === tries) {
      throw new EngineError("cluster_refused", `Expected ${path} to stay readable at one resourceVersion, got status 410, ${tries} times.`);
    }
  }
}

async function allPages(get: ClusterGet, path: string): Promise<{ resourceVersion: string; pages: Page[] } | undefined> {
  const pages: Page[] = [];
  let next = "";
  do {
    const page = await onePage(get, path, { limit: String(pageSize), ...(next !== "" && { continue: next }) });
    if (page === undefined) {
      return undefined;
    }
    pages.push(page);
    next = page.metadata.continue ?? "";
  } while (next !== "");
  const versions = new Set(pages.map(({ metadata }) => metadata.resourceVersion));
  const [resourceVersion = ""] = versions;
  return versions.size === 1 ? { resourceVersion, pages } : undefined;
}

async function countAt(get: ClusterGet, path: string, resourceVersion: string): Promise<number | undefined> {
  const page = await onePage(get, path, { limit: "1", resourceVersion, resourceVersionMatch: "Exact" });
  return page === undefined ? undefined : page.items.length + (page.metadata.remainingItemCount ?? 0);
}

/** @returns undefined when the version is gone */
async function onePage(get: ClusterGet, path: string, query: Record<string, string>): Promise<Page | undefined> {
  const { status, body } = await get(`${path}?${new URLSearchParams(query).toString()}`);
  if (status === 410) {
    return undefined;
  }
  if (status !== 200) {
    const what = path.split("/").at(-1) ?? path;
    throw new EngineError(
      "cluster_refused",
      `Expected the API server to list ${what} (200), got ${status}.\nFix: the kubeconfig's identity must be allowed to list ${what} in the whole cluster.`,
    );
  }
  const parsed = pageSchema.safeParse(jsonOrNothing(body));
  if (!parsed.success) {
    throw new EngineError("engine_answer", `Expected a list from the API server at ${path}, got something else.`);
  }
  return parsed.data;
}
