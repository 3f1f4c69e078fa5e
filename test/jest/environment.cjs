// Each test file loads modules of its own. Two that @pulumi/pulumi brings, hold no state, and cost half a second a file are the worker's.
const { TestEnvironment } = require("jest-environment-node");

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    this.global.moduleOfWorker = (name) => require(name);
  }
};
