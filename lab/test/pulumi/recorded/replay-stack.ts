// Every recorded request of a stack, asked of the stand-ins in the recorded order.
import { kubernetesProvider } from "../../../pulumi/kubernetes/provider";
import { random } from "../../../pulumi/random/table";
import type { Provider } from "../../../pulumi/provider/provider";
import { tableProvider } from "../../../pulumi/provider/table";
import type { Properties } from "../../../pulumi/provider/values";
import { decoded, messagesOf, type Message } from "./conversation";
import { Identifiers } from "./identifiers";
import { recordedCluster } from "./recorded-cluster";
import { recordedStates, replay } from "./replay";
import { openEntra, openOkta } from "./vendors";

/** What the list of known differences names: `okta Read app/oAuth:OAuth: state.x: missing`, and the first place where it was seen. */
export interface Found {
  readonly what: string;
  readonly where: string;
}

export async function replayStack(stack: string): Promise<{ readonly asked: number; readonly found: readonly Found[] }> {
  let current: Message | undefined;
  const cluster = recordedCluster(() => (current ? recordedStates(current) : {}));
  const kubernetes = kubernetesProvider(() => Promise.resolve(cluster));
  await kubernetes.configure({});
  const drawn = tableProvider(random);
  await drawn.configure({});
  const vendor = stack.endsWith("-entra") ? await openEntra(stack) : await openOkta(stack);
  const vendorName = stack.endsWith("-entra") ? "azuread" : "okta";
  const providers: Readonly<Record<string, Provider>> = { kubernetes, random: drawn, [vendorName]: vendor.provider };
  const conversation = new Conversation();
  const found: Found[] = [];
  let asked = 0;
  try {
    for (const message of messagesOf(stack)) {
      const provider = providers[message.plugin];
      if (provider === undefined || !methods.includes(message.method)) {
        continue;
      }
      asked++;
      current = message;
      const differences = await (provider === vendor.provider ? conversation.ask(provider, message) : replay(provider, message));
      const preview = message.request.preview === true ? " in a preview" : "";
      const of = (message.request.type ?? message.request.tok ?? "").split(":").slice(1).join(":");
      const where = `${stack}/${message.step} ${message.request.name ?? ""}`;
      found.push(...differences.map((each) => ({ what: `${message.plugin} ${message.method}${preview} ${of}: ${each}`, where })));
    }
  } finally {
    await vendor.end();
  }
  return { asked, found };
}

const methods = ["Check", "Diff", "Create", "Read", "Update", "Delete", "Invoke"];

/** A vendor makes up identifiers: what stands in this run where a recorded one stood is known from the answers so far. */
class Conversation {
  private readonly identifiers = new Identifiers();
  /** The last answer about each resource, by its URN. */
  private readonly known = new Map<string, Properties>();

  ask(provider: Provider, message: Message): Promise<string[]> {
    const { urn = "", id = "", properties } = message.request;
    // Each step was recorded on a fresh organisation.
    this.identifiers.learn({ id, ...decoded(properties) }, this.known.get(urn));
    const asked = { ...message, request: this.identifiers.request(message.request) };
    return replay(provider, asked, (recorded, given) => {
      this.identifiers.learn(decoded(recorded), given);
      if (message.method === "Create" || message.method === "Read") {
        this.known.set(urn, { ...this.known.get(urn), ...given });
      }
      return this.identifiers.answer(recorded);
    });
  }
}
