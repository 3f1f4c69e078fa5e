// Asks a stand-in what the engine asked the official plugin, and says where the two answers differ.
import type { Provider, ResourceName } from "../../../pulumi/provider/provider";
import type { Properties } from "../../../pulumi/provider/values";
import { differenceDeviations, deviations, type Strictness } from "./compare";
import { decoded, type Message } from "./conversation";

/** Puts identifiers of this run into a recorded answer, once it knows which ones the given answer has in their place. */
export type Translate = (recorded: unknown, given: Properties) => unknown;

function named({ urn = "", type = "", name = "" }: Message["request"]): ResourceName {
  return { urn, type, name };
}

/** Where the stand-in's answer differs from the recorded one. */
export async function replay(provider: Provider, message: Message, translate: Translate = (recorded) => recorded): Promise<string[]> {
  try {
    return await answerDeviations(provider, message, translate);
  } catch (error) {
    return message.error === undefined ? [`error: ${error instanceof Error ? error.message : String(error)}`] : [];
  }
}

async function answerDeviations(
  provider: Provider,
  { plugin, method, request, response = {} }: Message,
  translate: Translate,
): Promise<string[]> {
  const resource = named(request);
  const bridged = plugin !== "kubernetes";
  const compare = (
    part: string,
    recorded: unknown,
    given: Properties,
    strictness: Strictness = bridged ? "any order" : "exact",
  ): string[] => deviations(decoded(translate(recorded ?? {}, given)), given, strictness).map((each) => `${part}.${each}`);
  const compareState = (recorded: unknown, given: Properties): string[] =>
    compare("state", recorded, given, bridged ? "empty is none" : "exact");
  const [olds, news, oldInputs, properties] = [request.olds, request.news, request.oldInputs, request.properties].map(decoded) as [
    Properties,
    Properties,
    Properties,
    Properties,
  ];
  const [id, preview] = [request.id ?? "", request.preview ?? false];
  switch (method) {
    case "Check": {
      const { inputs, failures } = await provider.check(resource, olds, news);
      const failed = failures.length > 0 !== (response.failures ?? []).length > 0 ? ["failures: other"] : [];
      return [...failed, ...compare("inputs", response.inputs, inputs)];
    }
    case "Diff":
      return differenceDeviations(response, await provider.diff(resource, id, oldInputs, olds, news, request.ignoreChanges));
    case "Create": {
      const made = await provider.create(resource, properties, preview, 0);
      return [...compare("answer", { id: response.id ?? "" }, { id: made.id }), ...compareState(response.properties, made.state)];
    }
    case "Read": {
      const found = await provider.read(resource, id, decoded(request.inputs), properties);
      const given: Properties = found === undefined ? {} : { id: found.id, inputs: found.inputs };
      return [
        ...compare("answer", { id: response.id || null, inputs: response.inputs }, given),
        ...compareState(response.properties, found?.state ?? {}),
      ];
    }
    case "Update": {
      const { state } = await provider.update(resource, id, oldInputs, olds, news, preview, 0);
      return compareState(response.properties, state);
    }
    case "Delete":
      await provider.delete(resource, id, oldInputs, properties, 0);
      return [];
    case "Invoke":
      return compare("return", response.return, await provider.invoke(request.tok ?? "", decoded(request.args)), "empty is none");
    default:
      return [];
  }
}

/** The live object before and after an operation, as the official plugin saw it. */
export function recordedStates({ method, request, response = {} }: Message): { before?: Properties; after?: Properties } {
  const present = (wire: unknown): Properties | undefined => {
    const state = decoded(wire);
    return Object.keys(state).length === 0 ? undefined : state;
  };
  switch (method) {
    case "Check":
      return { after: present(response.inputs) };
    case "Update":
      return { before: present(request.olds), after: present(response.properties) };
    case "Delete":
      return { before: present(request.properties) };
    default:
      return { after: response.id === "" && method === "Read" ? undefined : present(response.properties) };
  }
}
