import { resolveEntraTenant } from "../../../../components/identity-providers/entra/tenant";
import type { EntraSpec } from "../../../../model";
import { entraSchema } from "../../../../model/identity-providers/entra/entra";

const tenantId = "6d2374b4-aceb-42ac-966a-716a93f07db0";
const address = "https://login.microsoftonline.com/example.com/v2.0/.well-known/openid-configuration";
const spec = (tenant: string): EntraSpec => entraSchema.parse({ kind: "entra", tenantId: tenant });

afterEach(() => jest.restoreAllMocks());

function discovery(answer: () => Response | Error): jest.SpyInstance {
  return jest.spyOn(globalThis, "fetch").mockImplementation(() => {
    const given = answer();
    return given instanceof Error ? Promise.reject(given) : Promise.resolve(given);
  });
}

test("a tenant's id is taken as it is, without a request", async () => {
  const fetched = discovery(() => new Error("no request was due"));
  expect(await resolveEntraTenant(spec(tenantId))).toEqual(spec(tenantId));
  expect(fetched).not.toHaveBeenCalled();
});

test("a domain is resolved by the tenant's own discovery document", async () => {
  const fetched = discovery(() => Response.json({ issuer: `https://login.microsoftonline.com/${tenantId}/v2.0` }));
  expect(await resolveEntraTenant(spec("example.com"))).toEqual(spec(tenantId));
  expect(fetched.mock.calls.map(([url]) => String(url))).toEqual([address]);
});

test.each([
  [
    "a domain that no tenant has verified",
    () => Response.json({ error: "invalid_tenant" }, { status: 400 }),
    `got 'example.com' (status 400 from ${address})`,
  ],
  ["a document without issuer", () => Response.json({}), `got 'example.com' (status 200 from ${address})`],
  [
    "an issuer for no single tenant",
    () => Response.json({ issuer: "https://login.microsoftonline.com/{tenantid}/v2.0" }),
    "got 'example.com'",
  ],
  ["no answer", () => new TypeError("fetch failed"), `could not be read at ${address}: fetch failed.`],
])("%s is said in plain words", async (_what, answer, words) => {
  discovery(answer);
  const act = resolveEntraTenant(spec("example.com"));
  await expect(act).rejects.toThrow(words);
  await expect(act).rejects.toThrow(/^gatehouse:idp\.tenantId: /);
});
