import { z } from "zod";
import { found, shaped, type DirectoryClient } from "../directory";

const clientsSchema = z.array(
  z.looseObject({ id: z.string(), clientId: z.string(), authenticationFlowBindingOverrides: z.record(z.string(), z.string()).nullish() }),
);
type Client = z.infer<typeof clientsSchema>[number];

/** A realm's client by its client id; undefined where it has none of that id. */
export async function clientNamed(client: DirectoryClient, admin: string, clientId: string): Promise<Client | undefined> {
  const query = new URLSearchParams({ clientId });
  const clients = shaped(clientsSchema, found(await client.get(`${admin}/clients?${query.toString()}`), "clients"), "a list of clients");
  return clients.find((one) => one.clientId === clientId);
}
