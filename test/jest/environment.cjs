const { TestEnvironment } = require("jest-environment-node");

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    // Each test file loads modules of its own. Two that @pulumi/pulumi brings, hold no state, and cost half a second a file are the worker's.
    this.global.moduleOfWorker = (name) => require(name);
    // Jest maps each frame to the sources, of a hundred by default.
    this.global.Error.stackTraceLimit = 15;
    this.global.Error.prepareStackTrace = prepareStackTrace;
  }
};

/** @pulumi/pulumi takes a stack for each promise, for PULUMI_DEBUG_PROMISE_LEAKS alone: tests of programs take two thirds of the time without. */
function prepareStackTrace(error, frames) {
  if (frames[0]?.getFunctionName() === "debuggablePromise" && !process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
    return String(error);
  }
  return Error.prepareStackTrace?.(error, frames) ?? [String(error), ...frames].join("\n    at ");
}
