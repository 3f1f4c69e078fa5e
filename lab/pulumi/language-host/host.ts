// Pulumi's LanguageRuntime service for Node.js: runs programs, policy packs and component providers.
import { spawn, type ChildProcess } from "node:child_process";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import * as languagePb from "@pulumi/pulumi/proto/language_pb";
import * as pluginPb from "@pulumi/pulumi/proto/plugin_pb";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import { pluginInfo, unary, StatusError } from "../serve";
import { parseRuntimeOptions, programArguments, programEnvironment, runOutcome, type ProgramRun, type RuntimeOptions } from "./arguments";
import { programDependencies, requiredPlugins, resolveModule, type RequiredPlugin } from "./dependencies";

/** Says where the state of the running host is kept: the engine's address and the processes to end with the host. */
interface HostState {
  engineAddress: string;
  readonly children: Set<ChildProcess>;
}

/**
 * Builds the service.
 *
 * @param engineAddress the engine's gRPC address, from the command line (an engine may also send it with Handshake)
 * @param version what GetPluginInfo answers
 */
export function languageRuntime(engineAddress: string, version: string): ILanguageRuntimeServer {
  const state: HostState = { engineAddress, children: new Set() };
  process.on("exit", () => endChildren(state));
  return {
    handshake: unary((request: languagePb.LanguageHandshakeRequest) => {
      state.engineAddress = request.getEngineAddress() || state.engineAddress;
      return new languagePb.LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => pluginInfo(version)),
    ...dependencies,
    about: unary(() => {
      const response = new languagePb.AboutResponse();
      response.setExecutable(process.execPath);
      response.setVersion(process.version);
      return response;
    }),
    // The official host asks which package manager to use; this one has only npm, so there is nothing to ask.
    runtimeOptionsPrompts: unary(() => new languagePb.RuntimeOptionsResponse()),
    run: unary((request: languagePb.RunRequest, call) => runProgram(request, call, state)),
    runPlugin: (call) => runPlugin(call, state),
    installDependencies: (call) => installDependencies(call, state),
    cancel: unary(() => {
      endChildren(state);
      return new Empty();
    }),
    template: unary(() => new languagePb.TemplateResponse()),
    generateProgram: unimplemented("GenerateProgram"),
    generateProject: unimplemented("GenerateProject"),
    generatePackage: unimplemented("GeneratePackage"),
    pack: unimplemented("Pack"),
    link: unimplemented("Link"),
  };
}

/** What a program needs beside itself. */
const dependencies: Pick<ILanguageRuntimeServer, "getRequiredPackages" | "getRequiredPlugins" | "getProgramDependencies"> = {
  getRequiredPackages: unary((request: languagePb.GetRequiredPackagesRequest) => {
    const response = new languagePb.GetRequiredPackagesResponse();
    const plugins = requiredPlugins(programDirectory(request.getInfo()));
    response.setPackagesList(plugins.map((plugin) => described(new pluginPb.PackageDependency(), plugin)));
    return response;
  }),
  getRequiredPlugins: unary((request: languagePb.GetRequiredPluginsRequest) => {
    const response = new languagePb.GetRequiredPluginsResponse();
    const plugins = requiredPlugins(programDirectory(request.getInfo(), request.getPwd()));
    response.setPluginsList(plugins.map((plugin) => described(new pluginPb.PluginDependency(), plugin)));
    return response;
  }),
  getProgramDependencies: unary((request: languagePb.GetProgramDependenciesRequest) => {
    const response = new languagePb.GetProgramDependenciesResponse();
    const directory = programDirectory(request.getInfo(), request.getPwd());
    response.setDependenciesList(
      programDependencies(directory, request.getTransitivedependencies()).map(({ name, version }) => {
        const dependency = new languagePb.DependencyInfo();
        dependency.setName(name);
        dependency.setVersion(version);
        return dependency;
      }),
    );
    return response;
  }),
};

function described<T extends pluginPb.PackageDependency | pluginPb.PluginDependency>(dependency: T, plugin: RequiredPlugin): T {
  dependency.setName(plugin.name);
  dependency.setKind("resource");
  dependency.setVersion(plugin.version);
  dependency.setServer(plugin.server ?? "");
  return dependency;
}

function unimplemented<Request, Response>(method: string): grpc.handleUnaryCall<Request, Response> {
  return unary(() => {
    throw new StatusError(grpc.status.UNIMPLEMENTED, `${method}: this language host only runs programs; use Pulumi's own to generate code`);
  });
}

function programDirectory(info: languagePb.ProgramInfo | undefined, otherwise = process.cwd()): string {
  return info?.getProgramDirectory() || otherwise;
}

function runtimeOptions(info: languagePb.ProgramInfo | undefined): RuntimeOptions {
  const options = info?.getOptions()?.toJavaScript() ?? {};
  return parseRuntimeOptions(options, info?.getRootDirectory() || programDirectory(info));
}

async function runProgram(
  request: languagePb.RunRequest,
  call: grpc.ServerUnaryCall<languagePb.RunRequest, languagePb.RunResponse>,
  state: HostState,
): Promise<languagePb.RunResponse> {
  const info = request.getInfo();
  const options = runtimeOptions(info);
  const run: ProgramRun = {
    monitorAddress: request.getMonitorAddress(),
    engineAddress: state.engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    rootDirectory: info?.getRootDirectory() ?? "",
    workingDirectory: request.getPwd(),
    dryRun: request.getDryrun(),
    parallel: request.getParallel(),
    queryMode: request.getQuerymode(),
    entryPoint: info?.getEntryPoint() || request.getProgram(),
    programArguments: request.getArgsList(),
    config: Object.fromEntries(request.getConfigMap().toArray()),
    configSecretKeys: request.getConfigsecretkeysList(),
  };
  const runner = resolveModule("@pulumi/pulumi/cmd/run", programDirectory(info, run.workingDirectory));
  const child = spawn(process.execPath, [...process.execArgv, ...programArguments(runner, run, options)], {
    cwd: run.workingDirectory || undefined,
    env: { ...process.env, ...programEnvironment(run, options) },
    // The program's words are the user's: the engine shows what it reads from this host's own stdout and stderr.
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = follow(child, state);
  call.on("cancelled", () => child.kill("SIGTERM"));
  const { status, signal } = await ended;
  const outcome = runOutcome(status, signal);
  const response = new languagePb.RunResponse();
  response.setError(outcome.error);
  response.setBail(outcome.bail);
  return response;
}

/** A policy pack (kind `analyzer`) or a provider written in TypeScript (kind `resource`), which is again a plugin with a port. */
function runPlugin(call: grpc.ServerWritableStream<languagePb.RunPluginRequest, languagePb.RunPluginResponse>, state: HostState): void {
  const request = call.request;
  streamProcess(
    call,
    state,
    () => {
      const info = request.getInfo();
      const directory = programDirectory(info, request.getProgram());
      const options = runtimeOptions(info);
      const isPolicyPack = request.getKind() === "analyzer";
      const runnerName = isPolicyPack ? "@pulumi/pulumi/cmd/run-policy-pack" : "@pulumi/pulumi/cmd/run-plugin";
      // run-policy-pack wants the engine's address before the program, and a pack reads the package.json of its working
      // directory (@pulumi/policy policy.js); run-plugin wants the program first.
      const programAndArguments = isPolicyPack ? [...request.getArgsList(), "."] : [directory, ...request.getArgsList()];
      const environment = Object.fromEntries(request.getEnvList().map(splitVariable));
      const runner = resolveModule(runnerName, directory);
      return spawn(process.execPath, [...process.execArgv, ...options.nodeargs, runner, ...programAndArguments], {
        cwd: isPolicyPack ? directory : request.getPwd() || directory,
        env: { ...process.env, ...environment },
        stdio: ["ignore", "pipe", "pipe"],
      });
    },
    {
      stdout: (chunk) => pluginOutput((response) => response.setStdout(chunk)),
      stderr: (chunk) => pluginOutput((response) => response.setStderr(chunk)),
      exit: (status) => pluginOutput((response) => response.setExitcode(status)),
    },
  );
}

function pluginOutput(fill: (response: languagePb.RunPluginResponse) => void): languagePb.RunPluginResponse {
  const response = new languagePb.RunPluginResponse();
  fill(response);
  return response;
}

function installDependencies(
  call: grpc.ServerWritableStream<languagePb.InstallDependenciesRequest, languagePb.InstallDependenciesResponse>,
  state: HostState,
): void {
  const output = (fill: (response: languagePb.InstallDependenciesResponse) => void) => {
    const response = new languagePb.InstallDependenciesResponse();
    fill(response);
    return response;
  };
  streamProcess(
    call,
    state,
    () => spawn("npm", ["install", "--loglevel=error"], { cwd: call.request.getDirectory(), stdio: ["ignore", "pipe", "pipe"] }),
    {
      stdout: (chunk) => output((response) => response.setStdout(chunk)),
      stderr: (chunk) => output((response) => response.setStderr(chunk)),
    },
    "npm install",
  );
}

/** Streams a process's output as messages. Without an `exit` message, a non-zero status is the call's error. */
function streamProcess<Request, Response>(
  call: grpc.ServerWritableStream<Request, Response>,
  state: HostState,
  start: () => ChildProcess,
  messages: { stdout: (chunk: Buffer) => Response; stderr: (chunk: Buffer) => Response; exit?: (status: number) => Response },
  what = "the program",
): void {
  const run = async (): Promise<void> => {
    const child = start();
    child.stdout?.on("data", (chunk: Buffer) => call.write(messages.stdout(chunk)));
    child.stderr?.on("data", (chunk: Buffer) => call.write(messages.stderr(chunk)));
    call.on("cancelled", () => child.kill("SIGTERM"));
    const { status, signal } = await follow(child, state);
    if (messages.exit) {
      call.write(messages.exit(status ?? 1));
    } else if (status !== 0) {
      throw new Error(`${what} failed with ${signal ? `signal ${signal}` : `exit status ${status}`}`);
    }
    call.end();
  };
  run().catch((error: unknown) => {
    call.emit("error", { code: grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
  });
}

function follow(child: ChildProcess, state: HostState): Promise<{ status: number | null; signal: NodeJS.Signals | null }> {
  state.children.add(child);
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      state.children.delete(child);
      reject(error);
    });
    // "close" and not "exit": output that is still in a pipe belongs to the run.
    child.once("close", (status, signal) => {
      state.children.delete(child);
      resolve({ status, signal });
    });
  });
}

function endChildren(state: HostState): void {
  for (const child of state.children) {
    child.kill("SIGTERM");
  }
}

function splitVariable(variable: string): [string, string] {
  const at = variable.indexOf("=");
  return at < 0 ? [variable, ""] : [variable.slice(0, at), variable.slice(at + 1)];
}
