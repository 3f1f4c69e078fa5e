import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { caller, openBench, type Answer, type Bench } from "./support";

/** What the official provider sent in a whole life of a stack; the answers are another server's. */
interface Recorded {
  readonly phase?: string;
  readonly m: string;
  readonly path: string;
  readonly q: string;
  readonly status: number;
  readonly body: Record<string, unknown> | null;
  readonly resp: Record<string, unknown> | null;
}

const folder = process.env["GATEHOUSE_RECORDINGS"]
  ? resolve(process.env["GATEHOUSE_RECORDINGS"], "../provider-requests")
  : resolve(__dirname, "../../../../../shared/recordings/provider-requests");
const file = resolve(folder, "azuread-clientsecret-metadatahost.jsonl");
const recordedOrigin = "http://127.0.0.1:9280";
const recordedUser = "44444444-4444-4444-8444-444444444444";

/** Recorded ids that the server made, and what ours made instead. */
class Ids {
  private readonly known = new Map<string, string>();

  constructor(private readonly origin: string) {}

  translate(text: string): string {
    let result = text.replaceAll(recordedOrigin, this.origin);
    for (const [recorded, ours] of this.known) {
      result = result.replaceAll(recorded, ours);
    }
    return result;
  }

  learn(recorded: Record<string, unknown> | null, ours: Answer): void {
    for (const key of ["id", "appId", "keyId"]) {
      const [old, fresh] = [recorded?.[key], ours.json[key]];
      if (typeof old === "string" && typeof fresh === "string" && old !== caller.objectId) {
        this.known.set(old, fresh);
      }
    }
  }
}

async function replay(bench: Bench, ids: Ids, one: Recorded): Promise<Answer> {
  const path = ids.translate(one.path) + (one.q === "" ? "" : `?${ids.translate(one.q)}`);
  if (one.path === "/metadata/endpoints") {
    return bench.send("GET", bench.lab.graphUrl + path);
  }
  if (one.path.endsWith("/token")) {
    return bench.token({ scope: `${bench.lab.graphUrl}/.default` });
  }
  const body = one.body === null ? undefined : (JSON.parse(ids.translate(JSON.stringify(one.body))) as unknown);
  return bench.graph(one.m, path, body);
}

describe("the official provider's requests", () => {
  const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];

  if (lines.length === 0) {
    it("are present in CI", () => {
      if (process.env["CI"] === "true") {
        throw new Error(`recordings: expected ${file} (set GATEHOUSE_RECORDINGS), found nothing`);
      }
      process.stderr.write(`entra recordings: not run, no file ${file}\n`);
      expect(process.env["CI"]).not.toBe("true");
    });
    return;
  }

  it("are all answered with the recorded status, from creation to destruction, and the secret is shown once", async () => {
    const bench = await openBench({
      people: [{ login: "member@example.com", password: "x", id: recordedUser }],
    });
    try {
      const ids = new Ids(bench.lab.graphUrl);
      const surprises: string[] = [];
      let sent = 0;
      let secret = "";
      for (const line of lines) {
        const one = JSON.parse(line) as Recorded;
        if (one.phase !== undefined) {
          continue;
        }
        const answer = await replay(bench, ids, one);
        sent += 1;
        if (answer.status !== one.status) {
          surprises.push(`${one.m} ${one.path}: ${String(one.status)} recorded, ${answer.text}`);
        }
        ids.learn(one.resp, answer);
        if (one.path.endsWith("addPassword")) {
          secret = String(answer.json["secretText"]);
        } else if (secret !== "" && answer.text.includes(secret)) {
          surprises.push(`${one.m} ${one.path}: shows the secret again`);
        }
      }
      expect(surprises).toEqual([]);
      expect(secret.length).toBeGreaterThanOrEqual(36);
      expect(sent).toBe(lines.length - lines.filter((line) => line.includes('"phase"')).length);
      // Everything that the stack made is gone; the tenant's own objects stay.
      expect(bench.lab.store.list("application")).toHaveLength(1);
      expect(bench.lab.store.groups()).toHaveLength(0);
      expect(bench.lab.store.policies()).toHaveLength(0);
    } finally {
      await bench.close();
    }
  });
});
