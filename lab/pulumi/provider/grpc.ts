// Pulumi's ResourceProvider service over a `Provider`.
import * as grpc from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as providerPb from "@pulumi/pulumi/proto/provider_pb";
import { ResourceProviderService, type IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { pluginInfo, servePlugin, StatusError, unary } from "../serve";
import type { ChangeKind, Difference } from "./diff";
import { PartialFailure, type Provider, type ResourceName, type ResourceState } from "./provider";
import type { CheckFailure } from "./schema";
import { decodeProperties, encodeProperties, type Properties } from "./values";

/** Serves a provider as the plugin `pulumi-resource-<name>`; ends the process with status 1 if that fails. */
export function serveProvider(name: string, provider: Provider): void {
  const executable = `pulumi-resource-${name}`;
  servePlugin(executable, (server) => server.addService(ResourceProviderService, resourceProvider(name, provider))).catch(
    (error: unknown) => {
      process.stderr.write(`${executable}: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
}

/** The service's methods. Those for components, lists and code generation answer UNIMPLEMENTED. */
function resourceProvider(name: string, provider: Provider): IResourceProviderServer {
  return {
    ...aboutPlugin(name, provider.version),
    ...configuration(provider),
    ...plans(provider),
    ...operations(provider),
    cancel: unary(() => {
      provider.cancel?.();
      return new Empty();
    }),
    attach: unary(() => new Empty()),
    getMapping: unary(() => new providerPb.GetMappingResponse()),
    getMappings: unary(() => new providerPb.GetMappingsResponse()),
    parameterize: unimplemented(name, "Parameterize"),
    call: unimplemented(name, "Call"),
    construct: unimplemented(name, "Construct"),
    list: (call) => {
      call.emit("error", { code: grpc.status.UNIMPLEMENTED, details: `${name}: List is not implemented by the lab's stand-in` });
    },
  };
}

function aboutPlugin(name: string, version: string): Pick<IResourceProviderServer, "handshake" | "getPluginInfo" | "getSchema"> {
  return {
    // Secrets, resource references and output values are not accepted, so the engine sends plain values: see encodeProperties.
    handshake: unary(() => new providerPb.ProviderHandshakeResponse()),
    getPluginInfo: unary(() => pluginInfo(version)),
    getSchema: unary(() => {
      const response = new providerPb.GetSchemaResponse();
      response.setSchema(JSON.stringify({ name, version }));
      return response;
    }),
  };
}

function configuration(provider: Provider): Pick<IResourceProviderServer, "checkConfig" | "diffConfig" | "configure"> {
  return {
    checkConfig: unary((request: providerPb.CheckRequest) => {
      const news = request.getNews()?.toJavaScript() ?? {};
      return checkResponse(news, provider.checkConfig(decodeProperties(news)));
    }),
    // The engine compares a provider's own configuration itself.
    diffConfig: unary(() => new providerPb.DiffResponse()),
    configure: unary(async (request: providerPb.ConfigureRequest) => {
      await provider.configure(decodeProperties(request.getArgs()?.toJavaScript()));
      const response = new providerPb.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),
  };
}

/** What the engine asks before it changes anything. */
function plans(provider: Provider): Pick<IResourceProviderServer, "check" | "diff" | "invoke"> {
  return {
    check: unary(async (request: providerPb.CheckRequest) => {
      const checked = await provider.check(named(request), properties(request.getOlds()), properties(request.getNews()));
      return checkResponse(encodeProperties(checked.inputs, checked.secrets), checked.failures);
    }),
    diff: unary(async (request: providerPb.DiffRequest) =>
      diffResponse(
        await provider.diff(
          named(request),
          request.getId(),
          properties(request.getOldInputs()),
          properties(request.getOlds()),
          properties(request.getNews()),
          request.getIgnorechangesList(),
        ),
      ),
    ),
    invoke: unary(async (request: providerPb.InvokeRequest) => {
      const response = new providerPb.InvokeResponse();
      const result = await provider.invoke(request.getTok(), properties(request.getArgs()));
      response.setReturn(Struct.fromJavaScript(encodeProperties(result)));
      return response;
    }),
  };
}

function operations(provider: Provider): Pick<IResourceProviderServer, "create" | "read" | "update" | "delete"> {
  return {
    create: partial(async (request: providerPb.CreateRequest) => {
      const created = await provider.create(
        named(request),
        properties(request.getProperties()),
        request.getPreview(),
        request.getTimeout(),
      );
      const response = new providerPb.CreateResponse();
      response.setId(created.id);
      response.setProperties(encodeState(created));
      return response;
    }),
    read: partial(async (request: providerPb.ReadRequest) => {
      const found = await provider.read(
        named(request),
        request.getId(),
        properties(request.getInputs()),
        properties(request.getProperties()),
      );
      const response = new providerPb.ReadResponse();
      if (!found) {
        return response;
      }
      response.setId(found.id);
      response.setProperties(encodeState(found));
      response.setInputs(Struct.fromJavaScript(encodeProperties(found.inputs)));
      return response;
    }),
    update: partial(async (request: providerPb.UpdateRequest) => {
      const updated = await provider.update(
        named(request),
        request.getId(),
        properties(request.getOldInputs()),
        properties(request.getOlds()),
        properties(request.getNews()),
        request.getPreview(),
        request.getTimeout(),
        request.getIgnorechangesList(),
      );
      const response = new providerPb.UpdateResponse();
      response.setProperties(encodeState(updated));
      return response;
    }),
    delete: unary(async (request: providerPb.DeleteRequest) => {
      const oldInputs = properties(request.getOldInputs());
      await provider.delete(named(request), request.getId(), oldInputs, properties(request.getProperties()), request.getTimeout());
      return new Empty();
    }),
  };
}

function unimplemented<Request, Response>(name: string, method: string): grpc.handleUnaryCall<Request, Response> {
  return unary(() => {
    throw new StatusError(grpc.status.UNIMPLEMENTED, `${name}: ${method} is not implemented by the lab's stand-in`);
  });
}

function properties(struct: Struct | undefined): Properties {
  return decodeProperties(struct?.toJavaScript());
}

function encodeState(resource: ResourceState): Struct {
  return Struct.fromJavaScript(encodeProperties(resource.state, resource.secrets));
}

/** Splits `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`; the name may itself contain `::`. */
function named(request: { getUrn(): string }): ResourceName {
  const urn = request.getUrn();
  const [, , types = "", ...name] = urn.split("::");
  return { urn, type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}

function checkResponse(inputs: Parameters<typeof Struct.fromJavaScript>[0], failures: readonly CheckFailure[]): providerPb.CheckResponse {
  const response = new providerPb.CheckResponse();
  response.setInputs(Struct.fromJavaScript(inputs));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new providerPb.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

const kinds: Record<ChangeKind, providerPb.PropertyDiff.Kind> = {
  add: providerPb.PropertyDiff.Kind.ADD,
  "add-replace": providerPb.PropertyDiff.Kind.ADD_REPLACE,
  delete: providerPb.PropertyDiff.Kind.DELETE,
  "delete-replace": providerPb.PropertyDiff.Kind.DELETE_REPLACE,
  update: providerPb.PropertyDiff.Kind.UPDATE,
  "update-replace": providerPb.PropertyDiff.Kind.UPDATE_REPLACE,
};

function diffResponse({ detailed, replaces, deleteBeforeReplace }: Difference): providerPb.DiffResponse {
  const response = new providerPb.DiffResponse();
  const paths = Object.keys(detailed).sort();
  const { DIFF_NONE, DIFF_SOME } = providerPb.DiffResponse.DiffChanges;
  response.setChanges(paths.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList([...replaces]);
  response.setDeletebeforereplace(deleteBeforeReplace);
  response.setDiffsList([...new Set(paths.map((path) => path.split(/[.[]/)[0] ?? path))]);
  response.setHasdetaileddiff(paths.length > 0);
  for (const path of paths) {
    const kind = detailed[path];
    if (!kind) {
      continue;
    }
    const change = new providerPb.PropertyDiff();
    change.setKind(kinds[kind]);
    response.getDetaileddiffMap().set(path, change);
  }
  return response;
}

/** Like `unary`; a `PartialFailure` travels as the error detail ErrorResourceInitFailed (pulumi/pulumi provider.proto). */
function partial<Request, Response>(handler: (request: Request) => Promise<Response>): grpc.handleUnaryCall<Request, Response> {
  return unary(async (request) => {
    try {
      return await handler(request);
    } catch (error) {
      if (!(error instanceof PartialFailure)) {
        throw error;
      }
      const failed = new providerPb.ErrorResourceInitFailed();
      failed.setId(error.resource.id);
      failed.setProperties(encodeState(error.resource));
      failed.setInputs(Struct.fromJavaScript(encodeProperties(error.inputs)));
      failed.setReasonsList([error.message]);
      const detail = new Any();
      detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
      const status = new Status();
      status.setCode(grpc.status.UNKNOWN);
      status.setMessage(error.message);
      status.setDetailsList([detail]);
      const metadata = new grpc.Metadata();
      metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
      throw new StatusError(grpc.status.UNKNOWN, error.message, metadata);
    }
  });
}
