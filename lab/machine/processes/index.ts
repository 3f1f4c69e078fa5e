/** Child processes of the lab: started with a log file and a record, watched until ready, ended in reverse order. */
export { createProcesses } from "./supervisor";
export type { Processes, ProcessSpec, RunningProcess } from "./supervisor";
export { down, signalGroup } from "./stop";
export type { StopOutcome } from "./stop";
export { startTimeOf, stillRuns } from "./identity";
export { readRecords } from "./records";
export type { ProcessRecord } from "./records";
export { run } from "./run";
export type { RunOptions, RunResult } from "./run";
export { freePorts, httpsStatus, PortTakenError } from "./network";
