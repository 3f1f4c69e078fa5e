import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { testApiToken, send, startTestLab } from "./harness";

/*
 * Replays what the official Pulumi plugin really sends (shared/recordings/provider-requests), in its own order, absolute form included.
 * The recorded answers came from a minimal server, so only the status counts: nothing that the plugin sends may be unknown here.
 */
interface Line {
  phase?: string;
  m: string;
  path: string;
  q: string;
  absform: boolean;
  status: number;
  body: unknown;
  resp: unknown;
}

const recordings = process.env.GATEHOUSE_RECORDINGS ?? resolve(__dirname, "../../../../../shared/recordings/okta");
const folder = resolve(recordings, "../provider-requests");
const files = ["okta-apitoken-httpproxy.jsonl", "okta-accesstoken-privatekey.jsonl", "okta-membership-update-swallowed.jsonl"];
const scopes = ["okta.groups.manage", "okta.apps.manage", "okta.policies.manage", "okta.users.manage"];

/** Where we answer otherwise than the minimal server did, and why. */
const otherwise: readonly { method: string; target: string; status: number; reason: string }[] = [
  { method: "GET", target: "/api/v1/policies", status: 400, reason: "sent by hand while recording: Okta requires `type`" },
  {
    method: "DELETE",
    target: "/api/v1/apps/0oa00000000000000014",
    status: 403,
    reason: "sent by hand: Okta deletes deactivated apps only",
  },
  { method: "GET", target: "/api/v1/apps/0oa00000000000000014", status: 200, reason: "follows from the line above" },
];

function read(file: string): Line[] {
  const lines = readFileSync(join(folder, file), "utf8").split("\n");
  // The signed assertions of the token requests have expired; okta-transport.test.ts makes fresh ones.
  return lines
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.phase !== undefined || line.path !== "/oauth2/v1/token");
}

if (!existsSync(folder)) {
  test("the provider's requests are there", () => {
    const message = `provider requests: expected *.jsonl in ${folder} (GATEHOUSE_RECORDINGS names the folder beside it), got none`;
    if (process.env.CI === "true") {
      throw new Error(message);
    }
    process.stderr.write(`${message}: not run\n`);
    expect(existsSync(folder)).toBe(false);
  });
} else {
  test.each(files)("%s", async (file) => {
    const started = await startTestLab();
    const ids = new Map<string, string>();
    for (const login of ["00u1alice", "00u2bob"]) {
      const person = await started.lab.addPerson({
        login: `${login}@example.com`,
        firstName: "A",
        lastName: "B",
        password: "a good password",
      });
      ids.set(login, person.id);
    }
    ids.set("rst0default", started.lab.store.systemAccessPolicy().id);
    const translate = (text: string): string => [...ids].reduce((result, [recorded, ours]) => result.replaceAll(recorded, ours), text);
    const bearer = `Bearer ${started.lab.issueAccessToken(scopes)}`;
    const authorization = file.includes("accesstoken") ? bearer : `SSWS ${testApiToken}`;
    const problems: string[] = [];
    let sent = 0;
    for (const line of read(file)) {
      if (line.phase !== undefined) {
        continue;
      }
      const path = translate(line.path + (line.q === "" ? "" : `?${line.q}`));
      const target = line.absform ? `http://127.0.0.1${path}` : undefined;
      const body = line.body === null ? undefined : translate(JSON.stringify(line.body));
      const answer = await send(started.lab.managementUrl + path, { method: line.m, target, body, headers: { authorization } });
      sent += 1;
      const expected = otherwise.find((rule) => rule.method === line.m && rule.target === line.path + line.q)?.status ?? line.status;
      if (answer.status !== expected) {
        problems.push(`${line.m} ${path}: expected ${String(expected)}, got ${String(answer.status)} ${answer.text.slice(0, 300)}`);
      }
      const recorded = (line.resp as { id?: unknown } | null)?.id;
      const ours = (answer.json as { id?: unknown } | undefined)?.id;
      if (line.m === "POST" && typeof recorded === "string" && typeof ours === "string") {
        ids.set(recorded, ours);
      }
      const rules = Array.isArray(line.resp) && line.path.endsWith("/rules") ? (line.resp as { id: string; system?: boolean }[]) : [];
      const ourRules = Array.isArray(answer.json) ? (answer.json as { id: string; system?: boolean }[]) : [];
      const [catchAll, ourCatchAll] = [rules, ourRules].map((list) => list.find((rule) => rule.system === true));
      if (catchAll !== undefined && ourCatchAll !== undefined) {
        ids.set(catchAll.id, ourCatchAll.id);
      }
    }
    await started.end();
    expect(problems).toEqual([]);
    expect(sent).toBeGreaterThan(5);
  });
}
