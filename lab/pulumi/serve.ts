// The start-up protocol that every Pulumi plugin shares, language host and providers alike:
// the first line on stdout is the port of a gRPC server on loopback, and everything else is words on stderr.
import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";

/** How long after the engine has gone a plugin may live, in milliseconds. */
const orphanCheckInterval = 1_000;

/** The gRPC messages carry whole charts and states; Pulumi's own limit is 400 MiB (sdk/go/common/util/rpcutil). */
const maxMessageBytes = 400 * 1024 * 1024;

/**
 * Serves one plugin and announces its port.
 *
 * @param name the executable's name, for the line that says that this is a stand-in
 * @param register adds the plugin's services to the server
 */
export async function servePlugin(name: string, register: (server: grpc.Server) => void): Promise<void> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  register(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  process.stderr.write(`${name}: a stand-in from Gatehouse's lab, not the official plugin (none was found on PATH)\n`);
  process.stdout.write(`${port}\n`);
  exitWithParent();
}

/** An engine that was killed cannot stop its plugins, so each watches for being handed to another parent. */
function exitWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) {
      process.exit(0);
    }
  }, orphanCheckInterval).unref();
}

/** Adapts an async handler to a unary gRPC method. A thrown `StatusError` keeps its code; anything else is UNKNOWN. */
export function unary<Request, Response>(
  handler: (request: Request, call: grpc.ServerUnaryCall<Request, Response>) => Promise<Response> | Response,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => handler(call.request, call))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
  };
}

/** The answer to GetPluginInfo. */
export function pluginInfo(version: string): PluginInfo {
  const info = new PluginInfo();
  info.setVersion(version);
  return info;
}

/** An error with a gRPC status code that the engine distinguishes (for example UNIMPLEMENTED). */
export class StatusError extends Error {
  constructor(
    readonly code: grpc.status,
    message: string,
    /** Trailing metadata, for a status with details. */
    readonly metadata?: grpc.Metadata,
  ) {
    super(message);
  }
}

/** The error message is what the engine shows, so no stack trace; set GATEHOUSE_PLUGIN_DEBUG to see one on stderr. */
function toServiceError(error: unknown): Partial<grpc.ServiceError> {
  if (process.env.GATEHOUSE_PLUGIN_DEBUG && error instanceof Error) {
    process.stderr.write(`${error.stack}\n`);
  }
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof StatusError) {
    return { code: error.code, message, details: message, metadata: error.metadata };
  }
  return { code: grpc.status.UNKNOWN, message, details: message };
}
