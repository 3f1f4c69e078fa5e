import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createCertificateAuthority } from "../../../machine/certificates";
import { caller, tenant, errorOf, makeGroup, openBench, register, type Bench } from "./support";

async function withBench(options: Parameters<typeof openBench>[0], work: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = await openBench(options);
  try {
    await work(bench);
  } finally {
    await bench.close();
  }
}

describe("injected faults", () => {
  it("hit the next matching requests only, and are logged and counted", () =>
    withBench({}, async (bench) => {
      await bench.token();
      bench.lab.log.clear();
      bench.lab.fail({ method: "GET", path: "/v1.0/groups", times: 2, with: { status: 429, retryAfterSeconds: 7 } });
      bench.lab.fail({ path: "/v1.0/users", times: 1, with: { status: 503 } });
      bench.lab.fail({ path: "/v1.0/applications", times: 1, with: { drop: true } });
      expect((await bench.graph("GET", "/v1.0/servicePrincipals")).status).toBe(200);
      const limited = await bench.graph("GET", "/v1.0/groups");
      expect(errorOf(limited)).toMatchObject({ status: 429, code: "TooManyRequests" });
      expect(limited.headers["retry-after"]).toBe("7");
      expect((await bench.graph("GET", "/v1.0/groups")).status).toBe(429);
      expect((await bench.graph("GET", "/v1.0/groups")).status).toBe(200);
      expect((await bench.graph("GET", "/v1.0/users")).status).toBe(503);
      await expect(bench.graph("GET", "/v1.0/applications")).rejects.toThrow(/socket hang up|ECONNRESET/);
      expect((await bench.graph("GET", "/v1.0/applications")).status).toBe(200);
      const { objectId } = await register(bench);
      await bench.graph("GET", `/v1.0/applications/${objectId}`);
      expect(bench.lab.requests()).toEqual({
        "GET /v1.0/applications 0": 1,
        "GET /v1.0/applications 200": 1,
        "GET /v1.0/applications/{id} 200": 1,
        "GET /v1.0/groups 200": 1,
        "GET /v1.0/groups 429": 2,
        "GET /v1.0/servicePrincipals 200": 1,
        "GET /v1.0/users 503": 1,
        "POST /v1.0/applications 201": 1,
        "POST /v1.0/servicePrincipals 201": 1,
        "POST /{id}/oauth2/v2.0/token 200": 1,
      });
    }));
});

describe("eventual consistency", () => {
  it("hides a new object from its first reads, also where another refers to it", () =>
    withBench({ consistency: { reads: 2 } }, async (bench) => {
      const made = await bench.graph("POST", "/v1.0/applications", { displayName: "late" });
      const path = `/v1.0/applications/${String(made.json["id"])}`;
      const orphan = await bench.graph("POST", "/v1.0/servicePrincipals", { appId: made.json["appId"] });
      expect(errorOf(orphan).code).toBe("NoBackingApplicationObject");
      const statuses = [];
      for (let read = 0; read < 3; read += 1) {
        statuses.push((await bench.graph("GET", path)).status);
      }
      expect(statuses).toEqual([404, 404, 200]);
      expect((await bench.graph("POST", "/v1.0/servicePrincipals", { appId: made.json["appId"] })).status).toBe(201);
    }));

  it("counts milliseconds of the lab's clock", async () => {
    let now = 1_800_000_000_000;
    await withBench({ consistency: { milliseconds: 500 }, now: () => now }, async (bench) => {
      const id = await makeGroup(bench, "late");
      expect((await bench.graph("GET", `/beta/groups/${id}`)).status).toBe(404);
      now += 500;
      expect((await bench.graph("GET", `/beta/groups/${id}`)).status).toBe(200);
    });
  });
});

