// How the stand-in's client meets refusals and faults of Graph and of the token service.
import { GraphClient } from "../../../pulumi/azuread/client";
import { resolveConfig } from "../../../pulumi/azuread/config";
import type { Properties } from "../../../pulumi/provider/values";
import { caller, tenant, makeGroup, openBench, type Bench } from "../../vendors/entra/support";

const settings: Properties = { clientId: caller.clientId, clientSecret: caller.clientSecret, tenantId: tenant };
let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
  vi.stubEnv("SSL_CERT_FILE", bench.caFile);
  await makeGroup(bench, "a group");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await bench.close();
});

describe("retries", () => {
  const waits: number[] = [];
  const patient = async (): Promise<GraphClient> => {
    waits.length = 0;
    const client = new GraphClient(resolveConfig({ ...settings, metadataHost: bench.lab.metadataHost }, {}), (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    });
    await client.connect();
    return client;
  };

  test("wait as long as Retry-After says, and 1, 2, 4 s after a 5xx", async () => {
    const client = await patient();
    bench.lab.fail({ path: "/v1.0/groups", times: 1, with: { status: 429, retryAfterSeconds: 7 } });
    bench.lab.fail({ path: "/v1.0/groups", times: 2, with: { status: 503 } });
    expect(await client.list("/v1.0/groups")).not.toHaveLength(0);
    expect(waits).toEqual([7_000, 2_000, 4_000]);
  });

  test("do not follow a dropped connection or a refusal", async () => {
    const client = await patient();
    bench.lab.fail({ path: "/v1.0/groups", times: 1, with: { drop: true } });
    await expect(client.list("/v1.0/groups")).rejects.toThrow(/^GET https:.*\/v1\.0\/groups: /);
    await expect(client.send("GET", "/v1.0/me")).rejects.toThrow(/unexpected status 400 with OData error: BadRequest: \/me request/);
    expect(waits).toEqual([]);
  });

  test("name Entra's error when the secret is wrong, and never the secret", async () => {
    const wrong = resolveConfig({ ...settings, clientSecret: "not-the-secret", metadataHost: bench.lab.metadataHost }, {});
    const message = await new GraphClient(wrong).connect().catch((error: unknown) => String(error));
    expect(message).toContain("AADSTS7000215");
    expect(message).not.toContain("not-the-secret");
  });
});
