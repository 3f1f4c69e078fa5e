import { gatehouse, type World } from "../harness";
import { live } from "./world";

describe("a list in pages", () => {
  /** The app's assignments one by one; the second page lies where `next` says. */
  function paged(next: (path: string) => string): { world: World; asked: string[] } {
    const world = live();
    const asked: string[] = [];
    const fetch: NonNullable<World["fetch"]> = async (url, init) => {
      asked.push(url);
      const { pathname, searchParams } = new URL(url);
      const whole = await world.fetch?.(url, init);
      if (whole === undefined || !/^\/api\/v1\/apps\/\w+\/groups$/.test(pathname)) {
        return whole ?? new Response("", { status: 404 });
      }
      const all = (await whole.json()) as unknown[];
      const first = searchParams.get("after") === null;
      const link = { link: `<${next(pathname)}>; rel="next"` };
      return new Response(JSON.stringify(first ? all.slice(0, 1) : all.slice(1)), { status: 200, headers: first ? link : {} });
    };
    return { world: { ...world, fetch }, asked };
  }

  test("is put together, and the next page is asked at the same address, whatever host it names", async () => {
    const { world, asked } = paged((path) => `https://elsewhere.example${path}?after=1`);
    const outcome = await gatehouse(["adopt"], world);
    expect(outcome.status).toBe(0);
    expect(asked.filter((url) => url.includes("after=1"))).toHaveLength(1);
    expect(asked.filter((url) => !url.startsWith("https://example.okta.com/"))).toEqual([]);
  });

  test("is refused where the next page is another list's, or the same again", async () => {
    const other = await gatehouse(["adopt"], paged(() => "https://example.okta.com/api/v1/users?after=1").world);
    expect(other.stderr).toContain("Expected the next page below /api/v1/apps/");
    const again = await gatehouse(["adopt"], paged((path) => `https://example.okta.com${path}?limit=200`).world);
    expect(again.stderr).toContain("got the same one again");
    expect([other.written, again.written]).toEqual([undefined, undefined]);
  });
});
