// Against the lab's Okta, whose routes are held to the vendor's description (lab/test/vendors/okta/client-secrets.test.ts).
import { clientSecretsProvider, type ClientSecretsState } from "../../../../../components/identity-providers/okta/client-secrets/provider";
import { testApiToken, startTestLab, webApp, type TestLab } from "../../../../../lab/test/vendors/okta/harness";

const [A, B, C] = ["a-secret-of-the-first-day", "b-secret-of-the-second-day", "c-secret-of-the-third-day"];
let lab: TestLab;
let appId: string;

beforeAll(async () => {
  lab = await startTestLab();
});
afterAll(() => lab.end());

beforeEach(async () => {
  const made = await lab.api("POST", "/api/v1/apps?activate=true", webApp("k10", { credentials: { client_secret: A } }));
  appId = (made.json as { id: string }).id;
});

async function provider(settings: Record<string, string> = { "okta:apiToken": testApiToken }) {
  const all: Record<string, string> = { "okta:httpProxy": lab.lab.managementUrl, ...settings };
  const made = clientSecretsProvider();
  await made.configure?.({ config: { get: (key: string) => all[key], require: (key: string) => key } });
  return made;
}

/** What an operation must give back. */
function stateOf(outs: ClientSecretsState | undefined): ClientSecretsState {
  if (outs === undefined) {
    throw new Error("The operation gave no state back.");
  }
  return outs;
}

const inputs = (...pairs: [string, string][]) => ({ appId, secrets: pairs.map(([start, value]) => ({ start, value })) });
const there = async (): Promise<[string, string][]> =>
  ((await lab.api("GET", `/api/v1/apps/${appId}/credentials/secrets`)).json as { client_secret: string; status: string }[]).map(
    ({ client_secret: value, status }) => [value, status],
  );
const update = async (olds: ClientSecretsState, news: ReturnType<typeof inputs>): Promise<ClientSecretsState> =>
  stateOf((await (await provider()).update?.("id", olds, news))?.outs);

test("a whole rotation: taken up by value, the new one beside it, the old one gone at the end", async () => {
  const made = await provider();
  const first = stateOf((await made.create(inputs(["initial", A]))).outs);
  expect(await there()).toEqual([[A, "ACTIVE"]]);
  const two = await update(first, inputs(["2026-11-23", B], ["initial", A]));
  expect(await there()).toEqual([
    [A, "ACTIVE"],
    [B, "ACTIVE"],
  ]);
  // Interrupted before the state was written: the same once more changes nothing.
  expect((await update(first, inputs(["2026-11-23", B], ["initial", A]))).held).toEqual(two.held);
  const one = await update(two, inputs(["2026-11-23", B]));
  expect(await there()).toEqual([[B, "ACTIVE"]]);
  expect(Object.keys(one.held)).toEqual(["2026-11-23"]);
});

test("an update of the app by Okta's provider with omitSecret leaves both", async () => {
  const first = stateOf((await (await provider()).create(inputs(["initial", A]))).outs);
  await update(first, inputs(["2026-11-23", B], ["initial", A]));
  // As recorded: ResourceOktaAppOauth_omitSecretSafeEnable.
  const body = webApp("renamed", { credentials: { client_id: appId, client_secret: "" } });
  expect((await lab.api("PUT", `/api/v1/apps/${appId}`, body)).status).toBe(200);
  expect((await there()).map(([value]) => value)).toEqual([A, B]);
});

test("a refresh misses what somebody removed or deactivated, and the next update puts it back", async () => {
  const made = await provider();
  const first = stateOf((await made.create(inputs(["initial", A]))).outs);
  const two = await update(first, inputs(["2026-11-23", B], ["initial", A]));
  const path = `/api/v1/apps/${appId}/credentials/secrets/${two.held["2026-11-23"] ?? ""}`;
  await lab.api("POST", `${path}/lifecycle/deactivate`);
  const read = stateOf((await made.read?.("id", two))?.props);
  expect(read.secrets.map(({ start }) => start)).toEqual(["initial"]);
  const news = inputs(["2026-11-23", B], ["initial", A]);
  expect(await made.diff?.("id", read, news)).toEqual({ changes: true, replaces: [] });
  await update(read, news);
  expect(await there()).toEqual([
    [A, "ACTIVE"],
    [B, "ACTIVE"],
  ]);
  expect(await made.read?.("id", { ...two, appId: "0oa-gone" })).toEqual({});
});

test("another app is another resource; the same secrets are no change", async () => {
  const made = await provider();
  const olds: ClientSecretsState = { ...inputs(["initial", A]), held: {} };
  expect(await made.diff?.("id", olds, inputs(["initial", A]))).toEqual({ changes: false, replaces: [] });
  expect(await made.diff?.("id", olds, { ...inputs(["initial", A]), appId: "other" })).toEqual({ changes: true, replaces: ["appId"] });
  const checked = await made.check?.(olds, inputs(["initial", A], ["2026-11-23", A]));
  expect(checked?.failures?.map(({ reason }) => reason)).toEqual(["secrets: expected one or two that differ, got more, or one twice"]);
});

test("deleted with an app that stays, it takes the old secret and leaves the one in use", async () => {
  const made = await provider();
  const first = stateOf((await made.create(inputs(["initial", A]))).outs);
  const two = await update(first, inputs(["2026-11-23", B], ["initial", A]));
  await made.delete?.("id", two);
  expect(await there()).toEqual([[B, "ACTIVE"]]);
  await made.delete?.("id", { ...two, appId: "0oa-gone" });
});

test("a missing right is named, and no error holds a secret", async () => {
  const token = lab.lab.issueAccessToken(["okta.apps.read"]);
  const reader = await provider({ "okta:accessToken": token });
  const failure = reader.create(inputs(["2026-11-23", C], ["initial", A]));
  await expect(failure).rejects.toThrow(
    /got 403: E0000006: .* Fix: the account that deploys must manage apps: the scope okta\.apps\.manage/,
  );
  const words = await failure.then(
    () => "",
    (error: unknown) => String(error),
  );
  expect([A, C, token].filter((secret) => words.includes(secret))).toEqual([]);
  await expect((await provider({})).create(inputs(["initial", A]))).rejects.toThrow(
    "okta: expected one of okta:apiToken, okta:accessToken and okta:privateKey",
  );
});

test("Okta's patience is waited for", async () => {
  lab.lab.faults.add({ method: "GET", path: /credentials\/secrets$/, times: 1, kind: "rate-limit", seconds: 1 });
  expect(stateOf((await (await provider()).create(inputs(["initial", A]))).outs).secrets).toHaveLength(1);
});

test("the component's own provider says which organisation and who asks it, not the stack's configuration", async () => {
  const made = await provider({ "okta:httpProxy": "http://127.0.0.1:1", "okta:apiToken": "another" });
  const organisation = { httpProxy: lab.lab.managementUrl, apiToken: testApiToken };
  const inputs = { appId, secrets: [{ start: "initial", value: A }], organisation };
  expect(Object.keys(stateOf((await made.create(inputs)).outs).held)).toEqual(["initial"]);
});
