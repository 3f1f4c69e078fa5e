// The vendors' side of the recordings: the lab's emulated organisation and tenant, with the people and groups of a stack.
import { azuread } from "../../../pulumi/azuread/table";
import { okta } from "../../../pulumi/okta/table";
import type { Provider } from "../../../pulumi/provider/provider";
import { tableProvider } from "../../../pulumi/provider/table";
import { scenarioOf } from "../../../story/scenarios";
import { testApiToken, startTestLab } from "../../vendors/okta/harness";
import { caller, openBench, tenant } from "../../vendors/entra/support";

export interface RecordedVendor {
  readonly provider: Provider;
  end(): Promise<void>;
}

export async function openOkta(stack: string): Promise<RecordedVendor> {
  const { people } = scenarioOf(stack);
  const started = await startTestLab(
    people.map(({ login, firstName, lastName }) => ({ login, firstName, lastName, password: "a-password" })),
  );
  for (const name of new Set(people.flatMap(({ existingGroups = [] }) => existingGroups))) {
    const group = await started.api("POST", "/api/v1/groups", { profile: { name, description: "" } });
    for (const { login } of people.filter(({ existingGroups }) => existingGroups?.includes(name))) {
      const user = await started.api("GET", `/api/v1/users/${login}`);
      await started.api("PUT", `/api/v1/groups/${idOf(group.json)}/users/${idOf(user.json)}`);
    }
  }
  const provider = tableProvider(okta);
  await provider.configure({ apiToken: testApiToken, httpProxy: started.lab.managementUrl, orgName: "lab", baseUrl: "okta.com" });
  return { provider, end: () => started.end() };
}

export async function openEntra(stack: string): Promise<RecordedVendor> {
  const { people } = scenarioOf(stack);
  const bench = await openBench({
    people: people.map(({ login, firstName, lastName, existingGroups }) => ({
      login,
      firstName,
      lastName,
      groups: existingGroups,
      displayName: `${firstName} ${lastName}`,
      password: "a-password",
      otp: "123456",
    })),
    groups: [...new Set(people.flatMap(({ existingGroups = [] }) => existingGroups))].map((displayName) => ({ displayName })),
  });
  vi.stubEnv("SSL_CERT_FILE", bench.caFile);
  const provider = tableProvider(azuread);
  await provider.configure({
    clientId: caller.clientId,
    clientSecret: caller.clientSecret,
    tenantId: tenant,
    metadataHost: bench.lab.metadataHost,
  });
  const end = (): Promise<void> => {
    vi.unstubAllEnvs();
    return bench.close();
  };
  return { provider, end };
}

function idOf(json: unknown): string {
  const { id } = json as { id?: string };
  if (id === undefined) {
    throw new Error("expected an object with an id");
  }
  return id;
}
