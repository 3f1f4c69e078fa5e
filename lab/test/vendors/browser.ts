import { send, type Answer } from "./okta/harness";

/** A browser without scripts: keeps cookies, follows redirects while they stay at the identity provider, and fills in forms. */
export class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(private readonly ca: string) {}

  /** The last answer, and the URL where it was: a redirect to another origin is not followed. */
  async get(url: string): Promise<{ url: string; answer: Answer }> {
    return this.follow(url, await this.one(url, {}));
  }

  async submit(url: string, fields: Readonly<Record<string, string>>): Promise<{ url: string; answer: Answer }> {
    const body = new URLSearchParams(fields).toString();
    return this.follow(
      url,
      await this.one(url, { method: "POST", body, headers: { "content-type": "application/x-www-form-urlencoded" } }),
    );
  }

  private async follow(start: string, first: Answer): Promise<{ url: string; answer: Answer }> {
    let url = start;
    let answer = first;
    for (let hops = 0; answer.status >= 300 && answer.status < 400; hops += 1) {
      if (hops > 20) {
        throw new Error(`${start}: more than 20 redirects`);
      }
      const next = new URL(answer.headers.location ?? "", url);
      if (next.origin !== new URL(start).origin) {
        return { url: next.href, answer };
      }
      url = next.href;
      answer = await this.one(url, {});
    }
    return { url, answer };
  }

  private async one(url: string, sent: { method?: string; body?: string; headers?: Record<string, string> }): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await send(url, { ...sent, ca: this.ca, headers: { ...sent.headers, ...(cookie === "" ? {} : { cookie }) } });
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [pair = ""] = line.split(";");
      const name = pair.slice(0, pair.indexOf("="));
      const value = pair.slice(pair.indexOf("=") + 1);
      if (value === "") {
        this.cookies.delete(name);
      } else {
        this.cookies.set(name, value);
      }
    }
    return answer;
  }
}
