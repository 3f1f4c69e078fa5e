import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { startTestLab, type Answer, type TestLab } from "./harness";
import { knownExceptions, differences, type Exception } from "./shape";

/*
 * Replays Okta's own traffic (recorded by the vendor's provider tests) against the lab's organisation: the same requests in the same
 * order must get the same status and the same answer, field by field, except for what EXCEPTIONS lists.
 */
interface Interaction {
  request: { method: string; url: string; body?: string };
  response: { code: number; body?: string; headers?: Record<string, string[]> };
}

const folder = process.env.GATEHOUSE_RECORDINGS ?? resolve(__dirname, "../../../../../shared/recordings/okta");
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".yaml")) : [];
const host = /https:\/\/oie-00\.dne-okta\.com/g;

/** The recorded requests ran in parallel, so the answer to an assignment without priority may show a number that was already taken. */
const race: Exception = { path: /^\.priority$/, leave: "value", reason: "assigned while another request took the same number" };

class Replay {
  private readonly ids = new Map<string, string>();

  constructor(private readonly test: TestLab) {}

  /** Objects that existed before the recording began. */
  async learnSeeds(interactions: readonly Interaction[]): Promise<void> {
    const [everyone] = (await this.test.api("GET", "/api/v1/groups?q=Everyone")).json as { id: string }[];
    const [system] = (await this.test.api("GET", "/api/v1/policies?type=ACCESS_POLICY")).json as { id: string }[];
    for (const { request, response } of interactions) {
      for (const [, id] of request.url.matchAll(/policies\/(rst\w+)/g)) {
        if (id !== undefined && system !== undefined) {
          this.ids.set(id, system.id);
        }
      }
      for (const [, id] of (response.body ?? "").matchAll(/"id":"(00g\w+)"[^{}]*"type":"BUILT_IN"/g)) {
        if (id !== undefined && everyone !== undefined) {
          this.ids.set(id, everyone.id);
        }
      }
      for (const [, id] of (response.body ?? "").matchAll(/"accessPolicy":{"href":"[^"]*\/(rst\w+)"/g)) {
        if (id !== undefined && system !== undefined) {
          this.ids.set(id, system.id);
        }
      }
    }
  }

  translate(text: string): string {
    let result = text.replace(host, this.test.lab.managementUrl);
    for (const [recorded, ours] of this.ids) {
      result = result.replaceAll(recorded, ours);
    }
    return result;
  }

  send(interaction: Interaction): Promise<Answer> {
    const { method, url, body } = interaction.request;
    const at = new URL(url);
    const sent = body === undefined || body.trim() === "" ? undefined : (JSON.parse(this.translate(body)) as unknown);
    return this.test.api(method, this.translate(at.pathname + at.search), sent);
  }

  learn(interaction: Interaction, recorded: unknown, answer: Answer): void {
    if (interaction.request.method !== "POST" || typeof recorded !== "object" || recorded === null || !("id" in recorded)) {
      return;
    }
    const ours = (answer.json as { id?: unknown }).id;
    if (typeof recorded.id === "string" && typeof ours === "string") {
      this.ids.set(recorded.id, ours);
    }
  }

  compare(interaction: Interaction, recorded: unknown, answer: Answer): string[] {
    const { method, url } = interaction.request;
    const exceptions = method === "PUT" && /\/apps\/\w+\/groups\//.test(url) ? [...knownExceptions, race] : knownExceptions;
    const limited = url.endsWith("/okta-organization") ? exceptions : exceptions.filter(({ path }) => !path.test(".cell"));
    // An authorization server's issuer is the org URL, which here differs from the address of the management API.
    const translate = (text: string): string => {
      const own = this.translate(text);
      return /\/oauth2\/aus\w+|^https?:\/\/[^/]+$/.test(own) ? own.replace(this.test.lab.managementUrl, this.test.lab.issuer) : own;
    };
    // Okta promises no order for a list, so both are put in the order of our ids.
    const idOf = (item: unknown): string => this.translate((item as { id?: string }).id ?? "");
    const sorted = (list: unknown): unknown =>
      Array.isArray(list) ? [...(list as unknown[])].sort((left, right) => (idOf(left) < idOf(right) ? -1 : 1)) : list;
    return differences(sorted(systemOnly(url, recorded)), sorted(systemOnly(url, answer.json)), translate, limited);
  }
}

/** The recorded org has access policies of its own; a new one has the system policy only. */
function systemOnly(url: string, list: unknown): unknown {
  return Array.isArray(list) && url.includes("/policies?type=")
    ? (list as { system?: boolean }[]).filter((policy) => policy.system === true)
    : list;
}

function nameOf({ request }: Interaction): string {
  return `${request.method} ${request.url.replace(host, "")}`;
}

if (files.length === 0) {
  test("the recordings are there", () => {
    const message = `Okta recordings: expected *.yaml in ${folder} (set GATEHOUSE_RECORDINGS to their folder), got none`;
    if (process.env.CI === "true") {
      throw new Error(message);
    }
    process.stderr.write(`${message}: not run\n`);
    expect(existsSync(join(folder, "ResourceOktaGroup_crud.yaml"))).toBe(false);
  });
}

// A loop, since describe.each refuses an empty list, as it is where the recordings are not beside the checkout.
for (const file of files) {
  describe(`recording ${file}`, () => {
    let replay: Replay;
    let started: TestLab;
    const { interactions } = parse(readFileSync(join(folder, file), "utf8")) as { interactions: Interaction[] };

    beforeAll(async () => {
      started = await startTestLab();
      replay = new Replay(started);
      await replay.learnSeeds(interactions);
    });
    afterAll(() => started.end());

    test(`${String(interactions.length)} interactions get the recorded status and shape`, async () => {
      const problems: string[] = [];
      for (const interaction of interactions) {
        const answer = await replay.send(interaction);
        const recordedText = (interaction.response.body ?? "").trim();
        if (answer.status !== interaction.response.code) {
          problems.push(
            `${nameOf(interaction)}: recorded status ${String(interaction.response.code)}, ours ${String(answer.status)} ${answer.text}`,
          );
          continue;
        }
        if (recordedText === "") {
          if (answer.text !== "") {
            problems.push(`${nameOf(interaction)}: recorded no body, ours ${answer.text}`);
          }
          continue;
        }
        const recorded = JSON.parse(recordedText) as unknown;
        replay.learn(interaction, recorded, answer);
        problems.push(...replay.compare(interaction, recorded, answer).map((problem) => `${nameOf(interaction)} ${problem}`));
        const link = interaction.response.headers?.Link?.[0];
        const ourLink = answer.headers.link;
        if (link !== undefined && !url(link).includes("type=") && replay.translate(url(link)) !== url(String(ourLink))) {
          problems.push(`${nameOf(interaction)}: recorded Link ${link}, ours ${String(ourLink)}`);
        }
      }
      expect(problems).toEqual([]);
      expect(interactions.length).toBeGreaterThan(0);
    });
  });
}

function url(link: string): string {
  return /<([^>]*)>/.exec(link)?.[1] ?? "";
}
