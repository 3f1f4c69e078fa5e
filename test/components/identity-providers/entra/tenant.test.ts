import * as issuers from "../../../../components/identity-providers/issuer";
import { resolveEntraTenant } from "../../../../components/identity-providers/entra/tenant";
import type { EntraSpec } from "../../../../model";
import { entraSchema } from "../../../../model/identity-providers/entra/entra";

const tenantId = "6d2374b4-aceb-42ac-966a-716a93f07db0";
const address = "https://login.microsoftonline.com/example.com/v2.0/.well-known/openid-configuration";
const spec = (tenant: string): EntraSpec => entraSchema.parse({ kind: "entra", tenantId: tenant });

const read = vi.spyOn(issuers, "readDiscovery");
afterAll(() => read.mockRestore());

function discovery(status: number, document?: Readonly<Record<string, unknown>>): void {
  read.mockReset().mockResolvedValue({ address, status, document });
}

test("a tenant's id is taken as it is, without a request", async () => {
  discovery(500);
  expect(await resolveEntraTenant(spec(tenantId))).toEqual(spec(tenantId));
  expect(read).not.toHaveBeenCalled();
});

test("a domain is resolved by the tenant's own discovery document", async () => {
  discovery(200, { issuer: `https://login.microsoftonline.com/${tenantId}/v2.0` });
  expect(await resolveEntraTenant(spec("example.com"))).toEqual(spec(tenantId));
  expect(read.mock.calls).toEqual([["https://login.microsoftonline.com/example.com/v2.0"]]);
});

test.each<[string, number, Readonly<Record<string, unknown>> | undefined, string]>([
  ["a domain that no tenant has verified", 400, { error: "invalid_tenant" }, `got 'example.com' (status 400 from ${address})`],
  ["a document without issuer", 200, {}, `got 'example.com' (status 200 from ${address})`],
  ["an issuer that is no address", 200, { issuer: "example" }, "got 'example.com'"],
  ["an issuer for no single tenant", 200, { issuer: "https://login.microsoftonline.com/{tenantid}/v2.0" }, "got 'example.com'"],
])("%s is said in plain words", async (_what, status, document, words) => {
  discovery(status, document);
  const act = resolveEntraTenant(spec("example.com"));
  await expect(act).rejects.toThrow(words);
  await expect(act).rejects.toThrow(/^gatehouse:idp\.tenantId: /);
});

test("no answer is said in plain words", async () => {
  read.mockReset().mockRejectedValue(new Error(`The discovery document could not be read at ${address}: ENOTFOUND.`));
  await expect(resolveEntraTenant(spec("example.com"))).rejects.toThrow(
    `gatehouse:idp.tenantId: The discovery document could not be read at ${address}: ENOTFOUND.`,
  );
});