describe("permissions of the calling application", () => {
  const refused = { status: 403, code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation." };

  it("are needed one by one, and the refusal names none", () =>
    withBench({ caller: { ...caller, permissions: ["Application.ReadWrite.All"] } }, async (bench) => {
      const { clientId, principalId } = await register(bench);
      expect(errorOf(await bench.graph("GET", "/v1.0/groups"))).toEqual(refused);
      expect(errorOf(await bench.graph("GET", "/v1.0/users"))).toEqual(refused);
      const assignment = { appRoleId: "00000000-0000-0000-0000-000000000000", principalId, resourceId: principalId };
      expect(errorOf(await bench.graph("POST", `/v1.0/servicePrincipals/${principalId}/appRoleAssignedTo`, assignment))).toEqual(refused);
      const policy = await bench.graph("POST", "/v1.0/identity/conditionalAccess/policies", { displayName: clientId });
      expect(errorOf(policy)).toMatchObject({ status: 403, code: "AccessDenied" });
    }));

  it("reach owned applications only with Application.ReadWrite.OwnedBy", () =>
    withBench({ caller: { ...caller, permissions: ["Application.ReadWrite.OwnedBy"] } }, async (bench) => {
      const { objectId } = await register(bench);
      const path = `/v1.0/applications/${objectId}`;
      expect((await bench.graph("PATCH", path, { notes: "mine" })).status).toBe(204);
      expect((await bench.graph("DELETE", `${path}/owners/${caller.objectId}/$ref`)).status).toBe(204);
      expect(errorOf(await bench.graph("PATCH", path, { notes: "not mine" }))).toEqual(refused);
    }));
});

describe("the lab's own handles", () => {
  it("are closed without a control token", () =>
    withBench({}, async (bench) => {
      expect((await bench.send("GET", `${bench.lab.graphUrl}/.lab/requests`)).status).toBe(401);
    }));

  it("count requests, set faults and move the clock for who has the token", () =>
    withBench({ controlToken: "control-token-of-16", now: () => 0 }, async (bench) => {
      const headers = { authorization: "Bearer control-token-of-16" };
      const handle = (method: string, path: string, body?: unknown) =>
        bench.send(method, `${bench.lab.graphUrl}/.lab/${path}`, {
          headers,
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
      expect((await handle("PUT", "clock", { aheadMilliseconds: 5000 })).json).toEqual({ now: "1970-01-01T00:00:05.000Z" });
      expect((await handle("POST", "faults", { path: "/v1.0", times: 1, with: { status: 500 } })).status).toBe(200);
      expect((await bench.graph("GET", "/v1.0/groups")).status).toBe(500);
      expect((await handle("GET", "requests")).json).toMatchObject({ "GET /v1.0/groups 500": 1 });
      expect((await handle("DELETE", "requests")).status).toBe(200);
      expect((await handle("GET", "requests")).json).toEqual({});
      expect((await handle("POST", "faults", { times: 0, with: { status: 418 } })).status).toBe(400);
      expect((await handle("GET", "nothing")).status).toBe(404);
    }));
});

describe("main.ts", () => {
  const repository = resolve(__dirname, "../../../..");

  it("serves as a process of its own and refuses a configuration that others may read", async () => {
    const folder = mkdtempSync(join(tmpdir(), "entra-main-"));
    try {
      const authority = await createCertificateAuthority({ directory: folder, name: "ca" });
      const { certificate, key } = await authority.issueServer({ name: "entra" });
      const file = join(folder, "lab.json");
      const configuration = {
        tenantId: tenant,
        port: 0,
        certificate: { certPem: certificate, keyPem: key },
        people: [],
        caller: caller,
      };
      writeFileSync(file, JSON.stringify(configuration), { mode: 0o600 });
      const first = await run(file);
      expect(JSON.parse(first.firstLine)).toMatchObject({
        ready: true,
        issuer: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+\/2222.*\/v2\.0$/) as string,
      });
      expect(first.exitCode).toBe(0);
      chmodSync(file, 0o644);
      expect(await run(file)).toMatchObject({
        firstLine: "",
        exitCode: 1,
        problem: expect.stringContaining("expected file mode 0600, got 0644") as string,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  /** Runs the process to its first line, then asks it to stop. */
  function run(file: string): Promise<{ firstLine: string; problem: string; exitCode: number | null }> {
    return new Promise((done, fail) => {
      const child = spawn(process.execPath, ["--import", "tsx", join(repository, "lab/vendors/entra/main.ts"), file], { cwd: repository });
      let [output, problem] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString("utf8");
        if (output.includes("\n")) {
          child.kill("SIGTERM");
        }
      });
      child.stderr.on("data", (chunk: Buffer) => (problem += chunk.toString("utf8")));
      child.on("error", fail);
      child.on("close", (exitCode) => done({ firstLine: output.split("\n")[0] ?? "", problem, exitCode }));
    });
  }
});
